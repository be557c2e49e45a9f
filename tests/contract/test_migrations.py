"""From every released schema, with rows in it, to this one, on every database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from bot.clock import now
from bot.store.database import Database
from bot.store.schema import MIGRATIONS, upgrade
from tests.conftest import over_both_databases
from tests.postgresql import PostgresqlServer

CONFIG = Config()
CONFIG.set_main_option("script_location", str(MIGRATIONS))
REVISIONS = [script.revision for script in ScriptDirectory.from_config(CONFIG).walk_revisions()]

pytestmark = over_both_databases


@pytest.fixture
async def empty(database_url: str, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A database without our schema."""
    if database_url.startswith("sqlite"):
        database = Database(database_url)
        yield database
        await database.aclose()
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    with server.new_database() as url:
        database = Database(url)
        yield database
        await database.aclose()


async def migrate(database: Database, revision: str) -> None:
    def up(connection: sa.Connection) -> None:
        CONFIG.attributes["connection"] = connection
        command.upgrade(CONFIG, revision)

    async with database.migrator.begin() as connection:
        await connection.run_sync(up)


async def fill(database: Database) -> None:
    """A conversation with an answered message and one that waits, as the schema then has them."""
    at = now()
    rows: dict[str, list[dict[str, Any]]] = {
        "customers": [{"id": "c1"}],
        "conversations": [{"id": "v1", "address": "ada", "state": "bot"}],
        "messages": [
            {"id": "m7", "seq": 7, "author": "customer", "text": "hello"},
            {"id": "m8", "seq": 8, "author": "bot", "text": "Hi!"},
            {"id": "m9", "seq": 9, "author": "customer", "text": "and then?"},
        ],
        "turns": [
            {
                "id": "t1",
                "seq": 7,
                "message_id": "m7",
                "state": "done",
                "text": "hello",
                "outcome": "answered",
            },
            {"id": "t2", "message_id": "m9", "seq": 9, "state": "pending", "text": "and then?"},
        ],
        "outbox": [
            {"id": "o1", "seq": 8, "message_id": "m8", "address": "ada", "state": "delivered"}
        ],
    }
    usual = {
        "customer_id": "c1",
        "conversation_id": "v1",
        "channel": "rest",
        "owner_epoch": 1,
        "queue": "general",
        "last_seq": 9,
        "seen_seq": 0,
        "state": "done",
        "attempts": 1,
        "parts_sent": 1,
        "private": False,
        "created_at": at,
        "updated_at": at,
        "next_attempt_at": at,
        **{name: [] for name in ("buttons", "ranking", "entities", "actions", "attachments")},
        "data": {},
    }
    reflected = sa.MetaData()
    async with database.migrator.begin() as connection:
        await connection.run_sync(reflected.reflect)
        for name, given in rows.items():
            table = reflected.tables[name]
            for row in given:
                values = {key: value for key, value in {**usual, **row}.items() if key in table.c}
                await connection.execute(table.insert().values(values))


@pytest.mark.parametrize("revision", [each for each in REVISIONS if each != REVISIONS[0]])
async def test_what_an_older_version_wrote_is_there_and_can_be_worked_on(
    empty: Database, revision: str
) -> None:
    await migrate(empty, revision)
    await fill(empty)
    await upgrade(empty)
    async with empty.write() as uow:
        answered = await uow.turns.get("t1")
        assert answered is not None
        assert (answered.seq, answered.state, answered.outcome) == (7, "done", "answered")
        waiting = await uow.turns.begin_next("v1", at=now())
        assert waiting is not None
        assert (waiting.id, waiting.seq, waiting.attempts) == ("t2", 9, 2)
        assert [line.text for line in await uow.messages.transcript("v1")] == [
            "hello",
            "Hi!",
            "and then?",
        ]
        assert await uow.dead_letters.counts() == {"turn": 0, "delivery": 0}
    async with empty.reader.connect() as connection:
        found = await connection.execute(sa.text("SELECT id, seq, state FROM outbox"))
        assert [tuple(row) for row in found] == [("o1", 8, "delivered")]
