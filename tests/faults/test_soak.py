"""Fault 10: a server that runs for long. The long version is `uv run python -m bench.soak`."""

from __future__ import annotations

import io
import os
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy.pool import QueuePool

from bench.servers import Server
from bench.soak import Look, grown, soak
from bot.services import Services
from bot.store.database import Database
from tests.client import Warmline
from tests.conftest import over_both_databases

MESSAGES = 200


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks into /proc")
@over_both_databases
async def test_two_hundred_messages_leave_nothing_behind(
    warmline: Warmline, services: Services
) -> None:
    await _open_all(services.database)
    here = Server(str(warmline.client.make_url("/")), os.getpid(), ready_seconds=0)
    looks = await soak(here, MESSAGES, MESSAGES // 2, Console(file=io.StringIO()))
    assert [look.messages for look in looks] == [100, 200]
    # Exactly so many tasks, threads and descriptors; of the memory no more than a twentieth.
    assert grown(looks, 100) == []


async def _open_all(database: Database) -> None:
    """Every connection it may have: later ones would count as growth."""
    async with AsyncExitStack() as stack:
        for engine in (database.writer, database.reader):
            pool = engine.pool
            assert isinstance(pool, QueuePool)
            for _ in range(pool.size()):
                await stack.enter_async_context(engine.connect())


def test_what_grows_is_named() -> None:
    settled = Look(2000, mib=300, descriptors=20, threads=14, tasks=24)
    started = replace(settled, messages=1000, mib=200)
    assert grown([started, settled, replace(settled, messages=3000, mib=314)], 2000) == []
    for name, more in {"mib": 316, "descriptors": 21, "threads": 15, "tasks": 25}.items():
        (problem,) = grown([started, settled, replace(settled, **{name: more})], 2000)
        assert problem.startswith("memory" if name == "mib" else name)
