"""Points at which a process kills itself, the first time that any of those doomed reaches one."""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

import bot.turn
import bot.worker
from bot.ledger import Ledger
from bot.store.database import Database, UnitOfWork
from tests.provider import BlindConnector

Die = Callable[[], None]
Work = Callable[..., Awaitable[Any]]
TOLD = ("/widget/messages", "/webhook")


@dataclass(frozen=True, slots=True)
class Doom:
    """A point's name, and the file that whoever dies there leaves, with its process id in it."""

    point: str
    marker: Path

    def seal(self) -> None:
        """Wrap the point in this process."""
        POINTS[self.point](self)

    def die(self) -> None:
        """End here and now, unless somebody has."""
        try:
            made = os.open(self.marker, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        except FileExistsError:
            return
        os.write(made, str(os.getpid()).encode())
        os.kill(os.getpid(), signal.SIGKILL)


def _before(owner: object, name: str, die: Die) -> None:
    real: Work = getattr(owner, name)

    async def doomed(*given: Any, **named: Any) -> Any:
        die()
        return await real(*given, **named)

    setattr(owner, name, doomed)


def _after(owner: object, name: str, die: Die) -> None:
    real: Work = getattr(owner, name)

    async def doomed(*given: Any, **named: Any) -> Any:
        result = await real(*given, **named)
        die()
        return result

    setattr(owner, name, doomed)


def _acknowledged(doom: Doom) -> None:
    """A customer has our word, and no turn has begun."""
    told = False
    finish, take = RequestHandler.finish_response, bot.turn.take_turns

    async def finish_response(
        self: RequestHandler, request: Any, answer: web.StreamResponse, *rest: Any
    ) -> Any:
        nonlocal told
        finished = await finish(self, request, answer, *rest)
        told = told or (answer.status < 300 and request.path.endswith(TOLD))
        return finished

    async def take_turns(*given: Any) -> None:
        while not told and not doom.marker.exists():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        doom.die()
        await take(*given)

    setattr(RequestHandler, "finish_response", finish_response)  # noqa: B010
    setattr(bot.worker, "take_turns", take_turns)  # noqa: B010


def _after_the_commit(doom: Doom) -> None:
    """Before anybody is told of the turn, this process included."""
    committing: set[UnitOfWork] = set()
    commit, write = bot.turn._commit, Database.write

    async def _commit(uow: UnitOfWork, *given: Any) -> Any:
        committing.add(uow)
        return await commit(uow, *given)

    @asynccontextmanager
    async def doomed(self: Database) -> AsyncIterator[UnitOfWork]:
        async with write(self) as uow:
            yield uow
        if uow in committing:
            doom.die()

    setattr(bot.turn, "_commit", _commit)  # noqa: B010
    setattr(Database, "write", doomed)  # noqa: B010


def _before_the_bank(doom: Doom) -> None:
    _before(importlib.import_module("tests.faults.refunds"), "make", doom.die)


POINTS: dict[str, Callable[[Doom], None]] = {
    "acknowledged": _acknowledged,
    # The intent is written, the bank has not heard of it.
    "mid action": _before_the_bank,
    # The bank has made it, its answer is not written.
    "mid refund": lambda doom: _before(Ledger, "finish", doom.die),
    "between refunds": lambda doom: _after(Ledger, "finish", doom.die),
    "before the commit": lambda doom: _after(bot.turn, "_commit", doom.die),
    "after the commit": _after_the_commit,
    # The intent is written, the provider has not heard of it.
    "before the send": lambda doom: _before(BlindConnector, "send", doom.die),
    # The provider has taken it, its answer is not written.
    "after the send": lambda doom: _after(BlindConnector, "send", doom.die),
}
