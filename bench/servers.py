"""Two servers under test, each a single process: `warmline demo`, and `rasa run` as it comes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bench.customers import Step
from bench.programs import (
    LOOPBACK,
    ROOT,
    ServerFailed,
    answering,
    cache,
    command,
    free_port,
    resident_mib,
    run,
    started,
)
from bot.assistant.model import newest_model


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
async def warmline(first: Step, *, root: Path = ROOT) -> AsyncIterator[Server]:
    """`warmline demo` of the checkout at `root` over a new data folder; ready when it has answered
    `first`."""
    await make_warmline_model(root)
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as folder:
        program = [_warmline(root), "demo", "--port", str(port), "--data-dir", folder]
        log = Path(folder) / "server.log"
        async with _serving(program, cwd=root, port=port, log=log, first=first) as server:
            yield server


@asynccontextmanager
async def stock_rasa(project: Path, first: Step) -> AsyncIterator[Server]:
    """`rasa run` over the project that `make_stock_bot` made."""
    port = free_port()
    program = [command("rasa"), "run", "--enable-api", "-i", LOOPBACK, "-p", str(port)]
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as folder:
        log = Path(folder) / "server.log"
        async with _serving(program, cwd=project, port=port, log=log, first=first) as server:
            yield server


async def make_warmline_model(root: Path = ROOT) -> Path:
    """The newest model of the checkout at `root`, trained now when there is none."""
    if newest_model(root / "models") is None:
        with tempfile.TemporaryDirectory(prefix="warmline-bench-") as folder:
            await run([_warmline(root), "train"], cwd=root, log=Path(folder) / "log")
    found = newest_model(root / "models")
    if found is None:
        raise ServerFailed("`warmline train` wrote no model")
    return found


def _warmline(root: Path) -> str:
    return command("warmline") if root == ROOT else str(root / ".venv" / "bin" / "warmline")


async def make_stock_bot() -> Path:
    """The project of `rasa init`, trained as it stands; kept, because that takes minutes."""
    kept = cache() / f"rasa-init-{version('rasa')}"
    if any((kept / "models").glob("*.tar.gz")):
        return kept
    kept.parent.mkdir(parents=True, exist_ok=True)
    # Made beside its place and then moved: one that was broken off is never taken for whole.
    with tempfile.TemporaryDirectory(dir=kept.parent, prefix="making-") as folder:
        project = Path(folder) / "project"
        project.mkdir()
        program = [command("rasa"), "init", "--no-prompt"]
        await run(program, cwd=project, log=Path(folder) / "log")
        shutil.rmtree(kept, ignore_errors=True)
        project.rename(kept)
    return kept


@asynccontextmanager
async def _serving(
    program: Sequence[str], *, cwd: Path, port: int, log: Path, first: Step
) -> AsyncIterator[Server]:
    url = f"http://{LOOPBACK}:{port}"
    async with started(program, cwd=cwd, log=log) as process:
        yield Server(url, process.pid, await answering(process, url, first, log))
