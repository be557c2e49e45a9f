"""The shop's database: every read bounded in time, of one moment, and nothing but a read.

Belongs to the event loop that first uses it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa

from actions.context.errors import ShopUnavailable
from actions.context.sql.engines import (
    FAILURES,
    SETTING,
    file_engine,
    is_file,
    parsed,
    require_file,
    server_engine,
)

T = TypeVar("T")
Use = Callable[[sa.Connection], T]


class ShopDatabase:
    """The database of `url`; `timeout` is in seconds, for a whole read."""

    def __init__(self, url: str, *, timeout: float) -> None:
        self._address = parsed(url)
        self._timeout = timeout
        if is_file(self._address):
            # The wait for a lock cannot be cancelled, so it has to end before ours does.
            self._file = file_engine(self._address, timeout / 2, read_only=True)
        else:
            self._server = server_engine(self._address, timeout, read_only=True)

    async def read(self, use: Use[T]) -> T:
        """What `use` makes of a connection that sees one moment and can change nothing.

        Raises ShopUnavailable, and what `use` raises.
        """
        try:
            return await asyncio.wait_for(self._used(use), self._timeout)
        except asyncio.TimeoutError as error:
            raise ShopUnavailable(
                f"the shop database did not answer within {self._timeout:g} s"
            ) from error
        except FAILURES as error:
            # The driver's text may quote the row asked for, so only its kind is passed on.
            raise ShopUnavailable(
                f"the shop database could not be read ({type(error).__name__}); check {SETTING}"
            ) from error

    async def aclose(self) -> None:
        """Closes the connections."""
        if is_file(self._address):
            self._file.dispose()
        else:
            await self._server.dispose()

    async def _used(self, use: Use[T]) -> T:
        if is_file(self._address):
            # One trip to a thread for a whole read; an async driver makes four a statement.
            return await asyncio.to_thread(self._used_file, use)
        async with self._server.connect() as connection:
            return await connection.run_sync(use)

    def _used_file(self, use: Use[T]) -> T:
        require_file(self._address)
        with self._file.connect() as connection:
            connection.exec_driver_sql("BEGIN")  # or each statement would see another moment
            return use(connection)
