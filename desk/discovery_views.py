"""From the search's records to the shapes of the API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from bot.clock import iso_or_none
from bot.records import Discovery, MessageCluster
from bot.store.database import UnitOfWork
from bot.store.discoveries import Member
from desk import discovery_shapes as shapes

EXAMPLES = 5
# Sparklines are drawn over no more days.
TREND_DAYS = 90


async def discovery(uow: UnitOfWork, *, at: datetime) -> shapes.Discovery:
    """The current search, with the clusters that still have messages nobody has labelled."""
    row = await uow.discoveries.current()
    found = await uow.discoveries.open_clusters()
    members = await uow.discoveries.members([one.id for one in found])
    of = {key: list(each) for key, each in groupby(members, lambda member: member.cluster_id)}
    died = _died(row, at)
    return shapes.Discovery(
        state="failed" if died else row.state,
        days=row.days,
        progress=row.progress,
        messages=row.messages,
        error="Stopped" if died else row.error,
        started_at=iso_or_none(row.started_at),
        finished_at=iso_or_none(row.finished_at),
        clusters=[
            _cluster(one, of[one.id], days=min(row.days, TREND_DAYS), at=row.started_at or at)
            for one in found
            if one.id in of
        ],
    )


def folded(members: Sequence[Member]) -> list[shapes.ClusterMessage]:
    """One cluster's messages, each with its copies."""
    shown = []
    for _, copies in groupby(members, lambda member: member.place):
        first, *others = copies
        shown.append(
            shapes.ClusterMessage(
                text=first.text,
                turn_id=first.turn_id,
                conversation_id=first.conversation_id,
                turn_ids=[first.turn_id, *(other.turn_id for other in others)],
            )
        )
    return shown


def _died(row: Discovery, at: datetime) -> bool:
    """Whether its process no longer says that it lives."""
    return row.state == "running" and row.lease_until is not None and row.lease_until < at


def _cluster(
    row: MessageCluster, members: Sequence[Member], *, days: int, at: datetime
) -> shapes.Cluster:
    shown = folded(members)
    trend = [0] * days
    for member in members:
        ago = (at.date() - member.created_at.date()) // timedelta(days=1)
        if 0 <= ago < days:
            trend[days - 1 - ago] += 1
    return shapes.Cluster(
        id=row.id,
        name=row.name,
        keywords=row.keywords,
        nearest=row.nearest,
        similarity=row.similarity,
        messages=len(members),
        texts=len(shown),
        trend=trend,
        examples=shown[:EXAMPLES],
    )
