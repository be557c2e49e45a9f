"""Changes in a database whose tables are the demo shop's: the only ones we know how to change."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone

from actions.context.changes import Change, Changed
from actions.context.demo_changes import apply_to_file, apply_to_server
from actions.context.errors import ShopUnavailable
from actions.context.sql.engines import (
    FAILURES,
    file_engine,
    is_file,
    parsed,
    require_file,
    server_engine,
)


class ShopWriter:
    """Connections of its own, since those for reading can change nothing; times in seconds."""

    def __init__(self, url: str, *, timeout: float) -> None:
        self._address = parsed(url)
        self._timeout = timeout
        if is_file(self._address):
            self._file = file_engine(self._address, timeout, read_only=False)
        else:
            self._server = server_engine(self._address, timeout, read_only=False)

    async def apply(self, key: str, change: Change) -> Changed:
        """Make the change once under this key. Raises ShopUnavailable, and ValueError for arguments
        that no such change has."""
        now = datetime.now(timezone.utc)
        try:
            if is_file(self._address):
                # Not given up half-way: whether it was made would be unknown.
                return await asyncio.to_thread(self._apply_to_file, key, change, now)
            return await asyncio.wait_for(
                apply_to_server(self._server, key, change, now), self._timeout
            )
        except asyncio.TimeoutError as error:
            raise ShopUnavailable(
                f"the shop database did not make a change within {self._timeout:g} s"
            ) from error
        except FAILURES as error:
            raise ShopUnavailable(
                f"the shop database could not be changed ({type(error).__name__})"
            ) from error

    async def aclose(self) -> None:
        """Closes the connections."""
        if is_file(self._address):
            self._file.dispose()
        else:
            await self._server.dispose()

    def _apply_to_file(self, key: str, change: Change, now: datetime) -> Changed:
        require_file(self._address)
        return apply_to_file(self._file, key, change, now)
