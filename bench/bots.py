"""The bots under test from outside: each a process that is told what to answer, and is measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bench.programs import ROOT, ServerFailed, environment, resident_mib

Kind = Literal["warmline", "stock"]
KINDS: tuple[Kind, Kind] = ("warmline", "stock")
Message = tuple[str, str]  # the conversation, and what its customer writes
LOG_CHARACTERS = 2_000
STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Answers:
    """What a bot said to each message and how long it took; `spent` is seconds by step."""

    texts: list[str]
    milliseconds: list[float]
    seconds: float
    cpu_seconds: float
    spent: dict[str, float]

    def by_step(self) -> list[tuple[str, float]]:
        """Milliseconds a message by step, the dearest first; the last is all that has no name."""
        each = 1000 / len(self.texts)
        named = sorted(self.spent.items(), key=lambda item: -item[1])
        rest = self.seconds - sum(self.spent.values())
        return [(name, seconds * each) for name, seconds in [*named, ("the rest", rest)]]


class BotProcess:
    """A bot that waits for messages; while it waits it takes no CPU from the other one."""

    def __init__(self, process: subprocess.Popen[str], started: float, log: Path) -> None:
        self._process = process
        self._started = started
        self._log = log

    def say(self, messages: Sequence[Message], *, watch: bool = False) -> Answers:
        """The answers, one message after the other. Raises ServerFailed when the bot stopped."""
        if self._process.stdin is None or self._process.stdout is None:
            raise ServerFailed("the bot was started without pipes")
        order: dict[str, Any] = {"messages": messages, "watch": watch}
        try:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            with suppress(subprocess.TimeoutExpired):  # its last words come after its last answer
                self._process.wait(STOP_SECONDS)
            said = self._log.read_text(encoding="utf-8", errors="replace")[-LOG_CHARACTERS:]
            raise ServerFailed(f"the bot stopped by itself\n{said}")
        content = json.loads(line)
        return Answers(
            texts=content["answers"],
            milliseconds=content["milliseconds"],
            seconds=content["seconds"],
            cpu_seconds=content["cpu_seconds"],
            spent=content["spent"],
        )

    def first_answer_seconds(self, text: str) -> float:
        """Seconds from the start of the process to its answer to its first message."""
        self.say([("first", text)])
        return time.perf_counter() - self._started

    def rss_mib(self) -> float:
        return resident_mib(self._process.pid)

    def pss_mib(self) -> float | None:
        """Resident memory with each shared page divided among its users; Linux alone tells."""
        rollup = Path(f"/proc/{self._process.pid}/smaps_rollup")
        if not rollup.exists():
            return None
        lines = rollup.read_text(encoding="ascii").splitlines()
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024


@contextmanager
def running(kind: Kind, model: Path, log: Path) -> Iterator[BotProcess]:
    """Start a bot; it is stopped at the end, whatever happens."""
    command = [sys.executable, "-m", "bench.bot_process", kind, str(model)]
    with log.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603
            command,
            cwd=ROOT,
            env=environment(os.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
        )
    try:
        yield BotProcess(process, started, log)
    finally:
        process.terminate()
        try:
            process.communicate(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
