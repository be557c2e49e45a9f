"""Starting and stopping the programs under test, each a process of its own on this machine."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from bench.customers import Customer, Step, Unanswered, connect

ROOT = Path(__file__).parents[1]
LOOPBACK = "127.0.0.1"
READY_SECONDS = 240.0
POLL_SECONDS = 0.05
STOP_SECONDS = 15.0
LOG_LINES = 15
NOTHING: Mapping[str, str] = {}
T = TypeVar("T")


class ServerFailed(Exception):
    """A program under test did not start, or stopped by itself; the text holds its last lines."""


@asynccontextmanager
async def started(
    command: Sequence[str],
    *,
    cwd: Path,
    log: Path,
    variables: Mapping[str, str] = NOTHING,
    stop_with: signal.Signals = signal.SIGTERM,
    **as_user: Any,
) -> AsyncIterator[Process]:
    """The program in a session of its own, so that Ctrl+C reaches us alone and we stop it.

    `as_user` is subprocess's `user`, `group` and `extra_groups`.
    """
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=cwd,
            env={**environment(os.environ), **variables},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            **as_user,
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(stop_with)
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except asyncio.TimeoutError:
            pass
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)


def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Run a measurement; told to stop (SIGINT, SIGTERM), it stops what it started and exits."""

    async def stoppable() -> T:
        task = asyncio.ensure_future(work)
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, task.cancel)
        return await task

    try:
        return asyncio.run(stoppable())
    except asyncio.CancelledError:
        sys.exit(130)


async def run(
    command: Sequence[str],
    *,
    cwd: Path,
    log: Path,
    variables: Mapping[str, str] = NOTHING,
    **as_user: Any,
) -> None:
    """Run to the end. Raises ServerFailed with the last lines that it wrote."""
    async with started(command, cwd=cwd, log=log, variables=variables, **as_user) as process:
        if await process.wait() != 0:
            raise ServerFailed(f"`{' '.join(command)}` failed\n{tail(log)}")


async def answering(process: Process, url: str, first: Step, log: Path) -> float:
    """Wait for the right answer to `first`; the seconds that it took.

    Raises ServerFailed when the program stops or takes longer than READY_SECONDS.
    """
    began = time.perf_counter()

    async def ask() -> None:
        async with connect(url) as session:
            while True:
                if process.returncode is not None:
                    status = process.returncode
                    raise ServerFailed(f"stopped with exit status {status}\n{tail(log)}")
                with suppress(aiohttp.ClientError, Unanswered):
                    if (await Customer(session).say(first)).right:
                        return
                await asyncio.sleep(POLL_SECONDS)

    try:
        await asyncio.wait_for(ask(), READY_SECONDS)
    except asyncio.TimeoutError:
        raise ServerFailed(f"not ready after {READY_SECONDS:.0f} s\n{tail(log)}") from None
    return time.perf_counter() - began


async def until(
    is_ready: Callable[[], bool], process: Process, log: Path, *, seconds: float = READY_SECONDS
) -> None:
    """Wait until the program is ready. Raises ServerFailed when it stops, or never is."""
    ends = time.monotonic() + seconds
    while not is_ready():
        if process.returncode is not None:
            raise ServerFailed(f"stopped with exit status {process.returncode}\n{tail(log)}")
        if time.monotonic() > ends:
            raise ServerFailed(f"not ready after {seconds:.0f} s\n{tail(log)}")
        await asyncio.sleep(POLL_SECONDS)


def listens(port: int) -> bool:
    """Whether anybody accepts connections on this port of the machine."""
    with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
        return True
    return False


def resident_mib(pid: int) -> float:
    """The memory of one process that is in RAM now, pages shared with others included."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(resident.split()[1]) / 1024
    except FileNotFoundError:  # no /proc on macOS
        said = subprocess.check_output(["/bin/ps", "-o", "rss=", "-p", str(pid)])  # noqa: S603
        return int(said) / 1024


def environment(ours: Mapping[str, str]) -> dict[str, str]:
    """Ours without settings of Warmline, and with a home where Rasa may leave its own."""
    home = cache() / "home"
    home.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in ours.items() if not name.startswith("WARMLINE_")}
    return {**kept, "HOME": str(home), "RASA_TELEMETRY_ENABLED": "false"}


def cache() -> Path:
    """Where what takes minutes to make is kept between runs."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "warmline-bench"


def command(name: str) -> str:
    """A program of this environment."""
    return str(Path(sys.executable).with_name(name))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server((LOOPBACK, 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def tail(log: Path) -> str:
    """The last lines that a program wrote."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(lines[-LOG_LINES:])
