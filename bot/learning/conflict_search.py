"""The conflicts of the project's training examples as they are now, found once for each state of
the data.

What was found is kept in a file, with a hash of the data: it is made of nothing but the project's
files, so whoever loses it finds it anew, and two processes at once find the same.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.assistant.nlu.embedding import write_whole
from bot.events import Event, EventBus
from bot.jobs import Jobs
from bot.learning import finding_conflicts
from bot.learning.child_process import ProcessFailed, lines_of

log = logging.getLogger(__name__)

FILE = "conflicts.json"
FORM = 1  # of what is kept; raise it when what is found, or how, changes


@dataclass(frozen=True, slots=True)
class Looked:
    """`state` is none, running, done or failed; `found` is what a done one found, `problem` what
    a failed one says to a lead, empty where the log says more."""

    state: str
    found: dict[str, Any] | None = None
    problem: str = ""


class ConflictSearch:
    """One process's searches, at most one at a time; `folder` is where what was found is kept."""

    def __init__(self, jobs: Jobs, folder: Path) -> None:
        self._jobs = jobs
        self._file = folder / FILE
        self._running: asyncio.Task[None] | None = None
        self._ended: tuple[str, Looked] | None = None  # and the data's hash

    async def current(self, data: Path) -> Looked:
        """What is known of the data as they are now."""
        if self._running is not None and not self._running.done():
            return Looked("running")
        digest = await asyncio.to_thread(_digest, data)
        if self._ended is None or self._ended[0] != digest:
            found = await asyncio.to_thread(self._read, digest)
            if found is None:
                return Looked("none")
            self._ended = digest, Looked("done", found)
        return self._ended[1]

    def forget(self) -> None:
        """What was found is read or found again when somebody asks."""
        self._ended = None

    async def start(self, data: Path, bus: EventBus) -> Looked:
        """Look, unless this process is looking, or has found what there is in these data."""
        looked = await self.current(data)
        if looked.state in ("running", "done"):
            return looked
        if self._running is None or self._running.done():
            self._running = self._jobs.start(self._look(data, bus))
        return Looked("running")

    async def _look(self, data: Path, bus: EventBus) -> None:
        digest = ""
        try:
            digest = await asyncio.to_thread(_digest, data)
            said = await _found(data)
            if "found" in said:
                looked = Looked("done", said["found"])
                await asyncio.to_thread(self._write, digest, said["found"])
            else:
                looked = Looked("failed", problem=said["problem"])
        except Exception as error:
            log.error("conflicts_failed error=%s", type(error).__name__)
            looked = Looked("failed")
        self._ended = digest, looked
        # Over before anybody is told, or they would be answered that it is running.
        self._running = None
        await bus.publish(Event("discovery", ""))

    def _read(self, digest: str) -> dict[str, Any] | None:
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        found: dict[str, Any] | None = kept["found"] if kept["data"] == digest else None
        return found

    def _write(self, digest: str, found: dict[str, Any]) -> None:
        write_whole(self._file, json.dumps({"data": digest, "found": found}).encode())


def _digest(data: Path) -> str:
    """Another one whenever an example was changed, added, taken away or moved."""
    hashed = hashlib.sha256(str(FORM).encode())
    for path in sorted([*data.rglob("*.yml"), *data.rglob("*.yaml")]):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        hashed.update(f"\n{path.relative_to(data)}\t{content}".encode())
    return hashed.hexdigest()


async def _found(data: Path) -> dict[str, Any]:
    given = json.dumps({"data": str(await asyncio.to_thread(data.resolve))}).encode()
    async with lines_of(finding_conflicts.__name__, given) as lines:
        async for line in lines:
            said: dict[str, Any] = json.loads(line)
            return said
    raise ProcessFailed("it ended without a result")
