"""Every scripted dialogue ends as it has to, over the public API, on both databases."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest

from actions.context.demo import seed
from bot.live_model import Assistant
from bot.settings import Settings
from tests.dialogues.player import SHOP, Player
from tests.dialogues.script import Script, scripts


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo shop, to be copied by each dialogue."""
    path = tmp_path_factory.mktemp("dialogues") / "shop.db"
    asyncio.run(seed(f"sqlite+aiosqlite:///{path}"))
    return path


def _cases() -> list[Any]:
    """All on SQLite; on PostgreSQL the straight ones, since the database sees no difference between
    two ways to say something. `python -m tests.dialogues --postgresql` plays all on it, too."""
    return [
        pytest.param(database, script, id=f"{database}-{script.name.replace(' ', '_')}")
        for database in ("sqlite", "postgresql")
        for script in scripts()
        if database == "sqlite" or script.kind in ("straight", "several")
    ]


@pytest.mark.parametrize(("database_url", "script"), _cases(), indirect=["database_url"])
async def test_a_dialogue_ends_as_it_has_to(
    script: Script,
    settings: Settings,
    assistant: Assistant,
    seeded: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(os.environ, SHOP, "set by the player, and put back after it")
    played = await Player(settings, assistant, seeded).play(script)
    assert played.wrong is None, "\n".join([str(played.wrong), *played.transcript])
