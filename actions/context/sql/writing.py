"""Changes in a database whose tables are the demo shop's: the only ones we know how to change."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import datetime, timezone
from functools import partial
from urllib.parse import quote

import asyncpg
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from actions.context.changes import Change, Changed
from actions.context.demo_changes import apply_to_file, apply_to_server
from actions.context.errors import ShopUnavailable

_FAILURES = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)


class ShopWriter:
    """Connections of its own, since those for reading can change nothing; times in seconds."""

    def __init__(self, url: str, *, timeout: float) -> None:
        self._timeout = timeout
        address = make_url(url)
        self._is_file = address.get_backend_name() == "sqlite"
        if self._is_file:
            # An address of this kind makes no new file where there is none.
            file = f"file:{quote(address.database or '')}?mode=rw"
            how = {"uri": True, "timeout": timeout, "check_same_thread": False}
            self._file = sa.create_engine(
                "sqlite://",
                creator=partial(sqlite3.connect, file, **how),
                poolclass=sa.QueuePool,
                hide_parameters=True,
            )
        else:
            self._server = create_async_engine(
                address.set(drivername="postgresql+asyncpg"),
                pool_pre_ping=True,
                hide_parameters=True,
            )

    async def apply(self, key: str, change: Change) -> Changed:
        """Make the change once under this key. Raises ShopUnavailable, and ValueError for arguments
        that no such change has."""
        now = datetime.now(timezone.utc)
        try:
            if self._is_file:
                # Not given up half-way: whether it was made would be unknown.
                return await asyncio.to_thread(apply_to_file, self._file, key, change, now)
            return await asyncio.wait_for(
                apply_to_server(self._server, key, change, now), self._timeout
            )
        except asyncio.TimeoutError as error:
            raise ShopUnavailable(
                f"the shop database did not make a change within {self._timeout:g} s"
            ) from error
        except _FAILURES as error:
            raise ShopUnavailable(
                f"the shop database could not be changed ({type(error).__name__})"
            ) from error

    async def aclose(self) -> None:
        """Closes the connections."""
        if self._is_file:
            self._file.dispose()
        else:
            await self._server.dispose()
