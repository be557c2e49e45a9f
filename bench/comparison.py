"""Two bots measured in turns: figures with their range, judged by the goals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any, Literal

from rich.table import Table

Better = Literal["lower", "higher"]
NAMES = ("Warmline", "rasa init")
LEAST_MILLISECONDS = 0.01  # a step below this is not shown


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured several times over; `theirs[i]` was taken right after `ours[i]`.

    `goal` is how many times better ours is to be; `ceiling` what ours by itself may not exceed.
    """

    name: str
    unit: str
    better: Better
    ours: Sequence[float]
    theirs: Sequence[float] = ()
    goal: float | None = None
    ceiling: float | None = None

    @property
    def ratios(self) -> list[float]:
        """How many times better ours was, pair by pair: noise that lasts falls on both.

        Counts of what should not be there have none: nothing is a multiple of 0.
        """
        pairs = list(zip(self.ours, self.theirs, strict=False))
        if any(0 in pair for pair in pairs):
            return []
        if self.better == "lower":
            return [theirs / ours for ours, theirs in pairs]
        return [ours / theirs for ours, theirs in pairs]

    @property
    def met(self) -> bool | None:
        """Whether the median reaches the goal; None without one."""
        if self.ceiling is not None:
            return median(self.ours) <= self.ceiling
        if self.goal is not None and self.ratios:
            return median(self.ratios) >= self.goal
        return None


def cost_at(conversations: Sequence[Sequence[float]], position: int, window: int) -> float:
    """What message number `position` costs, from the `window` messages around it.

    The median over the conversations for each place, then the mean over the places: with a window
    of whole rounds of the script, every position is judged by the same mix of messages.
    """
    first = max(0, position - 1 - window // 2)
    places = range(first, first + window)
    return fmean(median(one[place] for one in conversations) for place in places)


def table(figures: Sequence[Figure], names: tuple[str, str] = NAMES) -> Table:
    """For the terminal: medians, and in brackets the lowest and highest."""
    shown = Table("", *names, "times better", "goal", box=None, pad_edge=False)
    for column in shown.columns:
        column.no_wrap = True
    for column in shown.columns[1:]:
        column.justify = "right"
    for figure in figures:
        name = f"{figure.name} ({figure.unit})" if figure.unit else figure.name
        shown.add_row(
            name, _cell(figure.ours), _cell(figure.theirs), _cell(figure.ratios), _verdict(figure)
        )
    return shown


def steps_table(title: str, steps: Sequence[tuple[str, float]]) -> Table:
    """Milliseconds a message, by step."""
    shown = Table("", "ms", title=title, title_justify="left", box=None, pad_edge=False)
    shown.columns[1].justify = "right"
    for name, milliseconds in steps:
        if milliseconds >= LEAST_MILLISECONDS:
            shown.add_row(name, f"{milliseconds:.2f}")
    return shown


def _cell(values: Sequence[float]) -> str:
    if not values:
        return "-"
    middle = _number(median(values))
    if len(values) == 1:
        return middle
    return f"{middle} ({_number(min(values))}-{_number(max(values))})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _verdict(figure: Figure) -> str:
    if figure.met is None:
        return ""
    wanted = f"{figure.goal:g}x" if figure.ceiling is None else f"<= {figure.ceiling:g}"
    return f"{wanted}: {'met' if figure.met else 'MISSED'}"


def as_json(
    figures: Sequence[Figure], names: tuple[str, str] = ("warmline", "rasa_init")
) -> list[dict[str, Any]]:
    """Each figure with all its values, in the order in which they were taken."""
    return [
        {
            "name": figure.name,
            "unit": figure.unit,
            "better": figure.better,
            names[0]: [round(value, 3) for value in figure.ours],
            names[1]: [round(value, 3) for value in figure.theirs],
            "times_better": [round(ratio, 3) for ratio in figure.ratios],
            "goal": figure.goal,
            "ceiling": figure.ceiling,
            "met": figure.met,
        }
        for figure in figures
    ]
