"""Killed in the middle and started again: nothing lost, nothing answered twice."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa

from bot import demo
from bot.store.database import Database
from bot.store.tables import turns
from tests.client import API, eventually
from tests.conftest import ROOT, over_both_databases

WARMLINE = Path(sys.executable).with_name("warmline")
STARTED_SECONDS = 240
WHILE_KILLED = 30  # messages at once: far more than are answered before the kill arrives
PROJECT = ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "handoff.yml", "data")


@pytest.fixture
def project(tmp_path: Path, model: Path) -> Path:
    """The project's own files beside the model of this run."""
    root = tmp_path / "project"
    (root / "models").mkdir(parents=True)
    (root / "models" / model.name).symlink_to(model)
    for name in (*PROJECT, "actions"):
        (root / name).symlink_to(ROOT / name)
    return root


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@asynccontextmanager
async def demo_server(
    project: Path, port: int, database_url: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`warmline demo`, ready; killed at the end if it still runs."""
    arguments = ("demo", "--port", str(port), "--data-dir", "var", "--database-url", database_url)
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
        await asyncio.wait_for(_ready(process, port), STARTED_SECONDS)
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        await process.communicate()


async def _ready(process: asyncio.subprocess.Process, port: int) -> None:
    async with aiohttp.ClientSession() as session:
        while True:
            assert process.returncode is None, "the server ended at its start"
            with contextlib.suppress(aiohttp.ClientConnectionError):
                async with session.get(f"http://127.0.0.1:{port}/readyz") as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(0.05)


class Client:
    """HTTP to a server that may have been another process a moment ago."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def call(self, method: str, path: str, body: object = None, token: str = "") -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self._session.request(method, path, json=body, headers=headers) as response:
            text = await response.text()
            assert response.status < 300, f"{path}: {response.status} {text}"
            return await response.json() if text else None

    async def visitor(self) -> str:
        token: str = (await self.call("POST", f"{API}/widget/sessions", {}))["token"]
        return token

    async def say(self, visitor: str, client_id: str, text: str) -> Any:
        body = {"id": client_id, "text": text}
        return await self.call("POST", f"{API}/widget/messages", body, visitor)

    async def look(self, visitor: str) -> Any:
        return await self.call("GET", f"{API}/widget/conversation", token=visitor)

    async def answers(self, visitor: str, asked: str) -> list[str]:
        """What the bot said to this message, once it has."""

        async def found() -> list[str] | None:
            lines = (await self.look(visitor))["messages"]
            return [line["text"] for line in lines if line["in_reply_to"] == asked] or None

        return await eventually(found)

    async def ask(self, visitor: str, client_id: str, text: str) -> str:
        asked = await self.say(visitor, client_id, text)
        return (await self.answers(visitor, asked["message"]["id"]))[0]


async def pending_turns(database_url: str) -> int:
    database = Database(database_url)
    async with database.reader.connect() as connection:
        pending = sa.select(sa.func.count()).where(turns.c.state == "pending")
        count: int = (await connection.execute(pending)).scalar_one()
    await database.aclose()
    return count


@over_both_databases
async def test_killed_in_the_middle_it_goes_on_where_it_was(
    project: Path, database_url: str
) -> None:
    port = free_port()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        client = Client(session)
        async with demo_server(project, port, database_url) as process:
            sign_in = {"email": "agent@demo.test", "password": demo.PASSWORD}
            agent = (await client.call("POST", f"{API}/login", sign_in))["token"]
            ordering, waiting = await client.visitor(), await client.visitor()
            assert "order number" in await client.ask(ordering, "1", "where is my order?")
            await client.ask(waiting, "1", "I want to talk to a human")
            (queued,) = (await client.call("GET", f"{API}/handoffs", token=agent))["items"]
            at = f"{API}/conversations/{queued['conversation_id']}"
            before = await client.call("GET", at, token=agent)
            crowd = [await client.visitor() for _ in range(WHILE_KILLED)]
            asked = await asyncio.gather(
                *(client.say(visitor, "1", "when are you open?") for visitor in crowd)
            )
            process.send_signal(signal.SIGKILL)
            await process.wait()
        assert await pending_turns(database_url) > 0, "the kill came too late to show anything"

        async with demo_server(project, port, database_url):
            for visitor, said in zip(crowd, asked, strict=True):
                await client.answers(visitor, said["message"]["id"])
            # A client that never read the answer to its request sends the same message again.
            again = await asyncio.gather(
                *(client.say(visitor, "1", "when are you open?") for visitor in crowd)
            )
            assert again == asked
            for visitor in crowd:
                lines = (await client.look(visitor))["messages"]
                assert [line["author"] for line in lines] == ["customer", "bot"]
                assert lines[1]["text"].startswith("Our shop")
            assert "postcode" in await client.ask(ordering, "2", "10432")
            assert "hiking boots" in await client.ask(ordering, "3", "BS1 4DJ")
            # The agent is still signed in, and the hand-off still waits as it was.
            assert (await client.call("GET", f"{API}/handoffs", token=agent))["items"] == [queued]
            assert await client.call("GET", at, token=agent) == before
            claimed = await client.call("POST", f"{at}/claim", {}, agent)
            assert claimed["owner_epoch"] == before["owner_epoch"] + 1
        assert await pending_turns(database_url) == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_what_a_killed_process_leaves_is_taken_over_by_another(
    project: Path, database_url: str
) -> None:
    doomed, heir = free_port(), free_port()
    async with (
        demo_server(project, doomed, database_url) as process,
        demo_server(project, heir, database_url),
        aiohttp.ClientSession(f"http://127.0.0.1:{doomed}") as to_doomed,
        aiohttp.ClientSession(f"http://127.0.0.1:{heir}") as to_heir,
    ):
        before, after = Client(to_doomed), Client(to_heir)
        crowd = [await before.visitor() for _ in range(WHILE_KILLED)]
        asked = await asyncio.gather(
            *(before.say(visitor, "1", "when are you open?") for visitor in crowd)
        )
        process.send_signal(signal.SIGKILL)
        await process.wait()
        assert await pending_turns(database_url) > 0, "the kill came too late to show anything"
        for visitor, said in zip(crowd, asked, strict=True):
            await after.answers(visitor, said["message"]["id"])
        for visitor in crowd:
            lines = (await after.look(visitor))["messages"]
            assert [line["author"] for line in lines] == ["customer", "bot"]
