"""Counts every day that is over, once, and says in the metrics whether there is drift."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta

from bot import metrics
from bot.clock import now
from bot.jobs import Jobs, end
from bot.learning.drift import LONGEST_COMPARISON, Drift, drift_of
from bot.learning.drift_log import span
from bot.services import Services
from bot.store.database import Database

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
# A turn that begins before midnight ends after it; one given up on and taken later is not counted.
OPEN_FOR = timedelta(hours=1)
ALARMS = ("volume", "confidence", "refused", "intents")


async def read_drift(database: Database, *, days: int) -> Drift | None:
    """The drift as of now, with the days that were not counted yet; None while nothing is logged.
    Two processes may do this at once: of two that count a day, the first one's figures stay."""
    at = now()
    today = at.date()
    async with database.read() as uow:
        first = await uow.drift_days.first_day()
        if first is None:
            return None
        since = max(first, today - timedelta(days=max(days, LONGEST_COMPARISON)))
        counted = await uow.drift_days.counted(since=since)
    over = (at - OPEN_FOR).date()
    for day in span(over, (over - since).days):
        if day not in counted:
            await _count(database, day)
    async with database.read() as uow:
        figures = await uow.drift_days.kept(since=since, until=over)
        for day in {over, today}:
            figures += await uow.drift_days.count(day)
    return await asyncio.to_thread(drift_of, figures, today=today, first=first, shown=days)


@asynccontextmanager
async def watching_drift(services: Services, jobs: Jobs) -> AsyncIterator[None]:
    """Look every minute, for as long as the block runs."""
    watch = asyncio.create_task(_watch(services.database, jobs))
    try:
        yield
    finally:
        await end(watch)


async def _watch(database: Database, jobs: Jobs) -> None:
    while True:
        try:
            drift = await jobs.do(read_drift(database, days=LONGEST_COMPARISON))
        except Exception as error:
            log.error("drift_not_read error=%s", type(error).__name__)
            for name in ALARMS:
                metrics.drift.labels(measure=name).set(math.nan)
        else:
            for name in ALARMS:
                metrics.drift.labels(measure=name).set(
                    int(drift is not None and name in drift.alarms)
                )
        await asyncio.sleep(LOOK_SECONDS)


async def _count(database: Database, day: date) -> None:
    async with database.read() as uow:
        figures = await uow.drift_days.count(day)
    async with database.write() as uow:
        await uow.drift_days.keep(figures)
