"""Making the database itself forget what was deleted: rows that are gone leave their bytes behind.

SQLite's file is written anew without them and its write-ahead log cut off; its index of words is
merged first, because it only marks what was taken out. PostgreSQL gives up the dead rows, and the
samples that its statistics keep of them; their bytes stay in free space of its files until that is
used again, and in its log as long as that is kept.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing

import sqlalchemy as sa
from sqlalchemy.engine import URL

from bot.store.database import Database
from bot.store.personal import personal_tables
from bot.store.sqlite import BUSY_SECONDS, LOOK_SECONDS
from bot.store.tables import clusters, models, must_pass, review_groups, turn_views


async def scrub(database: Database) -> None:
    """Raises what the database does when it stays too busy for it: try again later."""
    if database.url.get_backend_name() == "sqlite":
        await asyncio.to_thread(_scrub_file, database.url)
        return
    touched = [*personal_tables(), clusters, models, must_pass, review_groups, turn_views]
    async with database.migrator.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in touched:
            await alone.execute(sa.text(f"VACUUM (ANALYZE) {table.name}"))


def _scrub_file(url: URL) -> None:
    path = url.database or ":memory:"
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("INSERT INTO search_words (search_words) VALUES ('optimize')")
        connection.execute("VACUUM")
        ends = time.monotonic() + BUSY_SECONDS
        # Cut off only once nobody reads what is older: a reader is done in a moment.
        while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() > ends:
                raise sqlite3.OperationalError("the log is read all the time and cannot be cut off")
            time.sleep(LOOK_SECONDS)
