"""How much one connection may ask for, and how long it is waited for."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_LINE = 8190  # bytes of the request's first line
LONGEST_FIELD = 8192  # of one header: told from the other by its number, where one is too long
MOST_HEADERS = 64  # browsers send twenty


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds, and bytes a second. A connection may be idle for longer than usual proxies keep one
    (60 s): they would send a request into one that we are just closing."""

    head: float = 20.0  # from connecting to the end of the first request's headers
    idle: float = 75.0  # from an answer to the end of the next one's
    body: float = 20.0  # and as long as its length takes at `rate`
    reading: float = 30.0  # that nothing of an answer is taken, and what its length takes
    rate: float = 16_000.0
    look_every: float = 5.0

    def for_bytes(self, count: int) -> float:
        """What so many bytes take on the slowest line that we serve."""
        return count / self.rate
