"""Going on elsewhere with what was said: after signing in, or on another channel by a code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.clock import now
from bot.errors import Conflict
from bot.joining import join, proof_of, tell, vouched_for, written
from bot.messages import CustomerClaim, InboundMessage, Limit
from bot.one_time_code import LASTS, code_in, hash_of, new_code
from bot.privacy.consent import may_keep
from bot.records import Message, OneTimeCode
from bot.sender_limit import sender_key
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.thread import identified

ATTEMPTS = Limit(messages_a_second=5 / LASTS.total_seconds(), burst=5)
GOES_ON = "We go on here: I know what we have said so far."
WRONG = (
    "That code is not right, or it is older than ten minutes. Please get a new one where you were "
    "shown it."
)
TOO_OFTEN = "Those were too many codes. Please wait ten minutes, and then get a new one."
ANOTHERS = "That code is another customer's, so I cannot go on with that conversation here."


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A message that is nothing but a code; `too_often`: it is not to be tried."""

    code: str
    too_often: bool


async def make_code(services: Services, channel: str, address: str) -> tuple[str, datetime]:
    """A code that lets its bearer go on with this visitor's conversation, and when it ends. It
    replaces an earlier one. Raises Conflict when there is no conversation yet."""
    code, at = new_code(), now()
    async with services.database.write() as uow:
        identity = await uow.customers.identity(channel, address)
        if identity is None or await uow.conversations.of_customer(identity.customer_id) is None:
            raise Conflict("Say something first: there is nothing to go on with yet.")
        await uow.one_time_codes.replace(
            OneTimeCode(
                code_hash=hash_of(code),
                customer_id=identity.customer_id,
                channel=channel,
                address=address,
                shown_by=None,
                created_at=at,
                expires_at=at + LASTS,
            )
        )
    return code, at + LASTS


async def shown_code(services: Services, inbound: InboundMessage) -> ShownCode | None:
    """The code that the message is, counted as an attempt of its sender; None for other messages,
    which costs them no query."""
    code = code_in(inbound.text) if inbound.kind == "message" and not inbound.attachments else None
    if code is None:
        return None
    sender = sender_key(inbound.channel, inbound.address)
    return ShownCode(code, await services.limits.take(f"code:{sender}", ATTEMPTS) > 0)


async def go_on(
    uow: UnitOfWork, inbound: InboundMessage, shown: ShownCode, *, at: datetime
) -> tuple[str, list[Message]]:
    """Use the code up and join its sender with who was given it: what to answer, and the private
    lines that say so."""
    if shown.too_often:
        return TOO_OFTEN, []
    code = await uow.one_time_codes.use(hash_of(shown.code), at=at)
    given_to = await uow.customers.identity(code.channel, code.address) if code else None
    if given_to is None:
        return WRONG, []
    sender = await identified(uow, inbound.channel, inbound.address, inbound.claim, at=at)
    try:
        lines = await join(
            uow,
            given_to,
            sender,
            proof=proof_of(given_to),
            first=given_to,
            becomes=vouched_for(sender, given_to),
            at=at,
        )
    except Conflict:
        return ANOTHERS, []
    return GOES_ON, lines


async def sign_in(
    services: Services, channel: str, guest: str, address: str, claim: CustomerClaim
) -> None:
    """Let the conversation of a `guest` go on as the customer's at `address`, whom the shop vouches
    for. Without one, or the guest's consent where it is asked for, nothing is written."""
    if not await may_keep(services, channel, guest):
        return
    async with services.database.read() as uow:
        known = await uow.customers.identity(channel, guest)
        if known is None or await uow.conversations.of_customer(known.customer_id) is None:
            return

    async def work(uow: UnitOfWork) -> list[Message]:
        at = now()
        was = await uow.customers.identity(channel, guest)
        signed_in = await identified(uow, channel, address, claim, at=at)
        if was is None or await uow.joins.taken_apart(was.customer_id, signed_in.customer_id):
            return []  # done by another page, or undone by a person
        # Whoever kept the guest's token, on a shared computer, must not read on with it.
        left = replace(was, address=f"signed-in:{was.id}")
        try:
            lines = await join(
                uow, was, signed_in, proof=claim.how, first=None, becomes=left, at=at
            )
        except Conflict:
            return []  # a guest who signed in as somebody else before
        conversation = await uow.conversations.lock_of_address(channel, address)
        if conversation is not None and conversation.address == guest:
            await uow.conversations.answered_at(conversation, channel=channel, address=address)
        return lines

    await tell(services, await written(services.database, work))
