"""`warmline models`, `promote`, `rollback` and `train --labels`: the registry from a terminal.

They work on the database and the folder that a server uses at the same time. With Redis its
processes are told at once; without, they find a placed file within two seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.accounts import open_database
from bot.assistant.model import load_assistant, newest_model
from bot.coordination import coordinated
from bot.errors import SetupError
from bot.learning.offline import offline_services
from bot.learning.promotion import Decision, promote, roll_back
from bot.learning.registry import Registry
from bot.learning.trainer import Trainer
from bot.records import Model
from bot.rules_file import check_names, current_rules
from bot.settings import Settings

LISTED = 50
LOOK_SECONDS = 0.5


async def list_models(settings: Settings) -> None:
    """Every model, newest first, with what its card says."""
    async with _registry(settings) as registry, registry.database.read() as uow:
        rows = await uow.models.page(before=None, limit=LISTED)
    for row in rows:
        print(_line(row))


async def promote_model(settings: Settings, model_id: str, reason: str | None) -> None:
    """As a lead does on the page. Raises what `promote` raises."""

    async def make_ready(path: Path) -> None:
        await asyncio.to_thread(_check, settings, path)

    async with _registry(settings) as registry:
        await promote(registry, model_id, Decision(None, reason), make_ready)
    print(f"{model_id} is live.")


async def roll_back_model(settings: Settings, reason: str | None) -> None:
    """The same, back to the model before; it was live, so it is not tried again here."""

    async def trust(path: Path) -> None:
        pass

    async with _registry(settings) as registry:
        model = await roll_back(registry, Decision(None, reason), trust)
    print(f"{model.id} is live again.")


async def train_candidate(settings: Settings) -> bool:
    """Train from the labels and compare, with a bar; whether the gate passed."""
    model = _live_model(settings)
    async with (
        _registry(settings) as registry,
        offline_services(settings, model, registry.database, registry.bus) as services,
    ):
        async with aclosing(Trainer(services, registry, settings.project)) as trainer:
            begun = await trainer.start(None)
            await _watch(registry, trainer, begun)
        async with registry.database.read() as uow:
            made = await uow.models.get(begun.id)
    if made is None or made.state == "failed":
        raise SetupError(
            "training failed",
            where=begun.id,
            cure=(made.error if made else None) or "Train again.",
        )
    _print_report(made)
    return bool(made.gate_passed)


@asynccontextmanager
async def _registry(settings: Settings) -> AsyncIterator[Registry]:
    async with (
        open_database(settings.database_url) as database,
        coordinated(settings.redis_url) as shared,
    ):
        yield Registry(database, shared.bus, settings.models)


def _live_model(settings: Settings) -> Path:
    path = newest_model(settings.models)
    if path is None:
        raise SetupError(
            "there is no model that a candidate could be compared with",
            where=str(settings.models),
            cure="Run `warmline train` first.",
        )
    return path


def _check(settings: Settings, path: Path) -> None:
    assistant = load_assistant(path, settings.project / "endpoints.yml")
    rules_file = settings.project / "handoff.yml"
    check_names(
        current_rules(rules_file),
        rules_file,
        intents=assistant.intents,
        slots=assistant.domain_slots,
    )


async def _watch(registry: Registry, trainer: Trainer, begun: Model) -> None:
    columns = (TextColumn(begun.id), BarColumn(30), TextColumn("{task.description}"))
    with Progress(*columns, TimeElapsedColumn(), console=Console()) as bar:
        task = bar.add_task(begun.step or "", total=1.0)
        waiting = asyncio.create_task(trainer.wait())
        while not waiting.done():
            await asyncio.wait([waiting], timeout=LOOK_SECONDS)
            async with registry.database.read() as uow:
                row = await uow.models.get(begun.id)
            if row is not None and row.share is not None:
                bar.update(task, completed=row.share, description=row.step or "")
        bar.update(task, completed=1.0, description="done")


def _line(row: Model) -> str:
    facts = [f"{row.id:<40}", f"{row.state:<9}", f"{row.started_at:%Y-%m-%d %H:%M}"]
    if row.card is not None:
        facts.append(f"{row.card['unseen_examples']['accuracy']:.1%} understood")
    if row.gate_passed is not None:
        facts.append("gate passed" if row.gate_passed else "gate failed")
    if row.recalled_at is not None:
        is_live = row.state == "live"
        facts.append("to be replaced: it" if is_live else "recalled: it")
        facts[-1] += " learnt from messages that were erased"
    if row.error is not None:
        facts.append(row.error)
    return "  ".join(facts)


def _print_report(made: Model) -> None:
    report = made.report or {}
    print(_line(made))
    print(report["verdict"])
    for reason in report["gate"]["reasons"]:
        print(f"  {reason}")
    passed = "The gate passed" if made.gate_passed else "The gate did not pass"
    print(f"{passed}. Promote it with `warmline promote {made.id}`.")
