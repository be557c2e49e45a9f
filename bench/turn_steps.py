"""Where a turn's time goes: its calls of the store, commits, understanding, Rasa, doorbells."""

from __future__ import annotations

import inspect
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from bench.in_process import InProcess
from bot.events import MemoryEventBus, MemoryTurnQueue
from bot.store.database import UnitOfWork

UNDERSTANDING = "understanding"
REPLYING = "Rasa: policies, rules, actions, tracker"
DOORBELLS = "events published, doorbells rung"
COMMIT = "commit"
END_OF_READ = "end of a read"
REST = "the rest: transactions begun, connections taken, our own code"


@dataclass(slots=True)
class Steps:
    """Seconds and calls, by step. No step is part of another."""

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    calls: Counter[str] = field(default_factory=Counter)

    def add(self, step: str, seconds: float, *, calls: int = 1) -> None:
        self.seconds[step] += seconds
        self.calls[step] += calls

    def per_turn(self, turns: int, seconds: float) -> list[tuple[str, float, float]]:
        """Step, milliseconds and calls a turn, dearest first; last what no step accounts for."""
        named = sorted(self.seconds.items(), key=lambda item: -item[1])
        found = [
            (step, spent * 1000 / turns, self.calls[step] / turns)
            for step, spent in named
            if self.calls[step]
        ]
        rest = (seconds - sum(self.seconds.values())) * 1000 / turns
        return [*found, (REST, rest, 1.0)]


@contextmanager
def watched(warmline: InProcess) -> Iterator[Steps]:
    """Time the steps of every turn inside the block, which itself takes a little time."""
    steps = Steps()
    with ExitStack() as stack:

        def replace(owner: Any, name: str, step: str) -> None:
            timed = _timed(getattr(owner, name), step, steps)
            stack.enter_context(_replaced(owner, name, timed))

        for repository in _repositories():
            for name, method in list(vars(repository).items()):
                if inspect.iscoroutinefunction(method) and not name.startswith("_"):
                    replace(repository, name, f"{repository.__name__.lower()}.{name}")
        replace(MemoryEventBus, "publish", DOORBELLS)
        replace(MemoryTurnQueue, "ring", DOORBELLS)
        database = warmline.services.database
        replace(database.writer.sync_engine.dialect, "do_commit", COMMIT)
        replace(database.reader.sync_engine.dialect, "do_rollback", END_OF_READ)
        replace(warmline.assistant, "reply", REPLYING)
        parse = warmline.assistant._parse
        stack.enter_context(
            _replaced(warmline.assistant, "_parse", _part_of(parse, UNDERSTANDING, REPLYING, steps))
        )
        yield steps


def _repositories() -> list[type]:
    """All that a unit of work has, over a connection that nothing is asked of."""
    uow = UnitOfWork(cast(Any, None))
    return [type(getattr(uow, name)) for name in vars(UnitOfWork) if not name.startswith("_")]


def _timed(work: Callable[..., Any], step: str, steps: Steps) -> Callable[..., Any]:
    async def run_async(*args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        try:
            return await work(*args, **kwargs)
        finally:
            steps.add(step, time.perf_counter() - started)

    def run(*args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        try:
            return work(*args, **kwargs)
        finally:
            steps.add(step, time.perf_counter() - started)

    return run_async if inspect.iscoroutinefunction(work) else run


def _part_of(work: Callable[..., Any], step: str, whole: str, steps: Steps) -> Callable[..., Any]:
    """The same for a step inside another, which is left with what is its own."""

    def run(*args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        try:
            return work(*args, **kwargs)
        finally:
            seconds = time.perf_counter() - started
            steps.add(step, seconds)
            steps.add(whole, -seconds, calls=0)

    return run


@contextmanager
def _replaced(owner: Any, name: str, value: object) -> Iterator[None]:
    """The attribute is another one inside the block."""
    own = name in vars(owner)
    before = vars(owner).get(name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        if own:
            setattr(owner, name, before)
        else:
            delattr(owner, name)
