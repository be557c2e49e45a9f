"""Finding what the bot does not know: one search at a time, in a process of its own.

Its progress and its result are in the database; a search whose process died is over when its lease
has run out, and can be started again.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.auditing import audit
from bot.clock import new_id, now
from bot.events import Event
from bot.jobs import Jobs
from bot.learning import clustering
from bot.learning.child_process import ProcessFailed, lines_of
from bot.lease import kept, lease_end
from bot.records import MessageCluster
from bot.services import Services
from bot.store.discoveries import UnknownMessage

log = logging.getLogger(__name__)

MOST_MESSAGES = 10_000
TELL_STEP = 0.02  # of the progress


async def start_discovery(services: Services, jobs: Jobs, *, days: int, by: str) -> None:
    """Begin a search over the last `days`; where one is running, nothing happens."""
    run = new_id()
    async with services.database.write() as uow:
        begun = await uow.discoveries.begin(run, days=days, by=by, at=now(), until=lease_end())
        if begun:
            await audit(uow, "discovery.started", run, by=by, details={"days": days})
    if begun:
        await _tell(services)
        jobs.start(_search(services, run, days))


async def _search(services: Services, run: str, days: int) -> None:
    async def renew(until: Any) -> None:
        async with services.database.write() as uow:
            await uow.discoveries.change(run, lease_until=until)

    try:
        async with kept(renew):
            await _find(services, run, days)
    except Exception as error:
        log.error("discovery_failed error=%s", type(error).__name__)
        await _fail(services, run, type(error).__name__)
    except asyncio.CancelledError:
        await asyncio.shield(_fail(services, run, "Stopped"))
        raise
    await _tell(services)


async def _find(services: Services, run: str, days: int) -> None:
    async with services.database.read() as uow:
        messages = await uow.discoveries.unknown(
            since=now() - timedelta(days=days), limit=MOST_MESSAGES
        )
        dismissed = await uow.discoveries.centres_dismissed()
    async with services.database.write() as uow:
        await uow.discoveries.change(run, messages=len(messages))
    asked = {
        "texts": [message.text for message in messages],
        "data": str(services.rules_file.parent / "data"),
        "dismissed": [base64.b64encode(centre).decode() for centre in dismissed],
    }
    found = await _clustered(services, run, asked) if messages else []
    clusters, members = _rows(run, found, messages)
    async with services.database.write() as uow:
        ended = {"state": "done", "progress": 1.0, "finished_at": now()}
        if await uow.discoveries.change(run, **ended):
            await uow.discoveries.replace(clusters, members)


async def _clustered(
    services: Services, run: str, asked: dict[str, Any]
) -> Sequence[dict[str, Any]]:
    told = 0.0
    async with lines_of(clustering.__name__, json.dumps(asked).encode()) as lines:
        async for line in lines:
            said: dict[str, Any] = json.loads(line)
            if "found" in said:
                found: list[dict[str, Any]] = said["found"]
                return found
            if said["progress"] >= told + TELL_STEP:
                told = said["progress"]
                async with services.database.write() as uow:
                    await uow.discoveries.change(run, progress=told)
                await _tell(services)
    raise ProcessFailed("it ended without a result")


def _rows(
    run: str, found: Sequence[dict[str, Any]], messages: Sequence[UnknownMessage]
) -> tuple[list[MessageCluster], list[tuple[str, UnknownMessage, int]]]:
    clusters, members = [], []
    for place, one in enumerate(found):
        cluster = MessageCluster(
            id=new_id(),
            run=run,
            place=place,
            name=one["name"],
            keywords=one["keywords"],
            nearest=one["nearest"],
            similarity=one["similarity"],
            centre=base64.b64decode(one["centre"]),
            created_at=now(),
        )
        clusters.append(cluster)
        members += [
            (cluster.id, messages[message], rank)
            for rank, copies in enumerate(one["copies"])
            for message in copies
        ]
    return clusters, members


async def _fail(services: Services, run: str, error: str) -> None:
    async with services.database.write() as uow:
        await uow.discoveries.change(run, state="failed", error=error, finished_at=now())


async def _tell(services: Services) -> None:
    await services.bus.publish(Event("discovery", ""))
