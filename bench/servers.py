"""The two servers under test, each a process of its own on a free port of this machine."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import aiohttp

from bench.load import Customer, Step, Unanswered, connect
from bot.assistant.model import newest_model

ROOT = Path(__file__).parents[1]
LOOPBACK = "127.0.0.1"
READY_SECONDS = 240.0
POLL_SECONDS = 0.05
STOP_SECONDS = 15.0
LOG_LINES = 15


class ServerFailed(Exception):
    """A program under test did not start, or stopped by itself; the text holds its last lines."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that has answered its first message."""

    url: str
    pid: int
    ready_seconds: float

    def memory_mib(self) -> float:
        """The memory resident now; both servers are a single process."""
        return resident_mib(self.pid)


@asynccontextmanager
async def warmline(first: Step) -> AsyncIterator[Server]:
    """`warmline demo` over a new data folder; ready when it has answered `first`."""
    await make_warmline_model()
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as folder:
        command = [_command("warmline"), "demo", "--port", str(port), "--data-dir", folder]
        log = Path(folder) / "server.log"
        async with _serving(command, cwd=ROOT, port=port, log=log, first=first) as server:
            yield server


@asynccontextmanager
async def stock_rasa(project: Path, first: Step) -> AsyncIterator[Server]:
    """`rasa run` over the project that `make_stock_bot` made."""
    port = _free_port()
    command = [_command("rasa"), "run", "--enable-api", "-i", LOOPBACK, "-p", str(port)]
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as folder:
        log = Path(folder) / "server.log"
        async with _serving(command, cwd=project, port=port, log=log, first=first) as server:
            yield server


async def make_warmline_model() -> Path:
    """The newest model of this project, trained now when there is none."""
    if newest_model(ROOT / "models") is None:
        with tempfile.TemporaryDirectory(prefix="warmline-bench-") as folder:
            await _run([_command("warmline"), "train"], cwd=ROOT, log=Path(folder) / "log")
    found = newest_model(ROOT / "models")
    if found is None:
        raise ServerFailed("`warmline train` wrote no model")
    return found


async def make_stock_bot() -> Path:
    """The project of `rasa init`, trained as it stands; kept, because that takes minutes."""
    kept = _cache() / f"rasa-init-{version('rasa')}"
    if any((kept / "models").glob("*.tar.gz")):
        return kept
    kept.parent.mkdir(parents=True, exist_ok=True)
    # Made beside its place and then moved: one that was broken off is never taken for whole.
    with tempfile.TemporaryDirectory(dir=kept.parent, prefix="making-") as folder:
        project = Path(folder) / "project"
        project.mkdir()
        command = [_command("rasa"), "init", "--no-prompt"]
        await _run(command, cwd=project, log=Path(folder) / "log")
        shutil.rmtree(kept, ignore_errors=True)
        project.rename(kept)
    return kept


@asynccontextmanager
async def _serving(
    command: Sequence[str], *, cwd: Path, port: int, log: Path, first: Step
) -> AsyncIterator[Server]:
    url = f"http://{LOOPBACK}:{port}"
    started = time.perf_counter()
    async with _process(command, cwd=cwd, log=log) as process:
        try:
            await asyncio.wait_for(_answers(process, url, first, log), READY_SECONDS)
        except asyncio.TimeoutError:
            raise ServerFailed(f"not ready after {READY_SECONDS:.0f} s\n{_tail(log)}") from None
        yield Server(url, process.pid, time.perf_counter() - started)


async def _answers(process: Process, url: str, first: Step, log: Path) -> None:
    async with connect(url) as session:
        while True:
            if process.returncode is not None:
                raise ServerFailed(f"stopped with exit status {process.returncode}\n{_tail(log)}")
            try:
                if (await Customer(session).say(first)).right:
                    return
            except (aiohttp.ClientError, Unanswered):
                pass
            await asyncio.sleep(POLL_SECONDS)


async def _run(command: Sequence[str], *, cwd: Path, log: Path) -> None:
    async with _process(command, cwd=cwd, log=log) as process:
        if await process.wait() != 0:
            raise ServerFailed(f"`{' '.join(command)}` failed\n{_tail(log)}")


@asynccontextmanager
async def _process(command: Sequence[str], *, cwd: Path, log: Path) -> AsyncIterator[Process]:
    """The program in a session of its own, so that Ctrl+C reaches us alone and we stop it."""
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=cwd,
            env=environment(os.environ),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except asyncio.TimeoutError:
            pass
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)


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
    home = _cache() / "home"
    home.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in ours.items() if not name.startswith("WARMLINE_")}
    return {**kept, "HOME": str(home), "RASA_TELEMETRY_ENABLED": "false"}


def _cache() -> Path:
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "warmline-bench"


def _command(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def _tail(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(lines[-LOG_LINES:])
