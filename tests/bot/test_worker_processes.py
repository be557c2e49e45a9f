"""Real processes: one that serves, two workers, a PostgreSQL, and a Redis that comes and goes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.bot.test_restart import WARMLINE, Client, _ready, free_port, project
from tests.redis_server import RedisServer

__all__ = ["project"]

STARTED_SECONDS = 240
DRAINED_SECONDS = 120.0
CROWD = 20
SECRET = "a secret that all of these processes have"

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@asynccontextmanager
async def command(project: Path, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A `warmline` command; killed at the end if it still runs."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("WARMLINE_")}
    process = await asyncio.create_subprocess_exec(
        str(WARMLINE),
        *arguments,
        cwd=project,
        env=kept,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def logged(process: asyncio.subprocess.Process, event: str) -> str:
    """The log up to this event."""
    assert process.stderr is not None
    lines = b""
    while event.encode() not in lines:
        line = await asyncio.wait_for(process.stderr.readline(), STARTED_SECONDS)
        assert line, lines.decode()
        lines += line
    return lines.decode()


async def ask_all(
    client: Client, crowd: list[str], name: str, meanwhile: Callable[[], None]
) -> None:
    """Everybody asks, something happens, and everybody is answered once, in time."""
    asked = await asyncio.gather(
        *(client.say(visitor, name, "when are you open?") for visitor in crowd)
    )
    meanwhile()

    async def answered(visitor: str, message_id: str) -> list[str]:
        while True:
            lines = (await client.look(visitor))["messages"]
            said = [line["text"] for line in lines if line["in_reply_to"] == message_id]
            if said:
                return said
            await asyncio.sleep(0.1)

    pairs = zip(crowd, [each["message"]["id"] for each in asked], strict=True)
    found = await asyncio.wait_for(
        asyncio.gather(*(answered(*pair) for pair in pairs)), DRAINED_SECONDS
    )
    assert all(len(said) == 1 for said in found)


async def test_workers_and_redis_come_and_go_and_everybody_is_answered_once(
    project: Path, database_url: str, redis: RedisServer
) -> None:
    shared = ("--database-url", database_url, "--redis-url", redis.url, "--secret-key", SECRET)
    port = free_port()
    async with (
        command(project, "demo", "--port", str(port), *shared) as serving,
        command(project, "worker", *shared) as killed,
        command(project, "worker", *shared) as stopped,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        await asyncio.wait_for(_ready(serving, port), STARTED_SECONDS)
        for worker in (killed, stopped):
            await logged(worker, "worker_started")
        client = Client(session)
        crowd = [await client.visitor() for _ in range(CROWD)]
        await ask_all(client, crowd, "1", lambda: None)
        await ask_all(client, crowd, "2", killed.kill)
        await ask_all(client, crowd, "3", redis.stop)
        await ask_all(client, crowd, "4", lambda: None)
        await ask_all(client, crowd, "5", redis.start)
        await ask_all(client, crowd, "6", redis.flush)
        await ask_all(client, crowd, "7", lambda: stopped.send_signal(signal.SIGTERM))
        assert await asyncio.wait_for(stopped.wait(), STARTED_SECONDS) == 0
        log = await logged(stopped, "worker_stopped")
        assert "bus_unreachable" in log
        assert "bus_back" in log
