"""What came of all the dialogues, as a table: a row an intent, and what was wrong below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tests.dialogues.player import Played


def show(played: Sequence[Played], console: Console) -> None:
    """Print it."""
    table = Table(title="Scripted dialogues", title_justify="left")
    for name in ("intent", "dialogues", "resolved", "handed off rightly", "wrong"):
        table.add_column(name, justify="left" if name == "intent" else "right")
    for intent in sorted({each.script.intent for each in played}):
        own = [each for each in played if each.script.intent == intent]
        table.add_row(intent, *_counts(own))
    table.add_section()
    table.add_row("all", *_counts(played))
    console.print(table)
    resolvable = [each for each in played if each.script.ends == "resolved"]
    done = sum(each.wrong is None for each in resolvable)
    asked = sum(each.asked_which for each in played)
    console.print(
        f"{done} of {len(resolvable)} resolvable ones were resolved. The bot asked {asked} times "
        "which of two requests was meant."
    )
    for each in played:
        if each.wrong is not None:
            console.print(f"\n{each.script.name}: {each.wrong}", markup=False)
            console.print("\n".join(each.transcript), markup=False)


def _counts(played: Sequence[Played]) -> list[str]:
    ends = Counter("wrong" if each.wrong else each.script.ends for each in played)
    return [str(len(played)), *(str(ends[name]) for name in ("resolved", "handed_off", "wrong"))]
