"""`uv run python -m tests.dialogues` plays all the dialogues and prints what came of them."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from actions.context.demo import seed
from bot.assistant import tensorflow
from bot.assistant.model import load_assistant, newest_model, quiet
from bot.assistant.training import Project, train
from bot.live_model import Assistant
from bot.settings import load_settings
from tests.conftest import ROOT
from tests.dialogues.player import Played, Player
from tests.dialogues.script import scripts
from tests.dialogues.table import show
from tests.postgresql import postgresql_server


async def _play(
    assistant: Assistant, folder: Path, new_database: Callable[[], str], only: str
) -> list[Played]:
    seeded = folder / "seeded.db"
    await seed(f"sqlite+aiosqlite:///{seeded}")
    played = []
    for script in scripts():
        if only in (script.intent, script.name, script.kind, ""):
            options = {"data_dir": str(folder), "database_url": new_database()}
            settings = load_settings(options, demo=True, project=ROOT, environment={})
            played.append(await Player(settings, assistant, seeded).play(script))
    return played


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL, not SQLite")
    parser.add_argument("--only", default="", help="one intent, kind or dialogue")
    parser.add_argument("--models", type=Path, help="where a trained model is; else one is trained")
    wanted = parser.parse_args()
    tensorflow.leave_out()
    quiet()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        models = wanted.models or folder / "models"
        model = newest_model(models) or train(Project(ROOT, models), lambda component: None).model
        assistant = load_assistant(model, ROOT / "endpoints.yml")
        server = stack.enter_context(postgresql_server()) if wanted.postgresql else None

        def new_database() -> str:
            if server is None:
                return f"sqlite:///{folder / uuid.uuid4().hex}.db"
            return stack.enter_context(server.new_database())

        played = asyncio.run(_play(assistant, folder, new_database, wanted.only))
        assistant.close()
    show(played, Console(width=100))


if __name__ == "__main__":
    main()
