"""Nothing blocks the event loop for long while many customers write at once."""

from __future__ import annotations

import asyncio
import time

import pytest

from connectors.rest import RestConnector
from tests.client import Warmline

CUSTOMERS = 50
TICK_SECONDS = 0.005
TEXTS = ("where is my order?", "when are you open?")
# What the loop itself computes between two ticks, by its thread's own clock, which other programs
# on a busy machine do not disturb: sixteen turns at once take one step of some 5 ms each. Parsing
# on the loop, a full garbage collection of the model or a password's hash comes on top of that.
LONGEST_COMPUTING_SECONDS = 0.3
# By the wall clock only what waits on the loop is looked for: a sleep, a lock, a slow file.
LONGEST_STALL_SECONDS = 10.0


async def test_the_loop_is_never_blocked_for_long(
    warmline: Warmline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RestConnector, "wait_seconds", 60.0)  # all are answered, however late
    await warmline.rest("first", "hello")  # what is only loaded once does not count
    stalls: list[float] = []
    computing: list[float] = []

    async def tick() -> None:
        while True:
            due, before = time.perf_counter() + TICK_SECONDS, time.thread_time()
            await asyncio.sleep(TICK_SECONDS)
            stalls.append(time.perf_counter() - due)
            computing.append(time.thread_time() - before)

    async def chat(sender: str) -> None:
        for text in TEXTS:
            assert await warmline.texts(sender, text)

    ticker = asyncio.create_task(tick())
    try:
        await asyncio.gather(
            *(chat(f"customer-{n}") for n in range(CUSTOMERS)),
            *(warmline.staff() for _ in range(5)),
        )
    finally:
        ticker.cancel()
    assert len(stalls) > CUSTOMERS
    assert max(computing) < LONGEST_COMPUTING_SECONDS
    assert max(stalls) < LONGEST_STALL_SECONDS
