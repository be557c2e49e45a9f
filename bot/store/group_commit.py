"""Several writes to one commit: SQLite has one writer, and a commit waits for the disk.

Whoever wrote while others were waiting to write lets them write into the same transaction, each
behind a savepoint, and all of them are told of the one commit when it is on the disk. At no load a
write is committed at once; the more there are, the fewer commits each takes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.sqlite import run_plainly


@dataclass(slots=True, eq=False)
class _Group:
    """Writes that share a transaction; `committed` is set when it is on the disk, or failed."""

    connection: AsyncConnection
    committed: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


@asynccontextmanager
async def _savepoint(connection: AsyncConnection) -> AsyncIterator[None]:
    """What is written in the block goes with it when it raises, and nothing else does. There is one
    at a time, so that all may have one name."""
    await run_plainly(connection, "SAVEPOINT one_of_many")
    try:
        yield
    except BaseException:
        try:
            await run_plainly(connection, "ROLLBACK TO SAVEPOINT one_of_many")
            await run_plainly(connection, "RELEASE SAVEPOINT one_of_many")
        except Exception:
            # The block's own error is the one to raise; and what it wrote may be there still, so
            # nothing of this transaction is to be committed.
            await connection.invalidate()
        raise
    await run_plainly(connection, "RELEASE SAVEPOINT one_of_many")


class GroupCommit:
    """Writes one after the other, over one connection of the engine, which is kept: to check one
    out and in again takes as long as three statements."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None
        self._lock = asyncio.Lock()
        self._waiting = 0
        self._group: _Group | None = None
        self._committing: set[asyncio.Task[None]] = set()
        self._finishing: asyncio.Task[None] | None = None  # under the lock of one who waits for it

    @asynccontextmanager
    async def write(self, *, alone: bool = False) -> AsyncIterator[AsyncConnection]:
        """A transaction of its own, as far as anybody can tell; it is durable when the block ends,
        and nothing of it remains when the block raises.

        SQLite itself rolls everybody's writes back when one finds the disk full; `alone`, nobody
        else's are in the transaction.
        """
        async with self._turn():
            if alone and self._group is not None:
                self._finishing = self._start(self._finish(self._group))
                await asyncio.shield(self._finishing)
            group = self._group
            if group is None:
                group = await self._begin()
                try:
                    yield group.connection
                except BaseException:
                    await self._end(group, commit=False)
                    raise
                if alone or not self._waiting:
                    await self._end(group, commit=True)
                    return
                self._group = group
                # The lock is fair: this comes after all who wait for it now.
                self._start(self._commit(group))
            else:
                async with _savepoint(group.connection):
                    yield group.connection
        await asyncio.shield(group.committed)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        self._waiting += 1
        try:
            await self._lock.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._release()

    def _release(self) -> None:
        finishing, self._finishing = self._finishing, None
        if finishing is None or finishing.done():
            self._lock.release()
        else:  # whoever waited for it was called off; the connection is busy with it all the same
            finishing.add_done_callback(lambda _: self._lock.release())

    async def aclose(self) -> None:
        """Give the connection back; the next write would take another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _begin(self) -> _Group:
        if self._connection is None:
            self._connection = await self._engine.connect()
        connection = self._connection
        try:
            await connection.begin()
        except BaseException:
            await self.aclose()
            raise
        return _Group(connection)

    async def _commit(self, group: _Group) -> None:
        async with self._lock:
            if self._group is group:
                await self._finish(group)

    async def _finish(self, group: _Group) -> None:
        self._group = None
        try:
            await self._end(group, commit=True)
        except BaseException as error:
            group.committed.set_exception(error)
            group.committed.exception()  # every writer is told; there may be none left
        else:
            group.committed.set_result(None)

    def _start(self, committing: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(committing)
        self._committing.add(task)
        task.add_done_callback(self._committing.discard)
        return task

    async def _end(self, group: _Group, *, commit: bool) -> None:
        try:
            if commit:
                await group.connection.commit()
            else:
                await group.connection.rollback()
        except BaseException:
            # The file may still be locked by it: its end ends that.
            await group.connection.invalidate()
            await self.aclose()
            raise
