"""Which users have a live page open in this process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Presence:
    """Counts open sockets a user; a user is online while there is one."""

    def __init__(self) -> None:
        self._sockets: Counter[str] = Counter()

    @contextmanager
    def here(self, user_id: str) -> Iterator[None]:
        """The user is online for as long as this lasts."""
        self._sockets[user_id] += 1
        try:
            yield
        finally:
            self._sockets[user_id] -= 1

    def is_online(self, user_id: str) -> bool:
        return self._sockets[user_id] > 0
