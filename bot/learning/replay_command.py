"""`warmline replay`: a candidate beside the live model on the log, from a terminal or from CI."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.accounts import open_database
from bot.assistant.model import newest_model
from bot.coordination import coordinated
from bot.errors import SetupError
from bot.learning.comparison import compare
from bot.learning.dataset import read_lessons
from bot.learning.logged import Logged, logged_for
from bot.learning.offline import offline_services
from bot.learning.replay_report import with_texts
from bot.settings import Settings

SHOWN = 10


def replay(
    settings: Settings,
    model: str | None,
    against: str | None,
    json_file: Path | None,
    limit: int,
) -> bool:
    """Compare, show, and write the report; whether the gate passed. Raises SetupError."""
    candidate, live = chosen(settings.models, model, against)
    # The stories' test hides Rasa's own output by redirecting these streams: keep the real one.
    console = Console(file=sys.stdout)
    logged = asyncio.run(_logged(settings, live or candidate, limit))
    columns = (TextColumn("{task.description}"), BarColumn(30), TaskProgressColumn())
    with Progress(
        *columns,
        TimeElapsedColumn(),
        console=console,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    ) as bar:
        task = bar.add_task("loading the models", total=1.0)

        def progress(step: str, share: float) -> None:
            bar.update(task, description=step, completed=share)

        report = compare(live, candidate, logged, settings.project, progress)
    if json_file is not None:
        report = with_texts(report, {turn.id: turn.text for turn in logged.turns})
        json_file.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    _show(console, report)
    return bool(report["gate"]["passed"])


def chosen(models: Path, model: str | None, against: str | None) -> tuple[Path, Path | None]:
    """The files of the candidate (by default the newest one) and of the live model, None when there
    is none; a name is a path or a model's id."""
    folder = models / "candidates"
    candidate = _named(models, model) if model else newest_model(folder)
    if candidate is None:
        raise SetupError(
            "there is no candidate to compare",
            where=str(folder),
            cure="Name a model's file or id, or train a candidate first.",
        )
    live = _named(models, against) if against else newest_model(models)
    if live is not None and live.resolve() == candidate.resolve() and against is None:
        live = None
    return candidate, live


def _named(models: Path, name: str) -> Path:
    places = (
        Path(name),
        models / "candidates" / f"{name}.tar.gz",
        models / f"{name}.tar.gz",
    )
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise SetupError(
            f"there is no model '{name}'",
            where=str(models),
            cure="Give the path of a model's file, or its id as `candidates/ID.tar.gz` has it.",
        )
    return found


async def _logged(settings: Settings, model: Path, limit: int) -> Logged:
    async with (
        open_database(settings.database_url) as database,
        coordinated(None) as alone,
        offline_services(settings, model, database, alone.bus) as services,
    ):
        return await logged_for(services, await read_lessons(services), most=limit)


def _show(console: Console, report: dict[str, Any]) -> None:
    console.print(report["verdict"], highlight=False, markup=False)
    table = Table("figure", "before", "now", box=None)
    source = report["unseen"] or report["held_out"]
    for name, pair in (
        ("read right, held-out labels", report["held_out"]["accuracy"]),
        ("read right, own examples unseen", source["accuracy"]),
        ("calibration error", source["calibration_error"]),
        ("out of scope: refused", source["out_of_scope"]["recall"]),
        ("out of scope: AUROC", source["out_of_scope"]["auroc"]),
    ):
        table.add_row(name, _figure(pair["old"]), _figure(pair["new"]))
    console.print(table)
    for kind in ("broken", "fixed"):
        for one in (report["replay"] or {"lists": {kind: []}})["lists"][kind][:SHOWN]:
            line = f"  {kind} {one['conversation_id']} {one['turn_id']}: {one['truth']}"
            console.print(line, highlight=False, markup=False)
    for check in report["gate"]["checks"]:
        mark = {True: "passed", False: "FAILED", None: "not checked"}[check["passed"]]
        console.print(f"{mark:>11}  {check['text']}", highlight=False, markup=False)


def _figure(figure: dict[str, Any] | None) -> str:
    if figure is None:
        return "no model"
    if figure["value"] is None:
        return f"too few to say ({figure['n']})"
    low, high = f"{figure['low']:.1%}", f"{figure['high']:.1%}"
    return f"{figure['value']:.1%} ({low} to {high}, of {figure['n']:,})"
