"""Fault 10: a server that runs for long. The long version is `uv run python -m bench.soak`."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bench.servers import Server
from bench.soak import Look, grown, soak
from tests.client import Warmline
from tests.conftest import over_both_databases

MESSAGES = 100
HUNDREDS = 4


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks into /proc")
@over_both_databases
async def test_a_hundred_messages_leave_nothing_behind(warmline: Warmline) -> None:
    """Exactly so many tasks, threads and descriptors, and hardly more memory. What is opened once,
    such as a pool's next connection, may come with the first hundreds; a leak comes with each."""
    here = Server(str(warmline.client.make_url("/")), os.getpid(), ready_seconds=0)
    looks = await soak(here, MESSAGES, MESSAGES, Console(file=io.StringIO()))
    for _ in range(HUNDREDS):
        looks += await soak(here, MESSAGES, MESSAGES, Console(file=io.StringIO()))
        found = grown(looks[-2:], MESSAGES)
        if not found:
            break
    assert found == []


def test_what_grows_is_named() -> None:
    settled = Look(2000, mib=300, descriptors=20, threads=14, tasks=24)
    started = replace(settled, messages=1000, mib=200)
    assert grown([started, settled, replace(settled, messages=3000, mib=314)], 2000) == []
    for name, more in {"mib": 316, "descriptors": 21, "threads": 15, "tasks": 25}.items():
        (problem,) = grown([started, settled, replace(settled, **{name: more})], 2000)
        assert problem.startswith("memory" if name == "mib" else name)


def test_what_comes_once_is_no_leak() -> None:
    """A leak is more in the end than it ever was in the first half."""
    looks = [
        Look(at, mib=300, descriptors=34, threads=14, tasks=52) for at in range(2000, 9000, 1000)
    ]
    once = [replace(look, descriptors=34 + (look.messages >= 4000)) for look in looks]
    assert grown(once, 2000) == []
    each = [replace(look, descriptors=34 + look.messages // 3000) for look in looks]
    assert grown(each, 2000) == ["descriptors grew from 35 to 36"]
    every = [replace(look, tasks=look.messages // 1000) for look in looks]
    assert grown(every, 2000) == ["tasks grew from 4 to 8"]
