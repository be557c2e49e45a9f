"""Dead letters: turns and outbox items that were given up, seen as one list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import DeadLetter, LetterKind
from bot.store.tables import UtcDateTime, messages, outbox, turns

# What a person decides on; no turn is `unknown`.
_GIVEN_UP = ("dead", "unknown")
_TABLES: dict[LetterKind, sa.Table] = {"turn": turns, "delivery": outbox}
KINDS: tuple[LetterKind, ...] = tuple(_TABLES)


def _letters(kind: LetterKind) -> sa.Select[Any]:
    table = _TABLES[kind]
    return sa.select(
        table.c.id,
        sa.literal(kind).label("kind"),
        table.c.conversation_id,
        table.c.channel,
        table.c.state,
        table.c.error,
        table.c.attempts,
        messages.c.text,
        messages.c.author,
        table.c.created_at,
    ).join(messages, messages.c.id == table.c.message_id)


def _changes(kind: LetterKind, **values: Any) -> sa.Update:
    table = _TABLES[kind]
    return (
        table.update()
        .where(table.c.id == sa.bindparam("letter"), table.c.state.in_(_GIVEN_UP))
        .values(values)
    )


COUNTS = sa.select(
    *(
        sa.select(sa.func.count())
        .select_from(table)
        .where(table.c.state.in_(_GIVEN_UP))
        .scalar_subquery()
        .label(kind)
        for kind, table in _TABLES.items()
    )
)
_AGAIN: dict[str, Any] = {"state": "pending", "attempts": 0, "error": None}
_RESEND: dict[LetterKind, sa.Update] = {
    "turn": _changes("turn", **_AGAIN, next_attempt_at=None),
    "delivery": _changes(
        "delivery", **_AGAIN, next_attempt_at=sa.bindparam("at", type_=UtcDateTime)
    ),
}
_DROP = {kind: _changes(kind, state="dropped") for kind in KINDS}


class DeadLetters:
    """Reads what was given up from `turns` and `outbox`, and puts it back or away."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def page(
        self, kind: LetterKind | None, *, before: str | None, limit: int
    ) -> list[DeadLetter]:
        """Newest first, of both kinds unless one is named; `before` is the last id of the page
        above."""
        found: list[DeadLetter] = []
        for each in KINDS if kind is None else (kind,):
            table = _TABLES[each]
            query = _letters(each).where(table.c.state.in_(_GIVEN_UP))
            if before is not None:
                query = query.where(table.c.id < before)
            rows = await self._connection.execute(query.order_by(table.c.id.desc()).limit(limit))
            found += [DeadLetter(**row._mapping) for row in rows]
        # Ids are in the order of making, whichever table they are in.
        return sorted(found, key=lambda letter: letter.id, reverse=True)[:limit]

    async def counts(self) -> dict[LetterKind, int]:
        """How many of each kind wait for a person."""
        row = (await self._connection.execute(COUNTS)).one()
        return {kind: row._mapping[kind] for kind in KINDS}

    async def get(self, letter_id: str) -> DeadLetter | None:
        """The turn or outbox item with this id, whatever has become of it."""
        for kind, table in _TABLES.items():
            found = await self._connection.execute(_letters(kind).where(table.c.id == letter_id))
            row = found.one_or_none()
            if row is not None:
                return DeadLetter(**row._mapping)
        return None

    async def resend(self, letter: DeadLetter, *, at: datetime) -> bool:
        """Let it be tried as if for the first time; False when it is no longer given up."""
        due = {"at": at} if letter.kind == "delivery" else {}
        return await self._change(_RESEND[letter.kind], letter, **due)

    async def drop(self, letter: DeadLetter) -> bool:
        """Put it away; False when it is no longer given up."""
        return await self._change(_DROP[letter.kind], letter)

    async def _change(self, change: sa.Update, letter: DeadLetter, **values: Any) -> bool:
        changed = await self._connection.execute(change, {"letter": letter.id, **values})
        return bool(changed.rowcount)
