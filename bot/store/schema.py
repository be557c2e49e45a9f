"""Bringing a database to the schema this code was written for, and refusing a newer one."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from bot.clock import new_id, now
from bot.errors import SetupError
from bot.store.database import Database
from bot.store.tables import audit_log
from bot.store.unusable import OPENING_ERRORS, shown, unusable

MIGRATIONS = Path(__file__).parent / "migrations"
# Any number does, as long as every version of Warmline takes the same: this one reads "warmline".
MIGRATION_LOCK = int.from_bytes(b"warmline", "big")


async def upgrade(database: Database) -> None:
    """Run the migrations that are missing; raise SetupError when the database cannot be used."""
    try:
        if database.url.get_backend_name() == "sqlite":
            # A connection that aiosqlite cannot open leaves a thread that may end in a stack trace.
            await asyncio.to_thread(_try_to_open, database.url.database or ":memory:")
        async with database.migrator.begin() as connection:
            await connection.run_sync(_upgrade)
    except OPENING_ERRORS as error:
        raise unusable(database.url, error) from error


def newest_revision() -> str:
    """The schema that this code was written for."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    assert newest is not None  # noqa: S101 - there are migrations, and one line of them
    return newest


async def revision_of(database: Database) -> str | None:
    """The database's schema as it is; None when it has none of ours. Changes nothing."""
    async with database.reader.connect() as connection:
        return await connection.run_sync(
            lambda sync: MigrationContext.configure(sync).get_current_revision()
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _try_to_open(path: str) -> None:
    sqlite3.connect(path).close()


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # Processes that start together migrate one after the other: the second finds it done.
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
    config = _config()
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in known:
        raise SetupError(
            f"its schema ('{current}') is newer than this version of Warmline knows",
            where=f"WARMLINE_DATABASE_URL ({shown(connection.engine.url)})",
            cure="Start the newer Warmline that wrote it, or restore a back-up made before.",
        )
    command.upgrade(config, "head")
    reached = MigrationContext.configure(connection).get_current_revision()
    if current not in (None, reached):
        connection.execute(
            audit_log.insert().values(
                id=new_id(),
                user_id=None,
                action="database.upgraded",
                subject=str(reached),
                details={"from": current},
                created_at=now(),
                actor="operator",
            )
        )
