"""One process's way to Redis, and what becomes of a command while there is none.

Redis only coordinates: a command that fails is forgone, never an error of whoever gave it. After a
failure it is left alone for a moment, so that an outage costs one wait and not one a request.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    NoPermissionError,
    RedisError,
    ResponseError,
)
from redis.exceptions import ConnectionError as RedisConnectionError

from bot import metrics
from bot.errors import SetupError

log = logging.getLogger(__name__)
T = TypeVar("T")

WHERE = "WARMLINE_REDIS_URL (--redis-url)"
ANSWER_SECONDS = 0.5  # as long as a customer's request may wait for a doorbell
BLOCK_SECONDS = 1.0  # one look at an empty queue; a stop waits no longer than this
HEALTH_CHECK_SECONDS = 15
CONNECTIONS = 32
LEFT_ALONE_SECONDS = 1.0
LONGEST_BACKOFF_SECONDS = 4.0
FAILURES = (RedisError, OSError)


class RedisLink:
    """Two pools: `commands` answer at once or not at all, `waiting` is for calls that block."""

    def __init__(self, url: str) -> None:
        self._url = url
        with self.refusals():
            self.commands = _client(url, answer_seconds=ANSWER_SECONDS)
            self.waiting = _client(url, answer_seconds=BLOCK_SECONDS + 4)
        # Channels are common to all databases of a server, so the number is part of every name.
        database = self.commands.connection_pool.connection_kwargs.get("db") or 0
        self.prefix = f"warmline:{database}:"
        self._is_lost = False
        self._leave_until = 0.0

    async def ask(self, command: Awaitable[T]) -> T | None:
        """What Redis answers; None when it does not, or failed a moment ago."""
        if time.monotonic() < self._leave_until:
            _forgo(command)
            return None
        try:
            answer = await command
        except FAILURES as error:
            self._leave_until = time.monotonic() + LEFT_ALONE_SECONDS * random.uniform(0.5, 1)  # noqa: S311
            self.lost(error)
            return None
        self.found()
        return answer

    def lost(self, error: Exception) -> None:
        """Say once that Redis is away."""
        if not self._is_lost:
            self._is_lost = True
            metrics.redis_away.set(1)
            log.warning("bus_unreachable error=%s", type(error).__name__)

    def found(self) -> None:
        """Say once that Redis is back."""
        if self._is_lost:
            self._is_lost = False
            metrics.redis_away.set(0)
            log.warning("bus_back")

    async def aclose(self) -> None:
        await self.commands.aclose()
        await self.waiting.aclose()

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """At the start, whatever Redis answers but yes is a SetupError without the password."""
        try:
            yield
        except (AuthenticationError, AuthorizationError, NoPermissionError) as error:
            raise SetupError(
                f"Redis at {shown(self._url)} refused us ({error})",
                where=WHERE,
                cure="Put a user with all rights on warmline:* into the address:"
                " redis://USER:PASSWORD@HOST:6379/0",
            ) from error
        except ResponseError as error:
            raise SetupError(
                f"Redis at {shown(self._url)} cannot do what is needed ({error})",
                where=WHERE,
                cure="Use the first server of a Redis 6.2 or later, not a replica or a cluster.",
            ) from error
        except FAILURES as error:
            raise SetupError(
                f"Redis at {shown(self._url)} cannot be reached ({type(error).__name__})",
                where=WHERE,
                cure="Start it, correct the address, or unset it to run in one process.",
            ) from error
        except ValueError as error:
            raise SetupError(
                "not the address of a Redis",
                where=WHERE,
                cure="Use redis://HOST:6379/0, rediss:// for TLS, or unix:///PATH.",
            ) from error


class Backoff:
    """Longer and longer waits, each of another length, so that processes do not return as one."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._seconds = 0.1

    def next(self) -> float:
        seconds = self._seconds
        self._seconds = min(seconds * 2, LONGEST_BACKOFF_SECONDS)
        return seconds * random.uniform(0.5, 1.5)  # noqa: S311


def shown(url: str) -> str:
    """The address without its password and query, which may hold one too."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()


def _client(url: str, *, answer_seconds: float) -> Redis:
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=answer_seconds,
        socket_timeout=answer_seconds,
        socket_connect_timeout=ANSWER_SECONDS,
        socket_keepalive=True,
        health_check_interval=HEALTH_CHECK_SECONDS,
        # A connection that died in the pool is replaced at once; everything else is for back-off.
        retry=Retry(NoBackoff(), 1, (RedisConnectionError,)),
        decode_responses=True,
        protocol=2,  # one shape of answers, whatever the server would prefer
    )
    return Redis.from_pool(pool)


def _forgo(command: Awaitable[Any]) -> None:
    close = getattr(command, "close", None)
    if close is not None:
        close()  # a coroutine that never ran
