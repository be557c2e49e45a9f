"""Fault 7: the database is away, locked or full: nothing is accepted, all says so, and afterwards
everything that was acknowledged is answered, without a restart."""

from __future__ import annotations

import asyncio
import re
import resource
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa

from bot.clock import now
from bot.intake import receive
from bot.lease import lease_end
from bot.retry import MOST_ATTEMPTS
from bot.services import Services
from bot.settings import Settings
from bot.store.database import parse_url
from bot.store.tables import conversations, turns
from bot.turn import APOLOGY
from tests.bot.test_restart import Client, demo_server, free_port, project
from tests.client import API, PATIENCE_SECONDS, Warmline, eventually
from tests.conftest import over_both_databases
from tests.connectors.test_socketio import phone
from tests.faults.books import ANSWER, PLAIN, all_taken, each_answered_once, pending
from tests.postgresql import PostgresqlServer
from tests.processes import message

__all__ = ["project"]
BUSY_SECONDS = 0.1
CROWD = 20


@pytest.fixture(autouse=True)
def _soon_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A locked file is waited for as shortly as the tests can afford."""
    monkeypatch.setattr("bot.store.sqlite.BUSY_SECONDS", BUSY_SECONDS)


@contextmanager
def away(settings: Settings, request: pytest.FixtureRequest) -> Iterator[None]:
    """PostgreSQL lets in nobody; SQLite's file is another program's."""
    url = parse_url(settings.database_url)
    if url.get_backend_name() == "postgresql":
        server: PostgresqlServer = request.getfixturevalue("postgresql")
        with server.away(url.database or ""):
            yield
        return
    with closing(sqlite3.connect(url.database or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def gauge(warmline: Warmline, name: str) -> float:
    async with warmline.client.get("/metrics") as response:
        assert response.status == 200
        lines = (await response.text()).splitlines()
    return float(next(line for line in lines if line.startswith(f"{name} ")).split()[1])


async def refused(warmline: Warmline, path: str, body: object, token: str = "") -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with warmline.client.post(path, json=body, headers=headers) as response:
        assert response.status == 503, await response.text()
        assert int(response.headers["Retry-After"]) > 0
        assert (await response.json())["error"]["code"] == "unavailable"


async def ready(warmline: Warmline) -> bool | None:
    async with warmline.client.get("/readyz") as response:
        return response.status == 200 or None


@over_both_databases
async def test_while_the_database_is_away_nothing_is_accepted_and_then_all_is_answered(
    warmline: Warmline, services: Services, settings: Settings, request: pytest.FixtureRequest
) -> None:
    crowd = [await warmline.visitor() for _ in range(CROWD)]
    await warmline.texts("ada", PLAIN)
    assert await gauge(warmline, "warmline_database_up") == 1
    asked = await asyncio.gather(*(visitor.say(PLAIN) for visitor in crowd))
    assert await pending(services) > 0, "it went away too late to show anything"
    async with phone(warmline) as one:
        await one.session("bob")
        with away(settings, request):
            repeated = {"sender": "ada", "message": PLAIN, "metadata": {"message_id": "m1"}}
            await refused(warmline, "/webhooks/rest/webhook", repeated)
            for visitor in crowd[:2]:
                body = {"id": "m2", "text": PLAIN}
                await refused(warmline, "/api/v1/widget/messages", body, visitor.token)
            await one.say(PLAIN, "bob")
            refusal = await asyncio.wait_for(one.refused.get(), PATIENCE_SECONDS)
            assert refusal["error"]["code"] == "unavailable"
            async with warmline.client.get("/readyz") as response:
                assert response.status == 503
                why = await response.json()
            assert why["status"] == "unavailable"
            assert why["database"].endswith("Error"), why
            async with warmline.client.get("/healthz") as response:
                assert response.status == 200
            assert await gauge(warmline, "warmline_database_up") == 0
        await eventually(lambda: ready(warmline))
        assert await gauge(warmline, "warmline_database_up") == 1
        await one.say(PLAIN, "bob")  # as it was told to
        assert (await one.hear())["text"].startswith(ANSWER)
    assert (await warmline.rest("ada", PLAIN, message_id="m1"))[0]["text"].startswith(ANSWER)
    await all_taken(services)
    for visitor, said in zip(crowd, asked, strict=True):
        lines = (await visitor.look())["messages"]
        assert [line["in_reply_to"] for line in lines] == [None, said["id"]]
        assert lines[1]["text"].startswith(ANSWER)
    assert await gauge(warmline, "warmline_oldest_turn_seconds") == 0
    async with services.database.reader.connect() as connection:
        kept = await connection.execute(sa.select(turns.c.message_id))
    await each_answered_once(services, [row.message_id for row in kept])


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits other processes")
async def test_a_process_that_can_write_no_file_is_not_ready(
    project: Path,
    database_url: str,
) -> None:
    """As on a full disk, which still lets itself be read."""
    port = free_port()
    async with (
        demo_server(project, port, database_url) as process,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        client = Client(session)
        visitor = await client.visitor()

        async def status(path: str) -> int:
            async with session.get(path) as response:
                return response.status

        asked = await client.say(visitor, "m1", PLAIN)
        _, most = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, most))
        body = {"id": "m2", "text": PLAIN}
        headers = {"Authorization": f"Bearer {visitor}"}
        async with session.post(f"{API}/widget/messages", json=body, headers=headers) as response:
            assert (response.status, response.headers["Retry-After"]) == (503, "2")
        assert (await status("/readyz"), await status("/healthz")) == (503, 200)
        async with session.get("/metrics") as response:
            assert "\nwarmline_database_up 0.0\n" in await response.text()
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (most, most))
        again = await client.say(visitor, "m2", PLAIN)
        for said in (asked, again):
            (answer,) = await client.answers(visitor, said["message"]["id"])
            assert answer.startswith(ANSWER)
        assert await status("/readyz") == 200


async def set_limit(services: Services, pages: int) -> None:
    async with services.database.write_alone() as uow:  # the connection that all write over
        await uow.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


@asynccontextmanager
async def full_disk(services: Services) -> AsyncIterator[None]:
    """The file cannot grow, whichever connection writes: one that failed is replaced."""

    def fill(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA max_page_count = 1")  # or as many as there are
        cursor.close()

    engine = services.database.writer.sync_engine
    sa.event.listen(engine, "connect", fill)
    await set_limit(services, 1)
    yield
    sa.event.remove(engine, "connect", fill)
    await set_limit(services, 2**30)


async def test_a_full_disk_costs_no_try_and_no_answer(
    warmline: Warmline,
    services: Services,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Small changes still fit into pages there are, such as counting a try; the answer does not."""
    monkeypatch.setattr("bot.worker.RETRY_SECONDS", 0.1)
    accepted: list[dict[str, Any]] = []
    visitors = []

    async def is_accepted() -> bool:
        visitor = await warmline.visitor()
        said = await visitor.call(
            "POST", "/widget/messages", {"id": "m1", "text": PLAIN}, status=None
        )
        if "error" in said:
            assert said["error"]["code"] == "unavailable"
            return False
        accepted.append(said["message"])
        visitors.append(visitor)
        return True

    async def tried() -> bool | None:
        # Others write meanwhile, and share commits that fail.
        await asyncio.gather(*(is_accepted() for _ in range(3)))
        tries = Counter(re.findall(r"turn_postponed conversation_id=(\S+)", caplog.text))
        often = [each for each, count in tries.items() if count > MOST_ATTEMPTS]
        return len(often) >= 3 or None

    async with AsyncExitStack() as disk:
        async with services.slots.taken(), services.slots.taken():  # no turn begins
            for _ in range(10):  # far more than the last pages have room for answers
                assert await is_accepted()
            await disk.enter_async_context(full_disk(services))
        await eventually(tried)
        async with services.database.reader.connect() as connection:
            counted = (await connection.scalars(sa.select(turns.c.attempts))).all()
        assert max(counted) <= 1  # the one at hand
    await all_taken(services)
    await each_answered_once(services, [each["id"] for each in accepted])
    for visitor in visitors:
        assert (await visitor.look())["messages"][1]["text"] != APOLOGY


async def test_what_waits_longest_shows(warmline: Warmline, services: Services) -> None:
    long_ago = now() - timedelta(minutes=5)
    received = await receive(services, message())
    await all_taken(services)
    assert await gauge(warmline, "warmline_oldest_turn_seconds") == 0
    stuck = turns.update().where(turns.c.id == received.turn_id)
    async with services.database.writer.begin() as connection:
        await connection.execute(stuck.values(state="pending", created_at=long_ago))
        # Somebody else is at it.
        await connection.execute(
            conversations.update().values(lease_token="another", lease_until=lease_end())
        )
    assert 300 <= await gauge(warmline, "warmline_oldest_turn_seconds") < 310
