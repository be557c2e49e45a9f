"""The search for clusters of messages, and what it found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistant.reply import NOT_UNDERSTOOD
from bot.readable import DELETED
from bot.records import Discovery, MessageCluster
from bot.store.emptied_clusters import forget_emptied_clusters
from bot.store.leases import bounds, has_come
from bot.store.tables import cluster_turns, clusters, discoveries, labels, messages, turns

_UNSURE = ("low_confidence", "misunderstood", "out_of_scope")  # reasons of hand-offs
_AT_ONCE = 5_000  # rows in a statement
_COLUMNS = [column for column in discoveries.c if column.name != "id"]
_RUNNING = discoveries.c.state == "running"
_UNLABELLED = sa.not_(
    sa.exists().where(labels.c.turn_id == turns.c.id, labels.c.undone_at.is_(None))
)


@dataclass(frozen=True, slots=True)
class UnknownMessage:
    """A logged message that the bot did not understand and nobody has labelled."""

    turn_id: str
    customer_id: str
    conversation_id: str
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """The same, in a cluster; copies of one message have the same `place`."""

    cluster_id: str
    place: int
    turn_id: str
    conversation_id: str
    text: str
    created_at: datetime


class Discoveries:
    """Reads and writes `discoveries`, `clusters` and `cluster_turns`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def current(self) -> Discovery:
        row = (await self._connection.execute(sa.select(*_COLUMNS))).one()
        return Discovery(**row._mapping)

    async def begin(self, run: str, *, days: int, by: str, at: datetime, until: datetime) -> bool:
        """Become the current search, unless one is running; one that died is replaced."""
        done = await self._connection.execute(
            discoveries.update()
            .where(sa.or_(sa.not_(_RUNNING), has_come(discoveries.c.lease_until)))
            .values(
                run=run,
                state="running",
                days=days,
                progress=0.0,
                messages=0,
                error=None,
                started_by=by,
                started_at=at,
                lease_until=until,
                finished_at=None,
            ),
            bounds(at),
        )
        return done.rowcount == 1

    async def change(self, run: str, **values: Any) -> bool:
        """Write how it goes; false when another search is the current one by now."""
        done = await self._connection.execute(
            discoveries.update().where(discoveries.c.run == run, _RUNNING).values(values)
        )
        return done.rowcount == 1

    async def unknown(self, *, since: datetime, limit: int) -> list[UnknownMessage]:
        """Unlabelled messages since then that were not understood, the newest first."""
        rows = await self._connection.execute(
            sa.select(
                turns.c.id.label("turn_id"),
                turns.c.customer_id,
                turns.c.conversation_id,
                turns.c.text,
                turns.c.created_at,
            )
            .join(messages, messages.c.id == turns.c.message_id)
            .where(
                turns.c.created_at >= since,
                turns.c.state == "done",
                turns.c.outcome != "resumed",
                turns.c.text.not_in(("", DELETED)),
                messages.c.payload.is_(None),  # a pressed button is certain
                sa.or_(
                    turns.c.outcome == "misunderstood",
                    turns.c.intent.in_(NOT_UNDERSTOOD),
                    turns.c.reason.in_(_UNSURE),
                ),
                _UNLABELLED,
            )
            .order_by(turns.c.created_at.desc(), turns.c.id.desc())
            .limit(limit)
        )
        return [UnknownMessage(**row._mapping) for row in rows]

    async def replace(
        self,
        found: Sequence[MessageCluster],
        members: Sequence[tuple[str, UnknownMessage, int]],
    ) -> None:
        """Put these in place of all that was found before; (cluster, message, place) each. What
        was dismissed stays, without its messages and words."""
        await self._connection.execute(cluster_turns.delete())
        await forget_emptied_clusters(self._connection)
        if found:
            await self._connection.execute(clusters.insert(), [asdict(one) for one in found])
        there = await self._still_there([message.turn_id for _, message, _ in members])
        rows = [
            {
                "cluster_id": cluster_id,
                "turn_id": message.turn_id,
                "customer_id": there[message.turn_id],
                "place": place,
            }
            for cluster_id, message, place in members
            if message.turn_id in there
        ]
        for start in range(0, len(rows), _AT_ONCE):
            await self._connection.execute(cluster_turns.insert(), rows[start : start + _AT_ONCE])

    async def _still_there(self, turn_ids: Sequence[str]) -> dict[str, str]:
        """Whose they are by now, without those that were taken back during the search."""
        found: dict[str, str] = {}
        for start in range(0, len(turn_ids), _AT_ONCE):
            rows = await self._connection.execute(
                sa.select(turns.c.id, turns.c.customer_id).where(
                    turns.c.id.in_(turn_ids[start : start + _AT_ONCE]), turns.c.text != DELETED
                )
            )
            found.update({row.id: row.customer_id for row in rows})
        return found

    async def centres_dismissed(self) -> list[bytes]:
        rows = await self._connection.execute(
            sa.select(clusters.c.centre).where(clusters.c.dismissed_at.is_not(None))
        )
        return [row.centre for row in rows]

    async def open_clusters(self) -> list[MessageCluster]:
        """What was found and not dismissed, the largest first."""
        rows = await self._connection.execute(
            sa.select(clusters).where(clusters.c.dismissed_at.is_(None)).order_by(clusters.c.place)
        )
        return [MessageCluster(**row._mapping) for row in rows]

    async def get(self, cluster_id: str) -> MessageCluster | None:
        rows = await self._connection.execute(
            sa.select(clusters).where(clusters.c.id == cluster_id)
        )
        row = rows.one_or_none()
        return MessageCluster(**row._mapping) if row else None

    async def members(self, cluster_ids: Collection[str]) -> list[Member]:
        """Their messages that nobody has labelled meanwhile, the most typical first."""
        rows = await self._connection.execute(
            sa.select(
                cluster_turns.c.cluster_id,
                cluster_turns.c.place,
                cluster_turns.c.turn_id,
                turns.c.conversation_id,
                turns.c.text,
                turns.c.created_at,
            )
            .join(turns, turns.c.id == cluster_turns.c.turn_id)
            .where(cluster_turns.c.cluster_id.in_(cluster_ids), _UNLABELLED)
            .order_by(cluster_turns.c.cluster_id, cluster_turns.c.place, turns.c.id)
        )
        return [Member(**row._mapping) for row in rows]

    async def dismiss(self, cluster_id: str, *, by: str, at: datetime) -> None:
        await self._connection.execute(
            clusters.update()
            .where(clusters.c.id == cluster_id, clusters.c.dismissed_at.is_(None))
            .values(dismissed_at=at, dismissed_by=by)
        )
