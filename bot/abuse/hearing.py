"""What a blocked sender writes: a line without a turn, and one sentence, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from bot.abuse.block import Block
from bot.conversation import Conversation
from bot.errors import NotAllowed
from bot.messages import InboundMessage
from bot.records import Message
from bot.store.database import UnitOfWork
from bot.transcript import add_message

CLOSED = (
    "This chat is closed, and messages here are not answered. If you want your data, or think this "
    "is a mistake, please use the contact details on our website."
)
# What is said about messages, and the words that carriers want obeyed, count from anybody.
ALWAYS_HEARD = frozenset({"deletion", "opt_out", "opt_in", "help"})


class Heard(NamedTuple):
    """The line, and what the sender was told if it was the first one."""

    message: Message
    told: Message | None


def not_heard() -> NotAllowed:
    """What whoever sends on after that gets, where the channel can say it."""
    return NotAllowed("This chat is closed: the message was not kept.", code="blocked")


async def hear(
    uow: UnitOfWork,
    block: Block,
    inbound: InboundMessage,
    text: str,
    *,
    kept_a_day: int,
    at: datetime,
) -> Heard | None:
    """Keep it as a line that nobody answers; None when that was done often enough today, and it is
    only counted, or when they were erased at this moment. Pictures and files are not kept at
    all."""
    conversation = await _conversation(uow, block, inbound)
    if conversation is None:
        return None
    block = await uow.blocks.lock(block.id) or block
    today = f"{at:%Y-%m-%d}"
    kept = block.kept if block.kept_on == today else 0
    counted = replace(block, heard=block.heard + 1, last_heard_at=at, kept_on=today)
    if kept >= kept_a_day:
        await uow.blocks.update(replace(counted, kept=kept))
        return None
    message, conversation = await add_message(
        uow,
        conversation,
        author="customer",
        text=text,
        channel=inbound.channel,
        address=inbound.address,
        external_id=inbound.external_id,
        data={"event": "blocked"},
        at=at,
    )
    told = None
    if block.told_at is None:
        here = replace(conversation, channel=inbound.channel, address=inbound.address)
        told, _ = await add_message(
            uow, here, author="system", text=CLOSED, data={"event": "closed"}, at=at
        )
        counted = replace(counted, told_at=at)
    await uow.blocks.update(replace(counted, kept=kept + 1))
    return Heard(message, told)


async def _conversation(
    uow: UnitOfWork, block: Block, inbound: InboundMessage
) -> Conversation | None:
    """Whoever is blocked begins no new one: what they write stays where they were blocked."""
    found = await uow.conversations.lock_of_address(inbound.channel, inbound.address)
    return found or await uow.conversations.lock(block.conversation_id)
