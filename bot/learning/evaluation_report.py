"""What `warmline evaluate` shows: a table to read, and two plots as SVG."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.assistant.reply import OUT_OF_SCOPE
from bot.learning.evaluate import (
    Answers,
    ask,
    cross_validate,
    measure,
    read_examples,
)

SIDE, MARGIN = 400, 50
BINS = 15
TOPS = (0.05, 0.1, 0.2, 0.5, 1.0)


def evaluate(
    train: Path, test: Path | None, json_file: Path | None, folds: int | None, plots: Path | None
) -> dict[str, Any]:
    """Run the whole command from the project's root; return what `--json` holds."""
    console = Console()
    training = read_examples(train)
    asked = read_examples(test) if test is not None else []
    with console.status("reading") as status:
        say = status.update
        config = Path("config.yml").resolve()
        if folds is not None:
            answers = cross_validate(config, [*training, *asked], folds, say)
        else:
            answers = ask(config, training, asked, say)
    figures = measure(answers)
    if json_file is not None:
        json_file.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    _show(console, figures)
    if plots is not None:
        plots.mkdir(parents=True, exist_ok=True)
        for name, plot in (
            ("reliability", draw(reliability(answers), "confidence", "share right", ideal=True)),
            ("risk_coverage", draw(risk_coverage(answers), "share answered", "share wrong of it")),
        ):
            (plots / f"{name}.svg").write_text(plot, encoding="utf-8")
    return figures


def _show(console: Console, figures: dict[str, Any]) -> None:
    table = Table("measure", "value", box=None)
    scope = figures["out_of_scope"] or {}
    rows = [
        ("accuracy, in scope", _percent(figures["accuracy"])),
        *(
            (f"out of scope: {name.replace('_', ' ')}", f"{value:.4f}")
            for name, value in scope.items()
        ),
        ("calibration error", _number(figures["calibration_error"])),
        *(
            (f"answered at ≤ {_percent(one['max_wrong_rate'])} wrong", _answered(one))
            for one in figures["selective"]
        ),
        ("CPU a message, p50 / p99", "{p50:.2f} / {p99:.2f} ms".format(**figures["latency_ms"])),
        ("training", f"{figures['train_seconds']:.1f} s"),
        ("memory while answering", f"{figures['rss_mb']:.0f} MB"),
    ]
    for row in rows:
        table.add_row(*row)
    console.print(table)
    for pair in figures["confusions"][:10]:
        line = f"  {pair['count']}x {pair['intent']} taken for {pair['taken_for']}"
        console.print(line, highlight=False, markup=False)


def _answered(one: dict[str, float]) -> str:
    if not one["coverage"]:
        return "nothing: too few examples for it"
    return f"{_percent(one['coverage'])}, {_percent(one['wrong_rate'])} of it wrong"


def _number(value: float | None) -> str:
    return "none asked" if value is None else f"{value:.4f}"


def _percent(share: float | None) -> str:
    return "none asked" if share is None else f"{100 * share:.1f} %"


def reliability(answers: Answers) -> list[tuple[float, float]]:
    """Confidence against the share that was right, over bins of equally many messages."""
    pairs = sorted(
        (prediction.confidence, prediction.intent == example.intent)
        for example, prediction in zip(answers.examples, answers.predictions, strict=True)
        if example.intent != OUT_OF_SCOPE
    )
    parts = np.array_split(np.array(pairs, dtype=float), min(BINS, len(pairs))) if pairs else []
    return [(float(part[:, 0].mean()), float(part[:, 1].mean())) for part in parts]


def risk_coverage(answers: Answers) -> list[tuple[float, float]]:
    """The share answered against the share of it that is wrong, from strict to lax."""
    pairs = sorted(
        (
            (
                0.0 if prediction.refused else prediction.confidence,
                prediction.intent == example.intent,
            )
            for example, prediction in zip(answers.examples, answers.predictions, strict=True)
        ),
        key=lambda pair: -pair[0],
    )
    wrong = np.cumsum([not right for _, right in pairs])
    count = np.arange(1, len(pairs) + 1)
    kept = np.unique(np.linspace(0, len(pairs) - 1, 200).astype(int))
    return [(count[at] / len(pairs), float(wrong[at] / count[at])) for at in kept]


def draw(
    points: Sequence[tuple[float, float]], across: str, up: str, *, ideal: bool = False
) -> str:
    """A line through the points; beside the `ideal` diagonal, or else as high as they reach."""
    highest = max((y for _, y in points), default=1.0)
    top = 1.0 if ideal else min(limit for limit in TOPS if limit >= min(highest, 1.0))

    def at(x: float, y: float) -> str:
        return f"{MARGIN + x * SIDE:.1f},{MARGIN + (1 - y / top) * SIDE:.1f}"

    size, foot = SIDE + 2 * MARGIN, MARGIN + SIDE
    grid = "".join(
        f'<path d="M{at(0, tick * top)} L{at(1, tick * top)}" stroke="#ddd"/>'
        f'<text x="{MARGIN - 8}" y="{MARGIN + (1 - tick) * SIDE + 4}" text-anchor="end">'
        f"{tick * top:g}</text>"
        f'<text x="{MARGIN + tick * SIDE}" y="{foot + 18}" text-anchor="middle">{tick}</text>'
        for tick in (0, 0.2, 0.4, 0.6, 0.8, 1)
    )
    line = " ".join(at(x, y) for x, y in points)
    marks = ""
    if ideal:
        marks = f'<path d="M{at(0, 0)} L{at(1, 1)}" stroke="#666" stroke-dasharray="4"/>' + "".join(
            '<circle cx="{}" cy="{}" r="3" fill="#1d5fa8"/>'.format(*at(x, y).split(","))
            for x, y in points
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'font-family="sans-serif" font-size="12"><title>{across} and {up}</title>'
        f'<rect width="{size}" height="{size}" fill="#fff"/>{grid}{marks}'
        f'<polyline points="{line}" fill="none" stroke="#1d5fa8" stroke-width="2"/>'
        f'<text x="{size / 2}" y="{size - 8}" text-anchor="middle">{across}</text>'
        f'<text x="14" y="{size / 2}" text-anchor="middle" '
        f'transform="rotate(-90 14 {size / 2})">{up}</text></svg>\n'
    )
