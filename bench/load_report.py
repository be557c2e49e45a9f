"""From rounds under load to figures: messages a second, tails, errors, and who was busy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from statistics import fmean
from typing import Any

from rich.table import Table

from bench.comparison import Better, Figure
from bench.customers import Load
from bench.report import percentile
from bench.usage import Usage

TIMES_THE_RATE = 8.0
TIMES_THE_TAIL = 8.0
TWICE_THE_WORKERS = 1.6
SHARES = (50, 95, 99)


@dataclass(frozen=True, slots=True)
class Measured:
    """One deployment in one round; loads and usage by how many customers wrote at a time."""

    load_average: float
    loads: Mapping[int, Load]
    usage: Mapping[int, Usage]
    memory_mib: float

    def rate(self, concurrency: int) -> float:
        """Answers a second; a message without one is none."""
        found = self.loads[concurrency]
        return sum(not answer.failed for answer in found.answers) / found.seconds

    def at(self, concurrency: int, share: int) -> float:
        """Milliseconds that `share` percent of the answers did not exceed."""
        answers = self.loads[concurrency].answers
        return percentile((answer.milliseconds for answer in answers), share / 100)

    def failures(self) -> int:
        return sum(one.failed for load in self.loads.values() for one in load.answers)

    def wrong(self) -> int:
        """Answers that came and were not the right ones."""
        every = (one for load in self.loads.values() for one in load.answers)
        return sum(not one.right and not one.failed for one in every)


def figures(ours: Sequence[Measured], theirs: Sequence[Measured]) -> list[Figure]:
    """Every figure of both, round by round, with the goals."""
    found = []
    for concurrency in ours[0].loads:
        name = f"{concurrency} at a time"
        rate = partial(Measured.rate, concurrency=concurrency)
        found.append(_figure(name, "messages/s", "higher", rate, ours, theirs, goal=TIMES_THE_RATE))
        for share in SHARES:
            tail = partial(Measured.at, concurrency=concurrency, share=share)
            goal = TIMES_THE_TAIL if share == 99 else None
            found.append(_figure(f"{name}, p{share}", "ms", "lower", tail, ours, theirs, goal=goal))
    memory = attrgetter("memory_mib")
    found.append(_figure("memory, PSS, all processes", "MiB", "lower", memory, ours, theirs))
    for name, count in (("without an answer", Measured.failures), ("wrong", Measured.wrong)):
        found.append(_figure(name, "messages", "lower", count, ours, theirs, ceiling=0))
    return found


def scaling(more: Sequence[Measured], fewer: Sequence[Measured]) -> list[Figure]:
    """What further workers bring."""
    found = []
    for concurrency in more[0].loads:
        rate = partial(Measured.rate, concurrency=concurrency)
        name, goal = f"{concurrency} at a time", TWICE_THE_WORKERS
        found.append(_figure(name, "messages/s", "higher", rate, more, fewer, goal=goal))
    return found


def _figure(
    name: str,
    unit: str,
    better: Better,
    value: Callable[[Measured], float],
    ours: Sequence[Measured],
    theirs: Sequence[Measured],
    *,
    goal: float | None = None,
    ceiling: float | None = None,
) -> Figure:
    values = [[value(one) for one in each] for each in (ours, theirs)]
    return Figure(name, unit, better, values[0], values[1], goal=goal, ceiling=ceiling)


def cpu_table(found: Mapping[str, Sequence[Measured]]) -> Table:
    """How many cores each program kept busy during the loads, and what CPU a message took."""
    columns = list(next(iter(found.values()))[0].usage)
    heads = [f"{each} at a time" for each in columns]
    shown = Table("cores busy (mean of the rounds)", *heads, box=None, pad_edge=False)
    for column in shown.columns[1:]:
        column.justify = "right"
    for name, rounds in found.items():
        shown.add_row(name)
        for program in rounds[0].usage[columns[0]].cpu_seconds:
            cores = [fmean(one.usage[each].cores(program) for one in rounds) for each in columns]
            shown.add_row(f"  {program}", *(f"{value:.2f}" for value in cores))
        total = [sum(_cores(rounds, each)) for each in columns]
        shown.add_row("  all of these", *(f"{value:.2f}" for value in total))
    return shown


def _cores(rounds: Sequence[Measured], concurrency: int) -> list[float]:
    programs = rounds[0].usage[concurrency].cpu_seconds
    return [fmean(one.usage[concurrency].cores(name) for one in rounds) for name in programs]


def as_json(found: Mapping[str, Sequence[Measured]]) -> dict[str, list[dict[str, Any]]]:
    """Every round of each by itself."""
    return {name: [_round(one) for one in rounds] for name, rounds in found.items()}


def _round(one: Measured) -> dict[str, Any]:
    return {
        "load_average_before": round(one.load_average, 2),
        "memory_mib": round(one.memory_mib, 1),
        "without_an_answer": one.failures(),
        "wrong": one.wrong(),
        "loads": {
            concurrency: {
                "messages": len(load.answers),
                "seconds": round(load.seconds, 3),
                "messages_a_second": round(one.rate(concurrency), 2),
                **{f"p{share}_ms": round(one.at(concurrency, share), 1) for share in SHARES},
                "cores_busy": {
                    program: round(one.usage[concurrency].cores(program), 3)
                    for program in one.usage[concurrency].cpu_seconds
                },
            }
            for concurrency, load in one.loads.items()
        },
    }
