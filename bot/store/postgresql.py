"""PostgreSQL behind SQLAlchemy's asyncio: what every connection is told before it is used.

The address goes to asyncpg as it is, so it may say all that libpq's may: `sslmode`, a socket's
folder as `host`, several hosts with `target_session_attrs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

# A connection is a process on the server, which allows 100 unless told otherwise: five of ours fit.
# A turn writes for a small part of its time, so that ten writers keep sixteen turns going.
WRITERS = 10
READERS = 8
WAIT_FOR_CONNECTION_SECONDS = 5.0
CONNECT_SECONDS = 5.0
# Firewalls forget connections that were silent for some minutes, and tell nobody.
LONGEST_USE_SECONDS = 180
# Longer than the server's own limits: it is for a server that no longer says anything.
COMMAND_SECONDS = 15.0
NUL = "\0"
LIMITS = {
    "statement_timeout": "10s",
    "lock_timeout": "4s",
    # A process that freezes in the middle of a write gives its locks back.
    "idle_in_transaction_session_timeout": "5s",
}


def writing(url: URL) -> AsyncEngine:
    """Read committed: a check that guards a write locks its row first, and then sees the newest.

    Under a stricter level the second of two transactions would fail and have to be done again;
    under this one it waits for its turn.
    """
    return _pool(url, WRITERS, isolation_level="READ COMMITTED")


def reading(url: URL) -> AsyncEngine:
    """Repeatable read: all the queries of one block see the same moment."""
    return _pool(
        url,
        READERS,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
    )


def migrating(url: URL) -> AsyncEngine:
    """One connection without limits: a migration, or waiting for another's, takes what it takes."""
    connect = partial(_connect, url, {}, command_timeout=None)
    return create_async_engine(url, async_creator=connect, poolclass=NullPool, hide_parameters=True)


def _pool(url: URL, size: int, **options: Any) -> AsyncEngine:
    engine = create_async_engine(
        url,
        async_creator=partial(_connect, url, LIMITS, command_timeout=COMMAND_SECONDS),
        pool_size=size,
        max_overflow=0,
        pool_timeout=WAIT_FOR_CONNECTION_SECONDS,
        pool_recycle=LONGEST_USE_SECONDS,
        # Errors are logged: what customers say is not.
        hide_parameters=True,
        **options,
    )
    event.listen(engine.sync_engine, "before_cursor_execute", _without_nul, retval=True)
    return engine


def _without_nul(
    _connection: object,
    _cursor: object,
    statement: str,
    values: Sequence[Any],
    _context: object,
    _many: bool,
) -> tuple[str, Sequence[Any]]:
    """PostgreSQL's texts cannot hold the character NUL. Its place is taken, as Unicode's own
    decoders do it; then a search for one finds nothing, instead of failing."""
    if any(isinstance(value, str) and NUL in value for value in values):
        values = tuple(
            value.replace(NUL, "\ufffd") if isinstance(value, str) else value for value in values
        )
    return statement, values


async def _connect(url: URL, limits: Mapping[str, str], *, command_timeout: float | None) -> Any:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return await asyncpg.connect(
        address,
        timeout=CONNECT_SECONDS,
        command_timeout=command_timeout,
        server_settings={"application_name": "warmline", **limits},
    )
