"""Taking two customers apart again who were joined and are not one."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.auditing import audit
from bot.clock import now
from bot.conversation import Conversation
from bot.errors import Conflict, NotFound
from bot.joining import tell, written
from bot.records import Customer, Identity, Join, Message, User
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.transcript import add_message

log = logging.getLogger(__name__)


async def undo(services: Services, join_id: str, user: User) -> None:
    """Give each their own identities again, and what the shop knows them by.

    Raises NotFound, and Conflict when that was done before or a later join has to be undone first.
    """

    async def work(uow: UnitOfWork) -> list[Message]:
        return await _undo(uow, join_id, user, at=now())

    lines = await written(services.database, work)
    log.info("join_undone join_id=%s", join_id)
    await tell(services, lines)


async def _undo(uow: UnitOfWork, join_id: str, user: User, *, at: datetime) -> list[Message]:
    join = await uow.joins.get(join_id)
    if join is None:
        raise NotFound("There is no such join.")
    customers = await uow.customers.lock({join.customer_id, join.joined_id})
    join = await uow.joins.get(join_id) or join  # as it is now that nobody else can undo it
    if join.undone_at is not None:
        raise Conflict("This join was undone already.", code="undone")
    before: dict[str, dict[str, Any]] = {each["id"]: each for each in join.moved["identities"]}
    found = await uow.customers.identities_by_id(before)
    still = {key: each for key, each in found.items() if each.customer_id == join.customer_id}
    if not any(before[key]["customer_id"] == join.joined_id for key in still):
        raise Conflict("They were joined with somebody else since: undo that first.", code="joined")
    conversations = [
        await uow.conversations.lock_of_customer(each)
        for each in sorted((join.customer_id, join.joined_id))
    ]
    for key, identity in still.items():
        await _restore(uow, identity, before[key])
    await _give_back_what_is_known(
        uow, customers[join.customer_id], customers[join.joined_id], join.moved["known"]
    )
    await _answer_who_stays(uow, join, list(still.values()))
    await uow.joins.undo(join.id, by=user.id, at=at)
    await audit(uow, "customers.taken_apart", join.id, by=user.id, at=at)
    return await _say_so(uow, join, user, conversations, at=at)


async def _restore(uow: UnitOfWork, identity: Identity, was: dict[str, Any]) -> None:
    restored = replace(identity, **was)
    if restored.address != identity.address:
        taken = await uow.customers.identity(identity.channel, restored.address)
        if taken is not None:  # whoever has it by now wrote from there since
            restored = replace(restored, address=identity.address)
    await uow.customers.update_identity(restored)


async def _give_back_what_is_known(
    uow: UnitOfWork, goes_on: Customer, joined: Customer, known: dict[str, Any]
) -> None:
    theirs: dict[str, Any] = {
        name: value for name, value in known.items() if getattr(goes_on, name) == value
    }
    if theirs:
        nothing: dict[str, Any] = dict.fromkeys(theirs)
        await uow.customers.update(replace(goes_on, **nothing))
        await uow.customers.update(replace(joined, **theirs))


async def _answer_who_stays(uow: UnitOfWork, join: Join, moved: list[Identity]) -> None:
    """What is said in the conversations of who stays must no longer reach who has left."""
    left = {(each.channel, each.address) for each in moved}
    stay = await uow.customers.identities(join.customer_id)
    places = [(each.channel, each.address) for each in stay]
    left.difference_update(places)
    for conversation in await uow.conversations.newest([join.customer_id]):
        if (conversation.channel, conversation.address) not in left or not places:
            continue
        said = await uow.messages.last_from(conversation.id, places)
        channel, address = (said.channel, said.address or "") if said else places[0]
        await uow.conversations.answered_at(conversation, channel=channel, address=address)


async def _say_so(
    uow: UnitOfWork,
    join: Join,
    user: User,
    conversations: list[Conversation | None],
    *,
    at: datetime,
) -> list[Message]:
    lines = []
    text = f"Taken apart again by {user.name}: {join.moved['channel']}."
    data = {"event": "unjoined", "join_id": join.id}
    for conversation in conversations:
        if conversation is not None:
            line, _ = await add_message(
                uow, conversation, author="system", text=text, private=True, data=data, at=at
            )
            lines.append(line)
    return lines
