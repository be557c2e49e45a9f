"""Past answers: what agents wrote to customers, read once and kept with the question's meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import PastAnswer
from bot.store.tables import UtcDateTime, customers, messages, past_answers

# Two processes may have read the same answer.
_ADD = sa.text(
    "INSERT INTO past_answers"
    " (message_id, conversation_id, customer_id, text, meaning, created_at)"
    " VALUES (:message_id, :conversation_id, :customer_id, :text, :meaning, :created_at)"
    " ON CONFLICT (message_id) DO NOTHING"
).bindparams(
    sa.bindparam("meaning", type_=sa.LargeBinary), sa.bindparam("created_at", type_=UtcDateTime)
)
_ANSWERS = (
    messages.c.author == "agent",
    messages.c.private.is_(False),
    messages.c.in_reply_to.is_not(None),
)
_QUESTIONS = messages.alias("questions")


@dataclass(frozen=True, slots=True)
class Unread:
    """An agent's answer that was not read yet, what it answered, and whose names to leave out."""

    message_id: str
    conversation_id: str
    customer_id: str
    question: str
    answer: str
    agent: str | None
    customer: str | None
    email: str | None


class PastAnswers:
    """Reads and writes `past_answers`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, answers: Sequence[PastAnswer]) -> None:
        await self._connection.execute(_ADD, [asdict(one) for one in answers])

    async def unread(self, *, most: int, limit: int) -> list[Unread]:
        """The next answers to read, oldest first, of the `most` newest that agents wrote.

        Ids rise with time, so this looks at what came since the last one and at nothing before it.
        """
        start = await self._scalar(sa.select(sa.func.max(past_answers.c.message_id)))
        if start is None:
            start = await self._scalar(
                sa.select(messages.c.id)
                .where(*_ANSWERS)
                .order_by(messages.c.id.desc())
                .offset(most)
                .limit(1)
            )
        rows = await self._connection.execute(
            sa.select(
                messages.c.id.label("message_id"),
                messages.c.conversation_id,
                messages.c.customer_id,
                _QUESTIONS.c.text.label("question"),
                messages.c.text.label("answer"),
                messages.c.author_name.label("agent"),
                customers.c.name.label("customer"),
                customers.c.email,
            )
            .join(_QUESTIONS, _QUESTIONS.c.id == messages.c.in_reply_to)
            .join(customers, customers.c.id == messages.c.customer_id)
            .where(*_ANSWERS, messages.c.id > (start or ""))
            .order_by(messages.c.id)
            .limit(limit)
        )
        return [Unread(**row._mapping) for row in rows]

    async def since(self, at: datetime | None) -> list[str]:
        """The ids of those that may be repeated and were read at or after this; None means all."""
        query = sa.select(past_answers.c.message_id).where(past_answers.c.text.is_not(None))
        if at is not None:
            query = query.where(past_answers.c.created_at >= at)
        return list((await self._connection.execute(query)).scalars())

    async def many(self, message_ids: Sequence[str]) -> list[PastAnswer]:
        """Those with these ids."""
        rows = await self._connection.execute(
            sa.select(past_answers).where(past_answers.c.message_id.in_(message_ids))
        )
        return [PastAnswer(**row._mapping) for row in rows]

    async def count(self) -> int:
        """How many may be repeated."""
        found = await self._scalar(
            sa.select(sa.func.count(past_answers.c.message_id)).where(
                past_answers.c.text.is_not(None)
            )
        )
        return int(found or 0)

    async def forget(self, *, most: int) -> None:
        """Keep the newest `most` alone."""
        last = await self._scalar(
            sa.select(past_answers.c.message_id)
            .order_by(past_answers.c.message_id.desc())
            .offset(most)
            .limit(1)
        )
        if last is not None:
            await self._connection.execute(
                past_answers.delete().where(past_answers.c.message_id <= last)
            )

    async def _scalar(self, query: sa.Select[tuple[str]] | sa.Select[tuple[int]]) -> str | None:
        value: str | None = (await self._connection.execute(query)).scalar_one_or_none()
        return value
