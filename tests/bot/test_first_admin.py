"""A new installation says how somebody comes to sign in, and stops saying it once somebody can."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot import serving
from bot.accounts import add_user
from bot.settings import Settings, load_settings
from bot.store.database import Database
from tests.bot.test_restart import free_port
from tests.conftest import ROOT

HINT = "warmline user add"


async def started(settings: Settings, capsys: pytest.CaptureFixture[str]) -> str:
    """What `warmline serve` prints until it is told to stop, which is at once."""
    await serving.serve(replace(settings, port=free_port()))
    return capsys.readouterr().out


async def test_it_says_how_to_make_the_first_admin_until_there_is_one(
    tmp_path: Path,
    model: Path,
    shop_url: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def told_at_once() -> None:
        """Nobody has to send a signal to the program that runs the tests."""

    monkeypatch.setattr(serving, "told_to_stop", told_at_once)
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    options = {
        "data_dir": str(tmp_path),
        "secret_key": "a secret that is long enough to sign with",
        "stop_grace": "0",
    }
    settings = load_settings(options, demo=False, project=ROOT, environment={})
    settings = replace(settings, models=model.parent)
    said = await started(settings, capsys)
    assert HINT in said
    assert "--role admin" in said
    database = Database(settings.database_url)
    try:
        await add_user(
            database, email="a@shop.test", name="Ada", role="admin", password="correct horse 7 up"
        )
    finally:
        await database.aclose()
    assert HINT not in await started(settings, capsys)
