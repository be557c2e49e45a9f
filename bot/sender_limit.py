"""How fast one customer may write before the bot asks them to slow down.

What comes faster is kept, and an agent sees it; it just has no turn, so that a flood from one
address costs a row each and holds up nobody else.
"""

from __future__ import annotations

from hashlib import sha256

from bot.clock import now
from bot.events import line_to_send
from bot.messages import InboundMessage, Limit
from bot.records import Message
from bot.services import Services
from bot.transcript import add_message

PLEASE_WAIT = (
    "You are writing faster than I can answer. I have your messages; please wait a minute, "
    "and then ask once more."
)
ONCE_A_MINUTE = Limit(messages_a_second=1 / 60, burst=1)


async def is_too_fast(services: Services, inbound: InboundMessage) -> bool:
    """Count one message of this sender; whether it is one too many."""
    if services.sender_limit is None:
        return False
    sender = sender_key(inbound.channel, inbound.address)
    return await services.limits.take(f"from:{sender}", services.sender_limit) > 0


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
            data={"event": "slow_down"},
            at=now(),
        )
    await services.bus.publish(line_to_send(line.conversation_id, line.id, line.channel))


def sender_key(channel: str, address: str) -> str:
    """What a sender is counted under."""
    # Hashed: limits are kept in Redis, which is no place for addresses.
    return sha256(f"{channel}:{address}".encode()).hexdigest()[:32]
