"""Joining customers who proved to be one person, and taking them apart again.

What one of them wrote stays as it is and names who they were then; only identities, and what is
known of the person, become the other's. A join says what it changed, so that it can be undone.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError

from bot.auditing import audit
from bot.clock import new_id
from bot.conversation import Conversation, State
from bot.errors import Conflict
from bot.ownership import publish
from bot.records import Customer, Identity, Join, Message
from bot.services import Services
from bot.store.database import Database, UnitOfWork
from bot.transcript import add_message

log = logging.getLogger(__name__)
T = TypeVar("T")

LEVELS = ("anyone", "known", "verified")
WITH_A_PERSON = (State.WAITING, State.AGENT)
KNOWN_OF_A_PERSON = ("reference", "name", "email")
TRIES = 3


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: the identity that takes part in the proof, whose it is, and where their next
    message would go."""

    identity: Identity
    customer: Customer
    conversation: Conversation | None

    def precedence(self, first: Identity | None) -> tuple[bool, bool, bool, datetime]:
        """The higher one goes on: who is with a person, who has said something, who began it, and
        who wrote last."""
        open_with = self.conversation is not None and self.conversation.state in WITH_A_PERSON
        at = self.conversation.updated_at if self.conversation else self.customer.created_at
        begun = first is not None and first.id == self.identity.id
        return open_with, self.conversation is not None, begun, at


def vouched_for(shown_by: Identity, given_to: Identity) -> Identity:
    """The identity that showed a code, as sure as the one that the code had been given to."""
    if LEVELS.index(shown_by.verification) >= LEVELS.index(given_to.verification):
        return shown_by
    return replace(shown_by, verification=given_to.verification, how=proof_of(given_to))


def proof_of(given_to: Identity) -> str:
    return f"one-time code from {given_to.channel}"


async def join(
    uow: UnitOfWork,
    one: Identity,
    other: Identity,
    *,
    proof: str,
    first: Identity | None,
    becomes: Identity,
    at: datetime,
) -> list[Message]:
    """Make the customers of two identities one; the private lines that say so.

    `first` goes on unless the other is with a person, `becomes` is one of the two as the proof
    changes it. Nothing happens when they are one customer already, except that an address which is
    to be left is left. Raises Conflict, before anything
    is written, for two customers of the shop.
    """
    a, b = await _locked(uow, one, other)
    if a.customer.id == b.customer.id:
        if becomes.address not in (a.identity.address, b.identity.address):
            await uow.customers.update_identity(replace(becomes, customer_id=a.customer.id))
        return []
    if a.customer.reference and b.customer.reference:
        log.warning("join_refused reason=two_references channel=%s", other.channel)
        raise Conflict("These are two customers of the shop.", code="two_customers")
    goes_on, joined = sorted((a, b), key=lambda side: side.precedence(first), reverse=True)
    changed = {each.id: each for each in await uow.customers.identities(joined.customer.id)}
    before = {**changed, **{side.identity.id: side.identity for side in (a, b)}}
    changed[becomes.id] = becomes
    for identity in changed.values():
        await uow.customers.update_identity(replace(identity, customer_id=goes_on.customer.id))
    known = await _move_what_is_known(uow, joined.customer, goes_on.customer)
    record = Join(
        id=new_id(),
        customer_id=goes_on.customer.id,
        joined_id=joined.customer.id,
        proof=proof,
        moved={
            "channel": joined.identity.channel,
            "identities": [_was(before[identity_id]) for identity_id in changed],
            "known": known,
        },
        created_at=at,
    )
    await uow.joins.add(record)
    await audit(
        uow,
        "customers.joined",
        record.id,
        by=None,
        actor="bot",
        at=at,
        details={"channel": joined.identity.channel, "proof": proof},
    )
    log.info("customers_joined join_id=%s channel=%s", record.id, joined.identity.channel)
    return await _say_so(uow, record, goes_on.conversation, joined.conversation, at=at)


async def written(database: Database, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
    """What the work comes to in a transaction, begun again when somebody else wrote the same row
    first."""
    for _ in range(TRIES):
        with suppress(IntegrityError):
            async with database.write() as uow:
                return await work(uow)
    async with database.write() as uow:
        return await work(uow)


async def tell(services: Services, lines: Sequence[Message]) -> None:
    """Let open pages look again, once it is committed."""
    for line in lines:
        await publish(services, line.conversation_id, line)


async def _locked(uow: UnitOfWork, one: Identity, other: Identity) -> tuple[Side, Side]:
    """Both sides as they are, and stay until this transaction has ended.

    Customers are locked first, in the order of their ids, then their conversations: a message on
    its way in holds only the latter.
    """
    customers: dict[str, Customer] = {}
    while True:
        found = await uow.customers.identities_by_id({one.id, other.id})
        wanted = {identity.customer_id for identity in found.values()}
        if wanted <= customers.keys():
            break
        customers.update(await uow.customers.lock(wanted))
    conversations = {
        each: await uow.conversations.lock_of_customer(each) for each in sorted(wanted)
    }

    def side(identity: Identity) -> Side:
        customer_id = identity.customer_id
        return Side(identity, customers[customer_id], conversations[customer_id])

    return side(found[one.id]), side(found[other.id])


async def _move_what_is_known(
    uow: UnitOfWork, joined: Customer, goes_on: Customer
) -> dict[str, Any]:
    """What the shop knows the joined one by becomes the other's, where that lacks it."""
    known: dict[str, Any] = {
        name: getattr(joined, name)
        for name in KNOWN_OF_A_PERSON
        if getattr(joined, name) and not getattr(goes_on, name)
    }
    if "reference" in known:
        await uow.customers.update(
            replace(joined, reference=None)
        )  # it is one customer's at a time
    if known:
        await uow.customers.update(replace(goes_on, **known))
    return known


def _was(identity: Identity) -> dict[str, Any]:
    kept = ("id", "customer_id", "address", "verification", "how")
    return {name: value for name, value in asdict(identity).items() if name in kept}


async def _say_so(
    uow: UnitOfWork,
    join: Join,
    goes_on: Conversation | None,
    joined: Conversation | None,
    *,
    at: datetime,
) -> list[Message]:
    lines = []
    data = {"event": "joined", "join_id": join.id}
    if goes_on is not None:
        text = f"Joined with {join.moved['channel']}: {join.proof}."
        line, _ = await add_message(
            uow, goes_on, author="system", text=text, private=True, data=data, at=at
        )
        lines.append(line)
    if joined is not None and joined.state in WITH_A_PERSON:
        text = f"The customer goes on in another conversation: {join.proof}."
        line, _ = await add_message(
            uow, joined, author="system", text=text, private=True, data=data, at=at
        )
        lines.append(line)
    return lines
