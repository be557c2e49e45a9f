"""Which users have a live page open: here, or in any process (desk.redis_presence)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Presence(Protocol):
    """Who is online. Nothing but what colleagues see depends on it."""

    def here(self, user_id: str) -> AbstractContextManager[None]:
        """The user is online for as long as this lasts."""

    async def online(self) -> frozenset[str]:
        """The ids of the users who are."""


class MemoryPresence:
    """Counts open sockets a user; a user is online while there is one."""

    def __init__(self) -> None:
        self._sockets: Counter[str] = Counter()

    @contextmanager
    def here(self, user_id: str) -> Iterator[None]:
        self._sockets[user_id] += 1
        try:
            yield
        finally:
            self._sockets[user_id] -= 1

    async def online(self) -> frozenset[str]:
        return frozenset(+self._sockets)
