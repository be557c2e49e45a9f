"""What each of the commands does: it reads the settings and calls the use case. What takes long to
import is imported when it is run."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import logging
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from bot.errors import SetupError
from bot.operations.logs import configure
from bot.options import OPTIONS, WORKER_PORT_OPTIONS
from bot.settings import load_settings


def _options(wanted: argparse.Namespace) -> dict[str, str | None]:
    return {
        name: value
        for name, value in vars(wanted).items()
        if name.replace("_", "-") in {*OPTIONS, *WORKER_PORT_OPTIONS}
    }


def _on_the_fast_loop(program: Coroutine[Any, Any, None]) -> None:
    """Importing Rasa chooses the same one, but only later: asyncio's own costs 7 % of the
    throughput."""
    if sys.platform != "win32":
        import uvloop

        uvloop.install()
    asyncio.run(program)


def serve(wanted: argparse.Namespace) -> None:
    from bot.serving import serve

    settings = load_settings(_options(wanted), demo=wanted.demo, project=Path())
    configure(settings.log_format, settings.log_level or logging.WARNING)
    _on_the_fast_loop(serve(settings))


def work(wanted: argparse.Namespace) -> None:
    from bot.working import work

    settings = load_settings(_options(wanted), demo=False, project=Path())
    configure(settings.log_format, settings.log_level or logging.INFO)
    _on_the_fast_loop(work(settings))


def doctor(wanted: argparse.Namespace) -> None:
    from bot.operations.doctor import run

    sys.exit(run(_options(wanted), Path(), offline=wanted.offline, as_json=wanted.json))


def back_up(wanted: argparse.Namespace) -> None:
    from bot.operations.backup.command import run_backup

    run_backup(load_settings(_options(wanted), demo=True, project=Path()), wanted.to)


def restore(wanted: argparse.Namespace) -> None:
    from bot.operations.backup.command import run_restore

    settings = load_settings(_options(wanted), demo=True, project=Path())
    run_restore(settings, wanted.archive, replace=wanted.replace)


def train(wanted: argparse.Namespace) -> None:
    if wanted.labels:
        from bot.learning.command import train_candidate

        settings = load_settings(_options(wanted), demo=True, project=Path())
        sys.exit(0 if asyncio.run(train_candidate(settings)) else 1)
    from bot.assistant.training import Project
    from bot.training_bar import train_with_bar

    train_with_bar(Project(Path(), Path("models")))


def models(wanted: argparse.Namespace) -> None:
    from bot.learning.command import list_models

    asyncio.run(list_models(load_settings(_options(wanted), demo=True, project=Path())))


def promote(wanted: argparse.Namespace) -> None:
    from bot.learning.command import promote_model

    settings = load_settings(_options(wanted), demo=True, project=Path())
    asyncio.run(promote_model(settings, wanted.model, wanted.reason))


def rollback(wanted: argparse.Namespace) -> None:
    from bot.learning.command import roll_back_model

    settings = load_settings(_options(wanted), demo=True, project=Path())
    asyncio.run(roll_back_model(settings, wanted.reason))


def evaluate(wanted: argparse.Namespace) -> None:
    from bot.learning.evaluation_report import evaluate

    evaluate(wanted.train, wanted.test, wanted.json, wanted.folds, wanted.plots)


def replay(wanted: argparse.Namespace) -> None:
    from bot.learning.replay_command import replay

    if wanted.limit < 1:
        raise SetupError(f"{wanted.limit} turns", where="--limit", cure="Give 1 or more.")
    settings = load_settings(_options(wanted), demo=True, project=Path())
    if not replay(settings, wanted.model, wanted.against, wanted.json, wanted.limit):
        sys.exit(1)


def simulate(wanted: argparse.Namespace) -> None:
    from bot.simulating import simulate

    # As the demo reads them: its own secret is what its simulated providers sign with.
    settings = load_settings(_options(wanted), demo=True, project=Path())
    asyncio.run(simulate(settings, wanted.channel, wanted.address))


def export_labels(wanted: argparse.Namespace) -> None:
    from bot.learning.label_commands import export

    settings = load_settings(_options(wanted), demo=True, project=Path())
    export(settings.database_url, settings.project, write=wanted.write, output=wanted.output)


def import_labels(wanted: argparse.Namespace) -> None:
    from bot.learning.label_commands import import_file

    settings = load_settings(_options(wanted), demo=True, project=Path())
    import_file(settings.database_url, settings.project, wanted.file, wanted.lead)


def add_user(wanted: argparse.Namespace) -> None:
    from bot.accounts import add_user, open_database
    from bot.agents import check_serving
    from bot.records import Agent
    from bot.rules_file import load_rules

    settings = load_settings(_options(wanted), demo=True, project=Path())
    check_serving(load_rules(settings.project / "handoff.yml"), wanted.queue, wanted.capacity)
    serving = Agent("", tuple(wanted.queue), tuple(wanted.skill), wanted.capacity)
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline()

    async def add() -> None:
        async with open_database(settings.database_url) as database:
            await add_user(
                database,
                email=wanted.email,
                name=wanted.name,
                role=wanted.role,
                password=password.rstrip("\n"),
                serving=serving,
            )

    asyncio.run(add())
    print(f"{wanted.email} can sign in as {wanted.role}.")


def revoke_user(wanted: argparse.Namespace) -> None:
    from bot.accounts import open_database, revoke_user

    settings = load_settings(_options(wanted), demo=True, project=Path())

    async def revoke() -> None:
        async with open_database(settings.database_url) as database:
            await revoke_user(database, wanted.email)

    asyncio.run(revoke())
    print(f"{wanted.email} can no longer sign in.")


def add_token(wanted: argparse.Namespace) -> None:
    from bot.access.command import add_token

    settings = load_settings(_options(wanted), demo=True, project=Path())
    asyncio.run(
        add_token(settings, wanted.email, wanted.name, scopes=wanted.scope, days=wanted.days)
    )


def export_customer(wanted: argparse.Namespace) -> None:
    from bot.erasure.command import export

    settings = load_settings(_options(wanted), demo=True, project=Path())
    asyncio.run(export(settings, wanted.who, wanted.output))


def erase_customer(wanted: argparse.Namespace) -> None:
    from bot.erasure.command import erase, settings_of

    asyncio.run(erase(settings_of(_options(wanted)), wanted.who, sure=wanted.yes))


def retain(wanted: argparse.Namespace) -> None:
    from bot.privacy.command import retain

    settings = load_settings(_options(wanted), demo=True, project=Path())
    asyncio.run(retain(settings, dry_run=wanted.dry_run))


def upgrade(wanted: argparse.Namespace) -> None:
    from bot.accounts import open_database

    settings = load_settings(_options(wanted), demo=True, project=Path())

    async def upgrade() -> None:
        async with open_database(settings.database_url):
            pass

    asyncio.run(upgrade())
    print("The database is up to date.")
