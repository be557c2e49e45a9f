"""A circuit breaker: a shop that is down is left alone, so that no customer waits to be told so.

Of our own because the libraries for asyncio let everybody through when it is time for another try,
and then every customer of that moment waits for a shop that is still down. Here one goes first.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prometheus_client import Gauge

from actions.context.errors import LeftAlone, NoAnswer

log = logging.getLogger(__name__)

MOST_FAILURES = 5
REST_SECONDS = 10.0

circuit_open = Gauge(
    "warmline_shop_circuit_open", "1 while the shop is left alone after it did not answer"
)


class Breaker:
    """Opens after so many failures in a row; after a rest one try decides whether it closes."""

    def __init__(
        self,
        *,
        most_failures: int = MOST_FAILURES,
        rest_seconds: float = REST_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most_failures = most_failures
        self._rest_seconds = rest_seconds
        self._clock = clock
        self._failures = 0
        self._opened_at: float | None = None
        self._trial_under_way = False
        circuit_open.set(0)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """One try, of which NoAnswer is a failure and anything else an answer. Raises LeftAlone
        instead while the circuit is open."""
        is_trial = self._admit()
        try:
            yield
        except NoAnswer:
            self._count(is_trial)
            raise
        except Exception:
            self._close()
            raise
        else:
            self._close()
        finally:
            # Also of a try that was cancelled, which says nothing: then the next one is the trial.
            if is_trial:
                self._trial_under_way = False

    def _admit(self) -> bool:
        if self._opened_at is None:
            return False
        resting = self._clock() - self._opened_at < self._rest_seconds
        if resting or self._trial_under_way:
            raise LeftAlone("the shop did not answer a moment ago, and is left alone for a while")
        self._trial_under_way = True
        return True

    def _count(self, is_trial: bool) -> None:
        self._failures += 1
        if is_trial:
            self._opened_at = self._clock()
        elif self._opened_at is None and self._failures >= self._most_failures:
            self._opened_at = self._clock()
            circuit_open.set(1)
            log.error("shop_circuit_opened failures=%d", self._failures)

    def _close(self) -> None:
        self._failures = 0
        if self._opened_at is not None:
            self._opened_at = None
            circuit_open.set(0)
            log.warning("shop_circuit_closed")
