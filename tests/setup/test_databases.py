"""A database that cannot be used: told at the start, answered with 503 later, never with its
password."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import running
from bot.cli import main
from bot.errors import SetupError
from bot.live_model import Assistant
from bot.settings import Settings
from bot.store.database import Database, parse_url
from bot.store.schema import upgrade
from tests.client import eventually
from tests.conftest import serving
from tests.postgresql import LOCKED_OUT, PostgresqlServer

PASSWORD = "hunter2"


def refused(capsys: pytest.CaptureFixture[str], folder: Path, url: str) -> str:
    """What `warmline db upgrade` says of this address."""
    command = ("db", "upgrade", "--data-dir", str(folder), "--database-url", url)
    # In a thread: the command brings its own event loop, and would take the tests' away.
    with pytest.raises(SystemExit) as ended, ThreadPoolExecutor(1) as aside:
        aside.submit(main, command).result()
    said = str(ended.value.code) + "".join(capsys.readouterr())
    assert "WARMLINE_DATABASE_URL" in said
    assert PASSWORD not in said
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 2, "the place and the problem, then the cure"
    return said


@pytest.mark.parametrize(
    ("url", "problem", "cure"),
    [
        ("postgresql://u:hunter2@127.0.0.1:1/w", "does not answer", "Start the server"),
        ("postgresql://u:hunter2@nowhere.invalid/w", "does not answer", "host and port"),
        ("postgresql+psycopg2://u:hunter2@h/w", "postgresql+psycopg2", "postgresql://"),
        ("mysql://u:hunter2@h/w", "not a database address", "postgresql://USER"),
        ("postgresql://u:hunter2@h:port/w", "not a database address", "postgresql://USER"),
        ("postgresql://u:hunter2@h/w?sslmode=maybe", "sslmode", "Correct WARMLINE_DATABASE_URL"),
    ],
)
def test_an_address_that_leads_nowhere_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, url: str, problem: str, cure: str
) -> None:
    said = refused(capsys, tmp_path, url)
    assert problem in said
    assert cure in said


def test_a_wrong_password_is_named_and_not_shown(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, postgresql: PostgresqlServer
) -> None:
    url = postgresql.url("postgres", user=f"{LOCKED_OUT}:{PASSWORD}")
    said = refused(capsys, tmp_path, url)
    assert f"refuses the user '{LOCKED_OUT}' or the password" in said
    by_option = postgresql.url("postgres", user=LOCKED_OUT) + f"&password={PASSWORD}"
    assert "or the password" in refused(capsys, tmp_path, by_option)


def test_a_missing_database_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, postgresql: PostgresqlServer
) -> None:
    said = refused(capsys, tmp_path, postgresql.url("nowhere"))
    assert "no database 'nowhere'" in said
    assert "createdb nowhere" in said


def test_a_user_who_may_not_create_tables_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, postgresql: PostgresqlServer
) -> None:
    postgresql.sql("DROP ROLE IF EXISTS reader")
    postgresql.sql("CREATE ROLE reader LOGIN")
    with postgresql.new_database() as url:
        said = refused(capsys, tmp_path, url.replace("postgres@", "reader@"))
    assert "'reader' may not create tables" in said


@pytest.fixture
def empty_url(
    request: pytest.FixtureRequest, tmp_path: Path, postgresql: PostgresqlServer
) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with postgresql.new_database() as url:
        yield url


@pytest.mark.parametrize("empty_url", ["sqlite", "postgresql"], indirect=True)
async def test_processes_that_start_together_migrate_one_after_the_other(empty_url: str) -> None:
    databases = [Database(empty_url) for _ in range(5)]
    await asyncio.gather(*(upgrade(database) for database in databases))
    for database in databases:
        async with database.read() as uow:
            assert await uow.staff.everybody() == []
        await database.aclose()


async def test_a_new_file_that_another_program_writes_to_is_waited_for(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "new.db", isolation_level=None)) as other:
        other.execute("CREATE TABLE theirs (one)")
        other.execute("BEGIN IMMEDIATE")
        database = Database(f"sqlite:///{tmp_path / 'new.db'}")
        upgrading = asyncio.create_task(upgrade(database))
        await asyncio.wait([upgrading], timeout=0.3)
        assert not upgrading.done()
        other.execute("ROLLBACK")
    await upgrading
    await database.aclose()


async def start(settings: Settings, assistant: Assistant) -> None:
    async with running(settings, assistant=assistant):
        pass


async def test_a_second_server_on_the_same_file_is_refused_until_the_first_ends(
    settings: Settings, assistant: Assistant, tmp_path: Path
) -> None:
    (tmp_path / "other name.db").symlink_to(tmp_path / "warmline.db")
    other = replace(settings, database_url=f"sqlite:///{tmp_path / 'other name.db'}")
    async with running(settings, assistant=assistant):
        for again in (settings, other):
            with pytest.raises(SetupError) as told:
                await start(again, assistant)
            assert "another Warmline (process" in told.value.problem
            assert "PostgreSQL" in told.value.cure
    await start(settings, assistant)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_servers_share_a_postgresql(settings: Settings, assistant: Assistant) -> None:
    async with running(settings, assistant=assistant):
        await start(settings, assistant)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_while_the_database_is_away_nothing_is_accepted_and_then_all_goes_on(
    settings: Settings, assistant: Assistant, postgresql: PostgresqlServer
) -> None:
    async with serving(settings, assistant) as warmline:
        client = warmline.client
        assert (await warmline.texts("ada", "hello"))[0].startswith("Hello")
        body = {"sender": "ada", "message": "are you there?", "metadata": {"message_id": "1"}}
        with postgresql.away(parse_url(settings.database_url).database or ""):
            for _ in range(3):
                async with client.post("/webhooks/rest/webhook", json=body) as response:
                    assert response.status == 503
                    assert response.headers["Retry-After"]
                    assert (await response.json())["error"]["code"] == "unavailable"
                async with client.get("/readyz") as response:
                    assert response.status == 503
                    assert (await response.json())["status"] == "unavailable"
                async with client.get("/healthz") as response:
                    assert response.status == 200
                async with client.get("/metrics") as response:
                    assert response.status == 200
                    assert "warmline_dead_letters{" not in await response.text()

        async def ready() -> bool | None:
            async with client.get("/readyz") as response:
                return response.status == 200 or None

        await eventually(ready)
        async with client.get("/metrics") as response:
            assert 'warmline_dead_letters{kind="turn"} 0.0' in await response.text()
        assert await warmline.rest("ada", "are you there?", message_id="1")
        lead = await warmline.staff("lead@demo.test")
        assert len((await lead.get("/turns"))["items"]) == 2
