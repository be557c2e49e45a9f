"""Connections to the shop's database: for reading, which can change nothing, and for changing."""

from __future__ import annotations

import os
import sqlite3
from functools import partial
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from actions.context.errors import ShopMisconfigured, ShopUnavailable

SETTING = "WARMLINE_SHOP_DATABASE_URL"
#: What a database may fail with; what connecting raises comes past SQLAlchemy, as does what SQLite
#: calls a warning: two statements in one.
FAILURES = (
    SQLAlchemyError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    sqlite3.Warning,
    OSError,
)
_CONNECTIONS = 4
_CONNECT_AGAIN_SECONDS = 180  # firewalls forget connections that were silent for some minutes


def parsed(url: str) -> URL:
    """The address of a database we have a driver for. Raises ShopMisconfigured."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        address = None
    if address is None or address.get_backend_name() not in ("sqlite", "postgresql"):
        raise ShopMisconfigured(
            "not a database address we can use",
            where=SETTING,
            cure="Use sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE.",
        )
    return address


def is_file(address: URL) -> bool:
    """Whether it is a SQLite file, for one trip to a thread at a time, and not a server."""
    return address.get_backend_name() == "sqlite"


def require_file(address: URL) -> None:
    """Raises ShopUnavailable where there is none: SQLite would create an empty shop, and every
    order would seem not to exist."""
    if not os.path.isfile(address.database or ""):
        raise ShopUnavailable(
            f"the shop database {address.database!r} does not exist; start `warmline demo` "
            f"or set {SETTING}"
        )


def file_engine(address: URL, timeout: float, *, read_only: bool) -> sa.Engine:
    """For a SQLite file; `timeout` is how many seconds to wait for a lock, past all cancelling."""
    engine = sa.create_engine(
        address.set(drivername="sqlite"),
        connect_args={"timeout": timeout},
        pool_size=_CONNECTIONS,
        hide_parameters=True,  # errors are logged: what customers ask for is not
    )

    @sa.event.listens_for(engine, "connect")
    def tell(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA query_only = {read_only:d}")

    return engine


def server_engine(address: URL, timeout: float, *, read_only: bool) -> AsyncEngine:
    """For a PostgreSQL server, which gives up a statement after `timeout` seconds.

    The address goes to asyncpg as it is, so it may say all that libpq's may, such as `sslmode`.
    """
    libpq = address.set(drivername="postgresql").render_as_string(hide_password=False)
    told = {
        "application_name": "warmline",
        "default_transaction_read_only": "on" if read_only else "off",
        "statement_timeout": str(int(timeout * 1000)),
    }
    return create_async_engine(
        address.set(drivername="postgresql+asyncpg"),
        async_creator=partial(asyncpg.connect, libpq, timeout=timeout, server_settings=told),
        # Readers see one moment; whoever changes something locks what it checks.
        isolation_level="REPEATABLE READ" if read_only else "READ COMMITTED",
        pool_size=_CONNECTIONS,
        pool_recycle=_CONNECT_AGAIN_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,
    )
