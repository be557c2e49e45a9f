"""The databases under a deployment: SQLite or PostgreSQL, and a Redis where there is one."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from bench.postgresql import Postgresql, postgresql
from bench.redis_server import Redis, redis

Engine = Literal["sqlite", "postgresql"]
ENGINES: tuple[Engine, ...] = get_args(Engine)
REDIS_DATABASES = 16


@dataclass(frozen=True, slots=True)
class Backing:
    """Where a deployment keeps its data: an address each, and the servers behind them.

    Without a `redis_url`, Warmline works in one process.
    """

    database_url: str
    redis_url: str | None
    servers: Mapping[str, int]


class Servers:
    """The servers that are up, from which every deployment gets something new and empty."""

    def __init__(self, folder: Path, redis: Redis, postgresql: Postgresql | None) -> None:
        self._folder = folder
        self._redis = redis
        self._postgresql = postgresql
        self._numbers = itertools.count()

    @asynccontextmanager
    async def backing(self, *, with_redis: bool) -> AsyncIterator[Backing]:
        """A new database, gone after the block, and an unused part of the Redis."""
        number = next(self._numbers)
        redis_url = self._redis.url(number % REDIS_DATABASES) if with_redis else None
        servers = {"redis": self._redis.pid} if with_redis else {}
        if self._postgresql is None:
            path = self._folder / f"bench-{number}.db"
            yield Backing(f"sqlite:///{path}", redis_url, servers)
        else:
            servers["postgresql"] = self._postgresql.pid
            async with self._postgresql.new_database(f"bench_{number}") as url:
                yield Backing(url, redis_url, servers)


@asynccontextmanager
async def servers(engine: Engine) -> AsyncIterator[Servers]:
    """A Redis, and with `postgresql` a PostgreSQL, in a passing folder. Raises ServerFailed."""
    async with AsyncExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="warmline-bench-"))
        shared = await stack.enter_async_context(redis(Path(name)))
        database = await stack.enter_async_context(postgresql()) if engine != "sqlite" else None
        yield Servers(Path(name), shared, database)
