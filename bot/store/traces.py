"""What one person's messages left in rows that are not theirs: sums, words and copies."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.folding import folded
from bot.store.first_labels import keep_labelled_since
from bot.store.personal import Person, rows_of
from bot.store.reports import clear_reports
from bot.store.tables import (
    cluster_turns,
    clusters,
    customers,
    discoveries,
    labels,
    messages,
    must_pass,
    past_answers,
    review_groups,
    reviews,
    suggestions,
    turn_views,
    turns,
)

_AT_ONCE = 500
ERASED = "Erased"  # why a search ended, which may have read their messages


@dataclass(frozen=True, slots=True)
class Said:
    """A message of theirs as it was logged."""

    turn_id: str
    text: str


class Traces:
    """Reads what is to be looked for elsewhere, and takes it out, before their rows are gone."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def said(self, person: Person) -> list[Said]:
        """Everything of theirs that was logged."""
        rows = await self._connection.execute(
            sa.select(turns.c.id, turns.c.text).where(rows_of(turns, person))
        )
        return [Said(row.id, row.text) for row in rows]

    async def first_label(self, person: Person) -> datetime | None:
        """When a message of theirs was labelled first, also where that was undone, or the label
        went with its message."""
        found: list[datetime | None] = []
        for query in (
            sa.select(sa.func.min(labels.c.created_at)).where(rows_of(labels, person)),
            sa.select(sa.func.min(customers.c.first_labelled_at)).where(rows_of(customers, person)),
        ):
            found.append((await self._connection.execute(query)).scalar_one())
        return min((one for one in found if one), default=None)

    async def labelled_since(self, person: Person, at: datetime) -> None:
        """Keep that it was then, if not earlier."""
        await keep_labelled_since(self._connection, person.customer_ids, at)

    async def names(self, person: Person) -> set[str]:
        """What they are known by."""
        rows = await self._connection.execute(
            sa.select(
                customers.c.id, customers.c.reference, customers.c.name, customers.c.email
            ).where(customers.c.id.in_(person.customer_ids))
        )
        known = {one for row in rows for one in row if one}
        return known | {address for _, address in person.places}

    async def emails(self, person: Person) -> list[str]:
        rows = await self._connection.execute(
            sa.select(customers.c.email).where(
                customers.c.id.in_(person.customer_ids), customers.c.email.is_not(None)
            )
        )
        return list(rows.scalars())

    async def external_ids(self, person: Person) -> list[tuple[str, str]]:
        """The providers' names of their messages, with the channels."""
        rows = await self._connection.execute(
            sa.select(messages.c.channel, messages.c.external_id).where(
                rows_of(messages, person), messages.c.external_id.is_not(None)
            )
        )
        return [(row.channel, row.external_id) for row in rows]

    async def take_out(
        self, person: Person, texts: Collection[str], examples: Collection[str]
    ) -> dict[str, int]:
        """Groups and clusters that hold messages of theirs, copies of what agents answered them,
        must-pass texts that say the same (unless the project's `examples` say it too), also in
        models' reports, and views that look for them; how many of each."""
        said = {folded(text) for text in texts} - set(examples)
        await clear_reports(self._connection, said)
        counts = {
            "clusters": await self._clusters(person),
            "suggestions": await self._copies(person),
            "must_pass": await self._must_pass(said),
            "turn_views": await self._views(await self.names(person)),
        }
        await self._connection.execute(
            discoveries.update()
            .where(discoveries.c.state == "running")
            .values(state="failed", error=ERASED)
        )
        return {name: count for name, count in counts.items() if count}

    async def groups(self, person: Person) -> list[str]:
        """The groups that messages of theirs are in; a group's id is a hash of what it says."""
        rows = await self._connection.execute(
            sa.select(reviews.c.group_id).where(rows_of(reviews, person)).distinct()
        )
        return list(rows.scalars())

    async def drop_groups(self, ids: Sequence[str]) -> int:
        """Of these groups, those that nobody's message is in any more."""
        empty = ~sa.exists().where(reviews.c.group_id == review_groups.c.id)
        return await self._deleted(review_groups, review_groups.c.id, ids, empty)

    async def _clusters(self, person: Person) -> int:
        """Their name and centre were made of all their messages."""
        rows = await self._connection.execute(
            sa.select(cluster_turns.c.cluster_id).where(rows_of(cluster_turns, person)).distinct()
        )
        ids = sorted(rows.scalars())
        await self._deleted(cluster_turns, cluster_turns.c.cluster_id, ids)
        return await self._deleted(clusters, clusters.c.id, ids)

    async def _copies(self, person: Person) -> int:
        """What agents answered them, as it was suggested for others."""
        said = sa.select(past_answers.c.text).where(
            rows_of(past_answers, person), past_answers.c.text.is_not(None)
        )
        texts = list((await self._connection.execute(said)).scalars())
        is_copy = suggestions.c.source == "answer"
        return await self._deleted(suggestions, suggestions.c.text, texts, is_copy)

    async def _must_pass(self, said: Collection[str]) -> int:
        rows = await self._connection.execute(sa.select(must_pass.c.id, must_pass.c.text))
        ids = [row.id for row in rows if folded(row.text) in said]
        return await self._deleted(must_pass, must_pass.c.id, ids)

    async def _views(self, names: Collection[str]) -> int:
        rows = await self._connection.execute(
            sa.select(turn_views.c.id, turn_views.c.name, turn_views.c.filters)
        )
        wanted = [name.casefold() for name in names]
        ids = [
            row.id
            for row in rows
            if any(one in f"{row.name} {unquote_plus(row.filters)}".casefold() for one in wanted)
        ]
        return await self._deleted(turn_views, turn_views.c.id, ids)

    async def _deleted(
        self,
        table: sa.Table,
        column: sa.Column[Any],
        values: Sequence[str],
        *conditions: sa.ColumnElement[bool],
    ) -> int:
        count = 0
        for start in range(0, len(values), _AT_ONCE):
            part = column.in_(values[start : start + _AT_ONCE])
            done = await self._connection.execute(table.delete().where(part, *conditions))
            count += done.rowcount
        return count
