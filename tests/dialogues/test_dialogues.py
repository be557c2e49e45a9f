"""Every scripted dialogue ends as it has to, over the public API, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from actions.context.demo import seed
from bot.live_model import Assistant
from bot.settings import Settings
from tests.conftest import serving
from tests.dialogues.player import Player, shop_secret
from tests.dialogues.script import Script, scripts


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo shop, to be copied by each dialogue."""
    path = tmp_path_factory.mktemp("dialogues") / "shop.db"
    asyncio.run(seed(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
async def player(
    settings: Settings, assistant: Assistant, seeded: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Player]:
    """A server of the test's own."""
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", f"sqlite+aiosqlite:///{seeded}")
    async with serving(settings, assistant) as warmline:
        yield Player(warmline, await warmline.staff(), seeded, shop_secret(settings))


def _by_intent() -> list[list[Script]]:
    intents = dict.fromkeys(script.intent for script in scripts())
    return [[one for one in scripts() if one.intent == intent] for intent in intents]


@pytest.mark.parametrize("own", _by_intent(), ids=lambda own: own[0].intent)
@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
async def test_the_dialogues_of_an_intent_end_as_they_have_to(
    player: Player, own: list[Script], tmp_path: Path
) -> None:
    played = [await player.play(script, tmp_path) for script in own]
    wrong = [
        "\n".join([f"{each.script.name}: {each.wrong}", *each.transcript])
        for each in played
        if each.wrong
    ]
    assert not wrong, "\n\n".join(wrong)
