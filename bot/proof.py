"""Proving to be who writes from an address on file, by a code that only its owner can read.

Nobody is told whether there is such an address: the answer comes before anything is looked up.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import math
from collections.abc import Mapping
from typing import NamedTuple

from bot.clock import new_id, now
from bot.errors import InvalidInput, NotNow, TooMany
from bot.joining import join, proof_of, tell, vouched_for, written
from bot.messages import Connector, CustomerClaim, Limit, OutboundMessage
from bot.one_time_code import LASTS, MOST_ATTEMPTS, hash_of, new_digits
from bot.records import Message, OneTimeCode
from bot.sender_limit import sender_key
from bot.sending import LONGEST_ANSWER_SECONDS, parts_of
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.thread import identified

log = logging.getLogger(__name__)
CODES = Limit(messages_a_second=3 / LASTS.total_seconds(), burst=3)
LONGEST_WAIT_SECONDS = 30.0
TEXT = (
    "{code} is your code for our chat, for ten minutes. Tell it to nobody; if you did not ask for "
    "it, there is nothing to do."
)


class Place(NamedTuple):
    """Where somebody writes from."""

    channel: str
    address: str


async def count_request(services: Services, visitor: Place) -> None:
    """Raise TooMany when this visitor has asked for codes too often."""
    wait = await services.limits.take(f"proof-by:{sender_key(*visitor)}", CODES)
    if wait > 0:
        raise TooMany(
            "You have asked for several codes. Please wait a few minutes.",
            retry_after=math.ceil(wait),
        )


async def send_code(
    services: Services, connectors: Mapping[str, Connector], visitor: Place, place: Place
) -> None:
    """Send a code to a place if a customer writes from there, other than the visitor themselves.

    Past outbox and transcript, since nobody of the staff may read it. To be started beside what
    answers the visitor: neither the answer nor its time says what became of it.
    """
    connector = connectors.get(place.channel)
    if connector is None or connector.delivery != "push":
        return
    to = sender_key(*place)
    for name, limit in ((f"proof-to:{to}", CODES), (f"codes-to:{to}", services.abuse.codes_a_day)):
        if await services.limits.take(name, limit) > 0:
            return
    try:
        outbound = await _new_code(services, visitor, place)
        if outbound is None:
            return
        wait = await services.limits.take(connector.name, connector.limit)
        if wait > LONGEST_WAIT_SECONDS:
            raise NotNow("limited")
        await asyncio.sleep(wait)
        for part in parts_of(connector, outbound):
            receipt = await asyncio.wait_for(connector.send(part), LONGEST_ANSWER_SECONDS)
    except Exception as error:
        log.warning("code_not_sent channel=%s error=%s", place.channel, type(error).__name__)
    else:
        log.info("code_%s channel=%s", receipt.state, place.channel)


async def confirm(services: Services, visitor: Place, claim: CustomerClaim, code: str) -> None:
    """Join the visitor with whose address the code was sent to. Raises InvalidInput unless it is
    the code; tried MOST_ATTEMPTS times, it no longer is."""

    async def work(uow: UnitOfWork) -> list[Message] | None:
        at = now()
        sent = await uow.one_time_codes.lock_to_be_shown_by(visitor.address, at=at)
        if sent is None or sent.attempts >= MOST_ATTEMPTS:
            return None
        if not hmac.compare_digest(sent.code_hash, hash_of(code, visitor.address)):
            await uow.one_time_codes.count_attempt(sent)
            return None
        await uow.one_time_codes.drop(sent)
        given_to = await uow.customers.identity(sent.channel, sent.address)
        if given_to is None:
            return None
        own = await identified(uow, *visitor, claim, at=at)
        return await join(
            uow,
            own,
            given_to,
            proof=proof_of(given_to),
            first=own,
            becomes=vouched_for(own, given_to),
            at=at,
        )

    lines = await written(services.database, work)
    if lines is None:
        raise InvalidInput("code", "That code is not right, or it is older than ten minutes.")
    await tell(services, lines)


async def _new_code(services: Services, visitor: Place, place: Place) -> OutboundMessage | None:
    """The message with the code, which is written down as a hash; None where none may be sent."""
    if place.channel == visitor.channel:
        return None  # a browser is no address to write to; who has one is signed in there
    code, at = new_digits(), now()
    async with services.database.write() as uow:
        on_file = await uow.customers.identity(*place)
        if on_file is None or await uow.opt_outs.since(*place) is not None:
            return None
        own = await uow.customers.identity(*visitor)
        if own is not None and own.customer_id == on_file.customer_id:
            return None
        await uow.one_time_codes.replace(
            OneTimeCode(
                code_hash=hash_of(code, visitor.address),
                customer_id=on_file.customer_id,
                channel=place.channel,
                address=place.address,
                shown_by=visitor.address,
                created_at=at,
                expires_at=at + LASTS,
            )
        )
        heard_at = await uow.messages.heard_at(on_file.customer_id, *place)
    return OutboundMessage(
        id=new_id(),
        channel=place.channel,
        address=place.address,
        author="system",
        text=TEXT.format(code=code),
        heard_at=heard_at,
    )
