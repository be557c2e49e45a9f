"""PostgreSQL's own programs: what they write is consistent, and every version of it reads it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.engine import URL

from bot.errors import SetupError
from bot.store.database import Database
from bot.store.tables import metadata
from bot.store.unusable import shown

NAME = "database.dump"
# Who owns what here is nothing to another server.
PLAIN = ("--no-owner", "--no-privileges")
_OTHERS = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name = 'warmline' AND pid <> pg_backend_pid()"
)


def dump(url: URL, to: Path) -> None:
    """Everything in the database, as of one moment, while it is served."""
    _run("pg_dump", url, "--format=custom", f"--file={to}", *PLAIN)


def put(dumped: Path, url: URL) -> None:
    """All of it or nothing, into a database that is empty."""
    how = ("--exit-on-error", "--single-transaction", *PLAIN)
    _run("pg_restore", url, *how, str(dumped))


async def empty(database: Database) -> None:
    """Drop our tables. Raises SetupError while another process of ours is connected."""
    async with database.migrator.begin() as connection:
        if (await connection.execute(_OTHERS)).scalar_one():
            raise SetupError(
                "a Warmline is connected to it",
                where=f"WARMLINE_DATABASE_URL ({shown(database.url)})",
                cure="Stop every serving process and worker, and try again.",
            )
        await connection.run_sync(_drop)


def _drop(connection: Connection) -> None:
    metadata.drop_all(connection)
    connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
    # The triggers of the audit log go with it, what they call does not.
    connection.execute(sa.text("DROP FUNCTION IF EXISTS refuse_audit_log()"))


def _run(program: str, url: URL, *arguments: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise SetupError(
            f"there is no `{program}` on this machine",
            where="PATH",
            cure="Install PostgreSQL's client programs, of the server's version or a later one.",
        )
    # Everybody can read a command line: the password goes another way.
    address = url.set(drivername="postgresql", password=None).render_as_string()
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    ran = subprocess.run(  # noqa: S603
        [path, f"--dbname={address}", "--no-password", *arguments],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
    )
    if ran.returncode:
        said = ran.stderr.strip().splitlines() or ["it said nothing"]
        raise SetupError(
            f"`{program}` failed: {said[0]}",
            where=f"WARMLINE_DATABASE_URL ({shown(url)})",
            cure="Mend what it says; its version must be the server's or a later one.",
        )
