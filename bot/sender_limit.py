"""How fast one customer may write before the bot asks them to slow down.

What comes faster is kept, and an agent sees it; it just has no turn, so that a flood from one
address costs a row each and holds up nobody else. A flood of new addresses costs no more rows than
bot.abuse.limits allows: whoever is over that is told to come again.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from bot.abuse.limits import MADE_UP
from bot.clock import now
from bot.errors import TooMany
from bot.events import line_to_send
from bot.messages import CustomerClaim, InboundMessage, Limit, channel_of
from bot.records import Message
from bot.services import Services
from bot.taken import Taken
from bot.transcript import add_message

PLEASE_WAIT = (
    "You are writing faster than I can answer. I have your messages; please wait a minute, "
    "and then ask once more."
)
COME_AGAIN = "Many people are writing to us right now. Please send it again in a moment."
ONCE_A_MINUTE = Limit(messages_a_second=1 / 60, burst=1)


async def passed_limit(
    services: Services, taken: Taken, inbound: InboundMessage, customer_id: str | None
) -> Mapping[str, Any] | None:
    """Count one message of this sender and this customer; the limit that it is over, as the line
    keeps it, or None."""
    limits, sender = services.abuse, sender_key(inbound.channel, inbound.address)
    words = sender_key(sender, inbound.text if isinstance(inbound.text, str) else "")
    counted: list[tuple[str, Limit]] = [
        (f"from:{sender}", limits.sender),
        (f"day:{sender}", limits.sender_a_day),
    ]
    if customer_id is not None:
        counted += [
            (f"customer:{customer_id}", limits.customer),
            (f"customer-day:{customer_id}", limits.customer_a_day),
        ]
    if inbound.attachments:
        counted.append((f"files:{sender}", limits.attachments))
    elif inbound.payload is None and inbound.choice is None:
        counted.append((f"same:{words}", limits.same_words))
    waits = await asyncio.gather(*(taken.take(*each) for each in counted))
    for (name, limit), wait in zip(counted, waits, strict=True):
        if wait > 0:
            kind = name.partition(":")[0]
            return {"of": kind, "at_once": limit.burst, "a_second": limit.messages_a_second}
    return None


async def admit_newcomer(
    services: Services, taken: Taken, channel: str, claim: CustomerClaim
) -> bool:
    """Count somebody of whom nothing is stored yet; whether their turn may be taken before the next
    sweep. Raises TooMany when the channel has had too many."""
    limits, at_once = services.abuse, True
    wait = await taken.take(f"new-hour:{channel}", limits.newcomers_an_hour)
    costs_nothing = channel_of(channel) in MADE_UP and claim.verification == "anyone"
    if wait == 0 and costs_nothing:
        wait = await taken.take(f"new:{channel}", limits.newcomers)
        at_once = await taken.take(f"new-now:{channel}", limits.newcomers_at_once) == 0
    if wait > 0:
        raise TooMany(COME_AGAIN, retry_after=max(2, math.ceil(wait)))
    return at_once


async def slow_down(services: Services, message: Message) -> None:
    """Ask the sender of this message for patience, but not more than once a minute."""
    sender = sender_key(message.channel, message.address or "")
    if await services.limits.take(f"told:{sender}", ONCE_A_MINUTE) > 0:
        return
    async with services.database.write() as uow:
        conversation = await uow.conversations.lock(message.conversation_id)
        if conversation is None:
            return
        line, _ = await add_message(
            uow,
            conversation,
            author="system",
            text=PLEASE_WAIT,
            data={"event": "slow_down", "limit": message.data.get("limit")},
            at=now(),
        )
    await services.bus.publish(line_to_send(line.conversation_id, line.id, line.channel))


def sender_key(channel: str, address: str) -> str:
    """What a sender is counted under."""
    # Hashed: limits are kept in Redis, which is no place for addresses.
    return sha256(f"{channel}:{address}".encode(errors="surrogatepass")).hexdigest()[:32]
