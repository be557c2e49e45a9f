"""Heavy work in a process of its own, which says in lines how it goes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


class ProcessFailed(Exception):
    """It ended without saying what it was asked for."""


@asynccontextmanager
async def lines_of(module: str, given: bytes) -> AsyncIterator[AsyncIterator[bytes]]:
    """What `module`, run as a program, writes after it was given its input; ended with the block.

    Not asyncio's own subprocess: it is refused under the event loop policy that importing Rasa
    leaves. What the program writes of its failures may hold customers' words, and is dropped.
    """
    with (
        subprocess.Popen(  # noqa: ASYNC220, S603  (milliseconds; our own words)
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
        ) as child,
        ThreadPoolExecutor(1, thread_name_prefix="child") as pool,
    ):
        try:
            yield _lines(child, given, pool)
        finally:
            child.kill()  # no harm when it is over; a read that waits for it ends


async def _lines(
    child: subprocess.Popen[bytes], given: bytes, pool: ThreadPoolExecutor
) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(pool, _give, child, given)
    while line := await loop.run_in_executor(pool, _next, child):
        yield line


def _give(child: subprocess.Popen[bytes], given: bytes) -> None:
    if child.stdin is not None:
        with child.stdin as pipe:
            pipe.write(given)


def _next(child: subprocess.Popen[bytes]) -> bytes:
    return b"" if child.stdout is None else child.stdout.readline()
