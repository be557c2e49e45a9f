"""A real process told to stop under load: first it is not ready, then it says goodbye, then it is
gone, and the next one answers what it acknowledged. Many processes: test_rolling_restart."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.bot.test_restart import Client, _ready, free_port, project
from tests.bot.test_worker_processes import STARTED_SECONDS, command
from tests.client import API, again, eventually

__all__ = ["project"]

SECRET = "a secret that is long enough to sign with"
STOPPED_SECONDS = 120
QUESTION = "when are you open?"
GOING_AWAY = 1001


@asynccontextmanager
async def served(
    project: Path, port: int, database_url: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    options = ("--database-url", database_url, "--secret-key", SECRET, "--stop-grace", "300")
    async with command(project, "serve", "--port", str(port), *options) as process:
        await asyncio.wait_for(_ready(process, port), STARTED_SECONDS)
        yield process


class Crowd:
    """Somebody who goes on writing until nobody answers; what was acknowledged, and every
    status."""

    def __init__(self, session: aiohttp.ClientSession, token: str) -> None:
        self._session = session
        self._headers = {"Authorization": f"Bearer {token}"}
        self.acknowledged: list[str] = []
        self.statuses: set[int] = set()

    async def write(self) -> None:
        number = 0
        while True:
            number += 1
            body = {"id": f"{number}", "text": again(QUESTION, number)}
            try:
                async with self._session.post(
                    f"{API}/widget/messages", json=body, headers=self._headers
                ) as response:
                    self.statuses.add(response.status)
                    if response.status == 202:
                        self.acknowledged.append((await response.json())["message"]["id"])
            except aiohttp.ClientError:
                return
            await asyncio.sleep(0.5)  # faster for long, and the bot answers no more


async def read_to_the_end(socket: aiohttp.ClientWebSocketResponse[bool]) -> None:
    while not socket.closed:
        await socket.receive()


async def test_told_to_stop_it_goes_in_steps_and_breaks_no_word(
    project: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WARMLINE_STOP_GRACE", raising=False)
    port = free_port()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        client = Client(session)
        async with served(project, port, database_url) as process:
            writing, watching = await client.visitor(), await client.visitor()
            socket = await session.ws_connect(f"{API}/widget/socket")
            await socket.send_json({"type": "hello", "token": watching, "after": 0})
            # Read all along, as a page does: who does not read answers no ping, and is cut.
            reads = asyncio.create_task(read_to_the_end(socket))
            crowd = Crowd(session, writing)
            writes = asyncio.create_task(crowd.write())

            async def acknowledged(count: int) -> None:
                enough = len(crowd.acknowledged) + count

                async def look() -> bool | None:
                    return len(crowd.acknowledged) >= enough or None

                await eventually(look)

            await acknowledged(3)
            process.send_signal(signal.SIGTERM)

            async def unready() -> object | None:
                async with session.get("/readyz") as response:
                    return await response.json() if response.status == 503 else None

            assert await eventually(unready) == {"status": "stopping"}
            # Whoever still comes is served: the proxy may not have noticed yet.
            await acknowledged(3)
            assert await client.ask(watching, "1", QUESTION)
            async with session.get("/healthz") as response:
                assert response.status == 200
            process.send_signal(signal.SIGTERM)  # asked twice, it waits no longer
            await asyncio.wait_for(reads, STOPPED_SECONDS)
            assert socket.close_code == GOING_AWAY
            assert await asyncio.wait_for(process.wait(), STOPPED_SECONDS) == 0
            await writes
        assert crowd.statuses <= {202, 503}
        async with served(project, port, database_url):
            for message_id in crowd.acknowledged:
                assert len(await client.answers(writing, message_id)) == 1
