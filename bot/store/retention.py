"""What is older than it may be kept, found and deleted a little at a time.

Two processes may be at it: each locks what it takes, and leaves what the other has.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import State
from bot.store.emptied_clusters import forget_emptied_clusters
from bot.store.forgetting import delete_conversation_rows, delete_customer_rows, merge_words
from bot.store.tables import (
    conversations,
    customers,
    files,
    joins,
    notices,
    one_time_codes,
    outbox,
    past_answers,
    sessions,
    surveys,
    trackers,
)

_CLOSED = (
    conversations.c.state.in_((State.BOT, State.RESOLVED)),
    conversations.c.snoozed_at.is_(None),
)
# What is still to be sent, or for a person to decide on, stays with its conversation.
_SENT = outbox.c.state.in_(("sent", "delivered", "read", "failed", "dropped"))
_TOLD = notices.c.state.in_(("delivered", "dead", "dropped"))
_JOINED = sa.exists().where(
    sa.or_(joins.c.customer_id == customers.c.id, joins.c.joined_id == customers.c.id),
    sa.exists().where(conversations.c.customer_id.in_((joins.c.customer_id, joins.c.joined_id))),
)


def _due(kind: str, before: datetime) -> tuple[sa.Column[Any], list[sa.ColumnElement[bool]]]:
    """The key of what is due, and what says that it is."""
    kinds: dict[str, tuple[sa.Column[Any], list[sa.ColumnElement[bool]]]] = {
        "conversations": (conversations.c.id, [*_CLOSED, conversations.c.updated_at < before]),
        "customers": (
            customers.c.id,
            [
                customers.c.created_at < before,
                ~sa.exists().where(conversations.c.customer_id == customers.c.id),
                ~_JOINED,
            ],
        ),
        "files": (files.c.id, [files.c.created_at < before]),
        "survey_comments": (
            surveys.c.id,
            [surveys.c.asked_at < before, surveys.c.comment.is_not(None)],
        ),
        "past_answers": (
            past_answers.c.message_id,
            [past_answers.c.created_at < before, past_answers.c.text.is_not(None)],
        ),
        "memory": (
            trackers.c.conversation_id,
            [
                trackers.c.updated_at < before,
                sa.cast(trackers.c.events, sa.Text) != "[]",
                sa.exists().where(conversations.c.id == trackers.c.conversation_id, *_CLOSED),
            ],
        ),
        "deliveries": (outbox.c.id, [outbox.c.created_at < before, _SENT]),
        "told_programs": (notices.c.id, [notices.c.created_at < before, _TOLD]),
        "sessions": (sessions.c.token_hash, [sessions.c.expires_at < before]),
        "codes": (one_time_codes.c.code_hash, [one_time_codes.c.expires_at < before]),
    }
    return kinds[kind]


class Retention:
    """Finds and deletes in every table there is."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def count(self, kind: str, *, before: datetime) -> int:
        """How many of this kind are due."""
        _, conditions = _due(kind, before)
        found = await self._connection.execute(sa.select(sa.func.count()).where(*conditions))
        return int(found.scalar_one())

    async def find(self, kind: str, *, before: datetime, limit: int) -> list[str]:
        """Up to so many that are due."""
        key, conditions = _due(kind, before)
        found = await self._connection.execute(sa.select(key).where(*conditions).limit(limit))
        return list(found.scalars())

    async def delete(self, kind: str, wanted: Sequence[str], *, before: datetime) -> int:
        """Delete those of these that are still due, each with all that hangs on it; how many went.
        What another process is at is left to it."""
        key, conditions = _due(kind, before)
        found = await self._connection.execute(
            sa.select(key)
            .where(key.in_(wanted), *conditions)
            .order_by(key)
            .with_for_update(skip_locked=True)
        )
        ids = list(found.scalars())
        if not ids:
            return 0
        if kind == "conversations":
            await delete_conversation_rows(self._connection, ids)
            await forget_emptied_clusters(self._connection)
        elif kind == "customers":
            await delete_customer_rows(self._connection, ids)
        elif emptied := _EMPTIED.get(kind):
            # The row is a figure, or keeps what is not to be read again.
            await self._connection.execute(key.table.update().where(key.in_(ids)).values(emptied))
        else:
            await self._connection.execute(sa.delete(key.table).where(key.in_(ids)))
        return len(ids)

    async def merge_words(self, *, begin: bool) -> bool:
        """Go on letting the index of words forget what was deleted; whether there is more to do."""
        return await merge_words(self._connection, begin=begin)


_EMPTIED: dict[str, dict[str, Any]] = {
    "survey_comments": {"comment": None},
    "past_answers": {"text": None, "meaning": None},
    "memory": {"events": []},
}
