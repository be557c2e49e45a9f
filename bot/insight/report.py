"""The figures of a period, each with how sure it is and how it compares with the period before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import sqrt
from typing import Any, cast

from bot.insight import interval
from bot.insight.definitions import FIGURES, Figure
from bot.insight.interval import Estimate
from bot.store.contact_days import TIMES, Counted, Time
from bot.store.contacts import GROUPS, Wanted
from bot.store.database import UnitOfWork

AT_MOST = 50  # values of a group: the rest is rarer than any of them


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure and how it was before; `is_news` says that the two differ by more than chance does,
    None where that cannot be said."""

    figure: Figure
    now: Estimate
    before: Estimate | None = None
    is_news: bool | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """The figures of one value of a group, or of a day."""

    of: Any
    contacts: int
    estimates: dict[str, Estimate]


@dataclass(frozen=True, slots=True)
class Report:
    figures: list[Measured]
    groups: dict[str, list[Slice]]


def period_before(wanted: Wanted) -> Wanted:
    """As many days, just before these."""
    days = (wanted.until - wanted.since).days + 1
    until = wanted.since - timedelta(days=1)
    return replace(wanted, since=until - timedelta(days=days - 1), until=until)


async def report(uow: UnitOfWork, wanted: Wanted, *, compare: bool) -> Report:
    """All figures of these contacts, and the counted ones by each group."""
    total = await uow.contact_days.total(wanted)
    now = await _estimates(uow, wanted, total)
    before = await _before(uow, period_before(wanted)) if compare else {}
    rows = {group: (await uow.contact_days.by(wanted, group))[:AT_MOST] for group in GROUPS}
    groups = {group: [_slice(row) for row in found] for group, found in rows.items()}
    for one, row in zip(groups["reason"], rows["reason"], strict=True):
        # How often this is the reason, of all that the bot had: of its own it is always all.
        share = interval.share(row.counts["handed_off"], total.counts["by_bot"])
        one.estimates["handoff"] = share
    return Report(
        [_compared(figure, now[figure.name], before.get(figure.name)) for figure in FIGURES],
        groups,
    )


async def by_day(uow: UnitOfWork, wanted: Wanted) -> list[Slice]:
    """The figures of each day that has any, in order."""
    days = [_slice(row) for row in await uow.contact_days.by(wanted, "day")]
    for figure in FIGURES:
        if figure.point == 0.5:
            medians = await uow.contact_days.medians(wanted, cast(Time, figure.count))
            for day in days:
                n, value = medians.get(cast(date, day.of), (0, None))
                day.estimates[figure.name] = Estimate(n, value)
    return days


def counted(counts: Mapping[str, int]) -> dict[str, Estimate]:
    """The figures that follow from counts alone: all but the times."""
    found: dict[str, Estimate] = {}
    for figure in FIGURES:
        if figure.unit == "contacts":
            # As many as there were; how many come by chance is a Poisson's square root.
            n = counts[figure.count]
            half = interval.Z * sqrt(n)
            found[figure.name] = Estimate(n, n, max(n - half, 0.0), n + half)
        elif figure.unit == "share":
            found[figure.name] = interval.share(counts[figure.count], counts[figure.of])
        elif figure.unit == "rating":
            squares = counts[figure.count.replace("_sum", "_squares")]
            found[figure.name] = interval.mean(counts[figure.count], squares, counts[figure.of])
    return found


def _slice(row: Counted) -> Slice:
    return Slice(row.of, row.counts["contacts"], counted(row.counts))


async def _before(uow: UnitOfWork, wanted: Wanted) -> dict[str, Estimate]:
    return await _estimates(uow, wanted, await uow.contact_days.total(wanted))


async def _estimates(uow: UnitOfWork, wanted: Wanted, total: Counted) -> dict[str, Estimate]:
    found = counted(total.counts)
    for time in TIMES:
        timed = [figure for figure in FIGURES if figure.count == time]
        values = await uow.contact_days.quantiles(wanted, time, *(one.point for one in timed))
        found |= {one.name: value for one, value in zip(timed, values, strict=True)}
    return found


def _compared(figure: Figure, now: Estimate, before: Estimate | None) -> Measured:
    if before is None:
        return Measured(figure, now)
    # Of a share and of a mean or a count the ends of both intervals say it; those of quantiles
    # are only known to the next value, so they must not touch.
    differ = interval.apart if figure.unit == "seconds" else interval.differ
    return Measured(figure, now, before, differ(now, before))
