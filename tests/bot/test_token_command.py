"""`warmline token add`, as the operator runs it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.access.tokens import digest
from bot.accounts import add_user, anybody
from bot.cli import main
from bot.store.database import Database
from tests.conftest import put_migrated


def test_a_token_is_printed_once_and_stored_as_its_hash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_migrated(tmp_path)
    url = f"sqlite:///{tmp_path / 'warmline.db'}"

    async def prepare() -> None:
        database = Database(url)
        assert not await anybody(database)
        await add_user(
            database, email="ada@shop.test", name="Ada", role="admin", password="the moon is round"
        )
        assert await anybody(database)
        await database.aclose()

    asyncio.run(prepare())
    command = ["token", "add", "ada@shop.test", "--name", "Report", "--scope", "read"]
    place = ["--data-dir", str(tmp_path)]
    main([*command, "--scope", "admin", "--days", "7", *place])
    secret, words, *_ = capsys.readouterr().out.splitlines()
    assert secret.startswith("wl_")
    assert "not shown again" in words

    async def found() -> list[str]:
        database = Database(url)
        async with database.read() as uow:
            token = await uow.api_tokens.by_hash(digest(secret))
        await database.aclose()
        assert token is not None
        assert secret.encode() not in (tmp_path / "warmline.db").read_bytes()
        return list(token.scopes)

    assert asyncio.run(found()) == ["read", "admin"]
    for wrong in (["--days", "366"], ["--days", "0"]):
        with pytest.raises(SystemExit, match="1 to 365 days"):
            main([*command, *wrong, *place])
    command[2] = "nobody@shop.test"
    with pytest.raises(SystemExit, match="nobody who may get in"):
        main([*command, *place])
