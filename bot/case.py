"""All that a turn reads before it computes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions.signals import as_json, is_fresh
from bot.assistant.reply import (
    READ_CHARACTERS,
    AgentChanged,
    AgentSaid,
    CustomerMessage,
    Happening,
    Memory,
    Returned,
)
from bot.conversation import Conversation
from bot.messages import channel_of
from bot.readable import DELETED
from bot.records import Message, Turn
from bot.signals import for_actions
from bot.store.database import UnitOfWork
from bot.store.turns import Background


@dataclass(frozen=True, slots=True)
class Case:
    """The oldest turn to take, whose `attempts` count this one, and what bears on it; `known_seq`
    is the last message that the memory knows of, `tier` the customer's as it was read last;
    `before` is what they wrote right before it that this turn is to answer too."""

    turn: Turn
    conversation: Conversation
    message: Message
    memory: Memory
    known_seq: int
    customer: dict[str, Any]
    tier: str | None
    before: tuple[str, ...] = ()

    def asked(self, model: str) -> CustomerMessage:
        """The message as the assistant gets it, with what an earlier try of `model` read in it."""
        return CustomerMessage(
            id=self.message.id,
            text="\n".join((*self.before, self.message.text)),
            payload=self.message.payload,
            channel=channel_of(self.message.channel),
            customer=self.customer,
            address=self.message.address,
            parsed=self.turn.parsed if self.turn.model == model else None,
        )


async def open_case(
    uow: UnitOfWork, conversation_id: str, token: str, *, at: datetime, until: datetime
) -> Case | None:
    """Take the lease and count the attempt; None when there is nothing to take or somebody is at
    it. The caller then rolls back: the lease is not to be kept."""
    conversation = await uow.leases.take(conversation_id, token, at=at, until=until)
    if conversation is None:
        return None
    turn = await uow.turns.begin_next(conversation_id, at=at)
    if turn is None:
        return None
    background = await uow.turns.background(turn.message_id, conversation.address, at=at)
    message = background.message
    # The assistant knows of everything up to its last turn; mostly nothing has happened since.
    between = (
        await uow.messages.transcript(conversation_id, after=background.known_seq)
        if message.author != "customer" or message.seq > background.known_seq + 1
        else []
    )
    before: tuple[str, ...] = ()
    if any(line.author == "customer" and line.seq < message.seq for line in between):
        folded = await uow.turns.folded(
            conversation_id, after=background.known_seq, before=message.seq
        )
        before = _in_mind(folded, message.text)
    return Case(
        turn=turn,
        conversation=conversation,
        message=message,
        memory=Memory(background.events, _happenings(between, up_to=message.seq)),
        known_seq=background.known_seq,
        customer=_customer(background, at=at),
        tier=background.tier,
        before=before,
    )


def _in_mind(folded: list[str], text: str) -> tuple[str, ...]:
    """Each thing once, the newest as far as the model reads."""
    said = dict.fromkeys(reversed([one for one in folded if one not in (text, DELETED)]))
    room, kept = READ_CHARACTERS - len(text), []
    for one in said:
        room -= len(one) + 1
        if room < 0:
            break
        kept.append(one)
    return tuple(reversed(kept))


def _customer(background: Background, *, at: datetime) -> dict[str, Any]:
    """Who writes, as far as the server vouches for it, in the message's metadata."""
    signals = map(for_actions, background.signals)
    return {
        "reference": background.reference,
        "verification": background.verification,
        "name": background.name,
        "signals": [as_json(each) for each in signals if is_fresh(each, at)],
    }


def _happenings(messages: list[Message], *, up_to: int) -> tuple[Happening, ...]:
    found: list[Happening] = []
    for message in messages:
        if message.seq > up_to:
            continue
        if message.data.get("event") == "approved":
            found.append(AgentChanged(**message.data["change"]))
        if message.private:
            continue
        if message.author == "agent":
            found.append(AgentSaid(message.text, message.author_name or "agent"))
        elif message.data.get("event") == "returned":
            found.append(Returned(message.data["resume"], message.data["slots"]))
        elif message.data.get("event") == "resolved":
            found.append(Returned("drop", {}))
    return tuple(found)
