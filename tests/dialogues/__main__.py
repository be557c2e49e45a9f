"""`uv run python -m tests.dialogues` plays all the dialogues and prints what came of them."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from actions.context.demo import seed
from bot.assistant import tensorflow
from bot.assistant.model import load_assistant, newest_model, quiet
from bot.assistant.training import Project, train
from bot.live_model import Assistant
from bot.settings import load_settings
from tests.conftest import ROOT, serving
from tests.dialogues.player import Played, Player, shop_secret
from tests.dialogues.script import scripts
from tests.dialogues.table import show
from tests.postgresql import postgresql_server


async def _play(assistant: Assistant, folder: Path, database_url: str, only: str) -> list[Played]:
    options = {"data_dir": str(folder), "database_url": database_url}
    settings = load_settings(options, demo=True, project=ROOT, environment={})
    seeded = folder / "seeded.db"
    await seed(f"sqlite+aiosqlite:///{seeded}")
    async with serving(settings, assistant) as warmline:
        player = Player(warmline, await warmline.staff(), seeded, shop_secret(settings))
        return [
            await player.play(script, folder)
            for script in scripts()
            if only in (script.intent, script.name, "")
        ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL, not SQLite")
    parser.add_argument("--only", default="", help="one intent, or one dialogue's name")
    parser.add_argument("--models", type=Path, help="where a trained model is; else one is trained")
    wanted = parser.parse_args()
    tensorflow.leave_out()
    quiet()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        models = wanted.models or folder / "models"
        model = newest_model(models) or train(Project(ROOT, models), lambda component: None).model
        assistant = load_assistant(model, ROOT / "endpoints.yml")
        url = f"sqlite:///{folder / 'warmline.db'}"
        if wanted.postgresql:
            url = stack.enter_context(stack.enter_context(postgresql_server()).new_database())
        played = asyncio.run(_play(assistant, folder, url, wanted.only))
        assistant.close()
    show(played, Console(width=100))


if __name__ == "__main__":
    main()
