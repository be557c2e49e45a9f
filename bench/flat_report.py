"""What each thing costs by how much there is, and the plans of the statements that do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from rich.table import Table

from bench.plans import Plan

MOST_GROWTH = 1.3
LONGEST_STATEMENT = 40
LONGEST_PLAN = 64
READS = ("SCAN", "SEARCH", "Scan")


@dataclass(slots=True)
class Grown:
    """Milliseconds by what was done and how much there was, one each round."""

    unit: str
    milliseconds: dict[str, dict[int, list[float]]] = field(default_factory=dict)

    def add(self, name: str, size: int, milliseconds: float) -> None:
        self.milliseconds.setdefault(name, {}).setdefault(size, []).append(milliseconds)

    def growth(self, name: str, size: int) -> float:
        """How many times dearer than with the least there was: the median of the rounds' ratios."""
        by_size = self.milliseconds[name]
        least = by_size[min(by_size)]
        return median(more / less for more, less in zip(by_size[size], least, strict=True))


def table(grown: Grown, title: str) -> Table:
    """Medians of the rounds, and how much the dearest is above the smallest."""
    sizes = list(next(iter(grown.milliseconds.values())))
    heads = [f"{size:,} {grown.unit} (ms)" for size in sizes]
    shown = Table(title, *heads, "most / least", "goal", box=None, pad_edge=False)
    for column in shown.columns[1:]:
        column.justify = "right"
    for name, by_size in grown.milliseconds.items():
        most = max(grown.growth(name, size) for size in sizes)
        verdict = f"<= {MOST_GROWTH}: {'met' if most <= MOST_GROWTH else 'MISSED'}"
        cells = [f"{median(by_size[size]):.2f}" for size in sizes]
        shown.add_row(name, *cells, f"{most:.2f}", verdict)
    return shown


def plans_table(plans: Sequence[Plan]) -> Table:
    """Each statement: how its rows are found, and what is read from end to end."""
    shown = Table("statement", "how its rows are found", "whole table", box=None, pad_edge=False)
    for plan in plans:
        for number, line in enumerate(_reads(plan) or [""]):
            first = number == 0
            statement = _brief(plan.statement) if first else ""
            shown.add_row(statement, line, ", ".join(sorted(plan.scanned)) if first else "")
    return shown


def _brief(statement: str) -> str:
    """A statement without its columns."""
    words = " ".join(statement.split())
    start = words.index(" FROM ") if words.startswith("SELECT") else 0
    return words[start:][:LONGEST_STATEMENT].strip()


def _reads(plan: Plan) -> list[str]:
    """The lines that say how rows are found, shortened."""
    found = [line for line in plan.lines if any(word in line for word in READS)]
    bare = [line.removeprefix("->").partition("(cost=")[0].strip() for line in found]
    return [line[:LONGEST_PLAN].strip() for line in bare]
