"""Bringing a database to the schema this code was written for, and refusing a newer one."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.errors import SetupError
from bot.store.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"


async def upgrade(database: Database) -> None:
    """Run the migrations that are missing; raise SetupError when the database cannot be used."""
    try:
        # A connection that aiosqlite cannot open leaves a thread that may end in a stack trace.
        await asyncio.to_thread(_try_to_open, database.url.database or ":memory:")
        async with database.writer.begin() as connection:
            await connection.run_sync(_upgrade)
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise SetupError(
            f"the database cannot be opened or written ({type(cause).__name__}: {cause})",
            where=database.url.render_as_string(hide_password=True),
            cure="Check that the folder exists, is writable and has space, "
            "or that the database server answers; WARMLINE_DATABASE_URL says where it is.",
        ) from error


def _try_to_open(path: str) -> None:
    sqlite3.connect(path).close()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in known:
        raise SetupError(
            f"its schema ('{current}') is newer than this version of Warmline knows",
            where=connection.engine.url.render_as_string(hide_password=True),
            cure="Start the newer Warmline that wrote it, or restore a back-up made before.",
        )
    command.upgrade(config, "head")
