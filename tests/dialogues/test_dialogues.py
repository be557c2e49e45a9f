"""Every scripted dialogue ends as it has to, over the public API, on both databases."""

from __future__ import annotations

import os
from typing import Any

import pytest

from bot.live_model import Assistant
from bot.settings import Settings
from tests.demo_shop import DemoShop
from tests.dialogues.player import SHOP, Player
from tests.dialogues.script import Script, scripts


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
    demo_shop: DemoShop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(os.environ, SHOP, "set by the player, and put back after it")
    played = await Player(settings, assistant, demo_shop.path()).play(script)
    assert played.wrong is None, "\n".join([str(played.wrong), *played.transcript])
