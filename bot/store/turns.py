"""Turns: the work still to do, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.abuse.limits import ONE_BY_ONE
from bot.assistant.reply import Understanding
from bot.messages import channel_of
from bot.records import Message, Signal, Turn
from bot.store.emptied_clusters import forget_emptied_clusters
from bot.store.first_labels import keep_first_labels
from bot.store.leases import bounds, has_come
from bot.store.reviews import Reviews
from bot.store.signals import BY_REFERENCE, newest
from bot.store.tables import (
    cluster_turns,
    conversations,
    customers,
    identities,
    labels,
    messages,
    signals,
    trackers,
    turns,
)
from bot.store.values import values_of

FOLDED = "folded"  # into a later turn, which answers for it
# Statements of every turn are built once: building one costs more than running it.
_ADD = turns.insert()
_GET = sa.select(turns).where(turns.c.id == sa.bindparam("turn"))
_OLDEST_PENDING = (
    sa.select(turns.c.id)
    .where(turns.c.conversation_id == sa.bindparam("conversation"), turns.c.state == "pending")
    .order_by(turns.c.seq)
    .limit(1)
)
_ALL_PENDING = (
    sa.select(
        turns.c.id,
        turns.c.channel,
        messages.c.author,
        messages.c.payload,
        messages.c.attachments,
    )
    .join(messages, messages.c.id == turns.c.message_id)
    .where(turns.c.conversation_id == sa.bindparam("conversation"), turns.c.state == "pending")
    .order_by(turns.c.seq)
)
_SOME_PENDING = (
    sa.select(turns.c.id)
    .where(turns.c.conversation_id == sa.bindparam("conversation"), turns.c.state == "pending")
    .limit(sa.bindparam("most"))
)
_BEGIN_NEXT = (
    turns.update()
    .where(turns.c.id == _OLDEST_PENDING.scalar_subquery(), has_come(turns.c.next_attempt_at))
    .values(attempts=turns.c.attempts + 1)
    .returning(turns)
)
_UNTAKEN = (
    sa.select(turns.c.conversation_id, sa.func.min(turns.c.id).label("first"))
    .join(conversations, conversations.c.id == turns.c.conversation_id)
    .where(
        turns.c.state == "pending",
        has_come(turns.c.next_attempt_at),
        has_come(conversations.c.lease_until),
    )
    .group_by(turns.c.conversation_id)
    .order_by("first")
    .limit(sa.bindparam("most"))
)
_LONGEST_WAITING = sa.select(sa.func.min(turns.c.created_at)).where(turns.c.state == "pending")
_ADDRESS = sa.func.coalesce(messages.c.address, sa.bindparam("address"))
_OF_CUSTOMER = signals.alias()
_OF_ADDRESS = signals.alias()
_BACKGROUND = (
    sa.select(
        messages,
        trackers.c.events,
        trackers.c.seq.label("known_seq"),
        customers.c.reference,
        customers.c.name,
        customers.c.tier,
        identities.c.verification,
        _OF_CUSTOMER.c.recent.label("of_customer"),
        _OF_ADDRESS.c.recent.label("of_address"),
    )
    .join(customers, customers.c.id == messages.c.customer_id)
    .outerjoin(trackers, trackers.c.conversation_id == messages.c.conversation_id)
    .outerjoin(
        identities,
        sa.and_(identities.c.channel == messages.c.channel, identities.c.address == _ADDRESS),
    )
    .outerjoin(
        _OF_CUSTOMER,
        sa.and_(
            _OF_CUSTOMER.c.channel == BY_REFERENCE,
            _OF_CUSTOMER.c.address == customers.c.reference,
        ),
    )
    .outerjoin(
        _OF_ADDRESS,
        sa.and_(_OF_ADDRESS.c.channel == messages.c.channel, _OF_ADDRESS.c.address == _ADDRESS),
    )
    .where(messages.c.id == sa.bindparam("message"))
)
_MESSAGE_NAMES = [column.name for column in messages.c]  # with which its rows begin
_UNDERSTOOD = (
    turns.update()
    .where(turns.c.id == sa.bindparam("turn"))
    .values(
        {
            name: sa.bindparam(name)
            for name in ("parsed", "intent", "confidence", "ranking", "entities", "model")
        }
    )
)
_POSTPONE = (
    turns.update()
    .where(turns.c.id == sa.bindparam("turn"))
    .values(next_attempt_at=sa.bindparam("until"), error=sa.bindparam("error"))
)
_UNCOUNT = (
    turns.update()
    .where(turns.c.id == sa.bindparam("turn"), turns.c.state == "pending")
    .values(attempts=turns.c.attempts - 1)
)
_MADE = (
    "state",
    "error",
    "parsed",
    "intent",
    "confidence",
    "ranking",
    "entities",
    "outcome",
    "reason",
    "actions",
    "model",
    "duration_ms",
    "decision",
    "finished_at",
)
# One that was dropped meanwhile stays so, and gets nothing of what was read in it.
_FINISH = (
    turns.update()
    .where(turns.c.id == sa.bindparam("turn"), turns.c.state == "pending")
    .values({name: sa.bindparam(name) for name in _MADE})
)
_DECIDE = (
    turns.update()
    .where(turns.c.id == sa.bindparam("turn"))
    .values(decision=sa.bindparam("decision"))
)


@dataclass(frozen=True, slots=True)
class Background:
    """What bears on a turn: its message, what the assistant remembers (`known_seq` is the last
    message that knows of), who writes, and what they just did, newest first."""

    message: Message
    events: list[dict[str, Any]]
    known_seq: int
    reference: str | None
    name: str | None
    tier: str | None
    verification: str
    signals: list[Signal]


class Turns:
    """Reads and writes `turns`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, *added: Turn) -> None:
        await self._connection.execute(_ADD, [values_of(turn) for turn in added])

    async def get(self, turn_id: str) -> Turn | None:
        return await self._one(_GET, turn=turn_id)

    async def begin_next(self, conversation_id: str, *, at: datetime) -> Turn | None:
        """The next turn to take in this conversation, with this attempt counted; None when there
        is none, or its next attempt is not due. Take the lease first."""
        return await self._one(_BEGIN_NEXT, conversation=conversation_id, **bounds(at))

    async def background(self, message_id: str, address: str, *, at: datetime) -> Background:
        """All that bears on the turn of this message from this address."""
        values = {"message": message_id, "address": address}
        row = (await self._connection.execute(_BACKGROUND, values)).one()
        verification = row.verification or "anyone"
        return Background(
            message=Message(**dict(zip(_MESSAGE_NAMES, row, strict=False))),
            events=row.events or [],
            known_seq=row.known_seq or 0,
            reference=row.reference,
            name=row.name,
            tier=row.tier,
            verification=verification,
            # What a known customer did is nothing to whoever else writes.
            signals=newest(
                row.of_address, None if verification == "anyone" else row.of_customer, at=at
            ),
        )

    async def drop_pending(self, conversation_id: str, *, at: datetime) -> None:
        """Nobody is to be answered any more; lock the conversation first."""
        await self._connection.execute(
            turns.update()
            .where(turns.c.conversation_id == conversation_id, turns.c.state == "pending")
            .values(state="dropped", error="blocked", finished_at=at)
        )

    async def fold(self, conversation_id: str, *, most: int, at: datetime) -> bool:
        """Where `most` or more turns wait, let each run of plain messages be taken as one, with its
        last; whether any turn waits. Lock the conversation first.

        A button and a file are turns of their own, and so is every message of a program, which
        waits for each answer.
        """
        values = {"conversation": conversation_id, "most": most}
        waiting = (await self._connection.execute(_SOME_PENDING, values)).all()
        if len(waiting) < most:
            return bool(waiting)
        rows = (
            await self._connection.execute(_ALL_PENDING, {"conversation": conversation_id})
        ).all()
        plain = [
            row.author == "customer" and not row.payload and not row.attachments for row in rows
        ]
        folded = [
            row.id
            for row, here, following in zip(rows, plain, plain[1:], strict=False)
            if here and following and channel_of(row.channel) not in ONE_BY_ONE
        ]
        await self._connection.execute(
            turns.update()
            .where(turns.c.id.in_(folded))
            .values(state="dropped", error=FOLDED, finished_at=at)
        )
        return True

    async def folded(self, conversation_id: str, *, after: int, before: int) -> list[str]:
        """The words of turns between two sequence numbers that were folded into a later one."""
        rows = await self._connection.execute(
            sa.select(turns.c.text)
            .where(
                turns.c.conversation_id == conversation_id,
                turns.c.seq > after,
                turns.c.seq < before,
                turns.c.state == "dropped",
                turns.c.error == FOLDED,
            )
            .order_by(turns.c.seq)
        )
        return list(rows.scalars())

    async def any_pending(self, conversation_id: str) -> bool:
        """Whether there is another turn to take; lock the conversation first."""
        found = await self._connection.execute(_OLDEST_PENDING, {"conversation": conversation_id})
        return found.one_or_none() is not None

    async def understood(
        self, turn_id: str, parsed: dict[str, Any], read: Understanding, *, model: str
    ) -> None:
        """Save what was understood before anything is done about it."""
        values = {
            "turn": turn_id,
            "parsed": parsed,
            "intent": read.intent,
            "confidence": read.confidence,
            "ranking": read.ranking,
            "entities": read.entities,
            "model": model,
        }
        await self._connection.execute(_UNDERSTOOD, values)

    async def uncount(self, turn_id: str) -> None:
        """What kept this attempt from ending was not the turn's fault."""
        await self._connection.execute(_UNCOUNT, {"turn": turn_id})

    async def postpone(self, turn_id: str, *, until: datetime, error: str) -> None:
        """Take it again, but not before `until`."""
        values = {"turn": turn_id, "until": until, "error": error}
        await self._connection.execute(_POSTPONE, values)

    async def blank(self, message_id: str, *, text: str) -> None:
        """The customer took the message back: if its turn was not taken, it is not to be, and
        nothing is to be learnt from it."""
        of_message = turns.update().where(turns.c.message_id == message_id)
        await self._connection.execute(of_message.values(text=text, parsed=None, entities=[]))
        await self._connection.execute(
            of_message.where(turns.c.state == "pending").values(state="dropped")
        )
        its_turn = sa.select(turns.c.id).where(turns.c.message_id == message_id)
        await keep_first_labels(self._connection, labels.c.turn_id.in_(its_turn))
        for table in (labels, cluster_turns):
            await self._connection.execute(
                table.delete().where(table.c.turn_id == its_turn.scalar_subquery())
            )
        await forget_emptied_clusters(self._connection)
        await Reviews(self._connection).forget(its_turn)

    async def recent(self, conversation_id: str, *, limit: int) -> list[Turn]:
        """The conversation's newest turns that have ended, newest first."""
        rows = await self._connection.execute(
            sa.select(turns)
            .where(turns.c.conversation_id == conversation_id, turns.c.state.in_(("done", "dead")))
            .order_by(turns.c.seq.desc())
            .limit(limit)
        )
        return [Turn(**row._mapping) for row in rows]

    async def untaken(self, *, at: datetime, limit: int) -> list[str]:
        """Conversations with a turn to take now and nobody at it, the longest waiting first."""
        rows = await self._connection.execute(_UNTAKEN, {"most": limit, **bounds(at)})
        return [row.conversation_id for row in rows]

    async def waiting_since(self) -> datetime | None:
        """When the oldest turn that has not ended was written; None when there is none."""
        found = await self._connection.execute(_LONGEST_WAITING)
        since: datetime | None = found.scalar_one()
        return since

    async def finish(self, turn: Turn) -> None:
        """Write down what became of the turn."""
        made = {name: getattr(turn, name) for name in _MADE}
        await self._connection.execute(_FINISH, {**made, "turn": turn.id})

    async def decided(self, turn_id: str, decision: dict[str, Any]) -> None:
        """Write down by what it was decided, as far as that is known only after it has ended."""
        await self._connection.execute(_DECIDE, {"turn": turn_id, "decision": decision})

    async def of_conversation(self, conversation_id: str, *, after: int, limit: int) -> list[Turn]:
        """The conversation's turns that have ended, oldest first, after that place in it."""
        rows = await self._connection.execute(
            sa.select(turns)
            .where(
                turns.c.conversation_id == conversation_id,
                turns.c.seq > after,
                turns.c.state != "pending",
            )
            .order_by(turns.c.seq)
            .limit(limit)
        )
        return [Turn(**row._mapping) for row in rows]

    async def _one(self, query: sa.Executable, **values: object) -> Turn | None:
        row = (await self._connection.execute(query, values)).one_or_none()
        return Turn(**row._mapping) if row else None
