"""From what was measured to the figures: a table for people, JSON for programs."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any, Literal

from rich.table import Table

from bench.customers import Answer, Load

Better = Literal["lower", "higher"]


@dataclass(frozen=True, slots=True)
class Round:
    """One server, started, measured and stopped again."""

    bot: str
    load_average: float
    ready_seconds: float
    memory_mib: float
    loads: tuple[Load, ...]
    nth: dict[int, tuple[Answer, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of both bots; `spread` is how far the rounds lie apart, in parts of the figure."""

    name: str
    unit: str
    better: Better
    ours: float
    theirs: float | None
    our_spread: float
    their_spread: float | None

    @property
    def ratio(self) -> float | None:
        """How many times better ours is; below 1 it is worse."""
        if not self.theirs or not self.ours:
            return None
        return self.theirs / self.ours if self.better == "lower" else self.ours / self.theirs


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def rows(ours: Sequence[Round], theirs: Sequence[Round]) -> list[Row]:
    """Every figure, in the order of the table; all rounds of a bot count alike."""
    found = []
    for script, concurrency in _kinds(ours):
        for name, unit, better, figure in _figures(script, concurrency):
            found.append(_row(name, unit, better, figure, ours, theirs))
    for position in ours[0].nth:
        name = f"message {position} of a conversation, p50"
        found.append(_row(name, "ms", "lower", _nth_median(position), ours, theirs))
    found.append(_row("start to first answer", "s", "lower", _mean_ready, ours, theirs))
    found.append(_row("memory after the load", "MiB", "lower", _memory, ours, theirs))
    found.append(_row("wrong answers", "", "lower", _wrong, ours, theirs))
    return found


Figure = Callable[[Sequence[Round]], float | None]


def _row(
    name: str,
    unit: str,
    better: Better,
    figure: Figure,
    ours: Sequence[Round],
    theirs: Sequence[Round],
) -> Row:
    our_value, their_value = figure(ours), figure(theirs)
    if our_value is None:
        raise LookupError(f"nothing was measured for '{name}'")
    return Row(
        name=name,
        unit=unit,
        better=better,
        ours=our_value,
        theirs=their_value,
        our_spread=_spread(figure, ours),
        their_spread=None if their_value is None else _spread(figure, theirs),
    )


def _spread(figure: Figure, rounds: Sequence[Round]) -> float:
    each = [value for one in rounds if (value := figure([one])) is not None]
    return (max(each) - min(each)) / fmean(each) if any(each) else 0.0


def _kinds(rounds: Sequence[Round]) -> list[tuple[str, int]]:
    return [(load.script, load.concurrency) for load in rounds[0].loads]


def _figures(script: str, concurrency: int) -> list[tuple[str, str, Better, Figure]]:
    def loads(rounds: Sequence[Round]) -> list[Load]:
        wanted = (script, concurrency)
        every = itertools.chain.from_iterable(one.loads for one in rounds)
        return [load for load in every if (load.script, load.concurrency) == wanted]

    def at(share: float) -> Figure:
        def figure(rounds: Sequence[Round]) -> float | None:
            answers = [answer for load in loads(rounds) for answer in load.answers]
            return percentile((a.milliseconds for a in answers), share) if answers else None

        return figure

    def rate(rounds: Sequence[Round]) -> float | None:
        found = loads(rounds)
        if not found:
            return None
        return sum(len(load.answers) for load in found) / sum(load.seconds for load in found)

    through: tuple[str, str, Better, Figure]
    through = (f"{script}, {concurrency} at a time", "messages/s", "higher", rate)
    if concurrency > 1:
        return [through]
    return [*((f"{script}, p{p}", "ms", "lower", at(p / 100)) for p in (50, 95, 99)), through]


def _nth_median(position: int) -> Figure:
    def figure(rounds: Sequence[Round]) -> float | None:
        return median(a.milliseconds for one in rounds for a in one.nth[position])

    return figure


def _mean_ready(rounds: Sequence[Round]) -> float:
    return fmean(one.ready_seconds for one in rounds)


def _memory(rounds: Sequence[Round]) -> float:
    return max(one.memory_mib for one in rounds)


def _wrong(rounds: Sequence[Round]) -> float:
    loads = itertools.chain.from_iterable(one.loads for one in rounds)
    groups = [load.answers for load in loads] + [a for one in rounds for a in one.nth.values()]
    return sum(not answer.right for answer in itertools.chain.from_iterable(groups))


def table(figures: Sequence[Row]) -> Table:
    """For the terminal. `±` is half the distance between the rounds: the noise of this machine."""
    shown = Table("", "Warmline", "rasa init", "Warmline is", box=None, pad_edge=False)
    for column in shown.columns:
        column.no_wrap = True
    for column in shown.columns[1:]:
        column.justify = "right"
    for row in figures:
        shown.add_row(
            f"{row.name} ({row.unit})" if row.unit else row.name,
            _cell(row.ours, row.our_spread),
            _cell(row.theirs, row.their_spread),
            _verdict(row),
        )
    return shown


def _cell(value: float | None, spread: float | None) -> str:
    if value is None:
        return "-"
    digits = 1 if value < 100 and value != int(value) else 0
    noise = f" ± {spread * 50:2.0f} %" if spread else ""
    return f"{value:,.{digits}f}{noise}"


def _verdict(row: Row) -> str:
    if row.ratio is None:
        return ""
    return f"{row.ratio:.1f}x better" if row.ratio >= 1 else f"{1 / row.ratio:.1f}x worse"


def as_json(figures: Sequence[Row], rounds: Sequence[Round]) -> dict[str, Any]:
    """The figures, and each round's own beside them."""
    return {
        "figures": [
            {
                "name": row.name,
                "unit": row.unit,
                "better": row.better,
                "warmline": _rounded(row.ours),
                "rasa_init": _rounded(row.theirs),
                "times_better": _rounded(row.ratio),
                "warmline_spread": _rounded(row.our_spread),
                "rasa_init_spread": _rounded(row.their_spread),
            }
            for row in figures
        ],
        "rounds": [_round_as_json(one) for one in rounds],
    }


def _round_as_json(one: Round) -> dict[str, Any]:
    return {
        "bot": one.bot,
        "load_average_before": _rounded(one.load_average),
        "ready_seconds": _rounded(one.ready_seconds),
        "memory_mib": _rounded(one.memory_mib),
        "loads": [
            {
                "script": load.script,
                "concurrency": load.concurrency,
                "messages": len(load.answers),
                "seconds": _rounded(load.seconds),
                **{
                    f"p{share}_ms": _rounded(
                        percentile((a.milliseconds for a in load.answers), share / 100)
                    )
                    for share in (50, 95, 99)
                },
            }
            for load in one.loads
        ],
        "nth_message_ms": {
            str(position): [_rounded(a.milliseconds) for a in answers]
            for position, answers in one.nth.items()
        },
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
