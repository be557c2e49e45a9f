"""What a process does beside everything else because somebody was erased."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from bot.erasure.following import following_erasures
from bot.store.database import UnitOfWork
from bot.store.schema import upgrade
from tests.client import eventually
from tests.processes import EchoAssistant, processes


async def test_a_database_that_is_away_at_first_is_looked_into_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with processes(f"sqlite:///{tmp_path / 'warmline.db'}", EchoAssistant()) as (services,):
        await upgrade(services.database)
        real, tries, forgot = services.database.read, [0], []
        services.memories.append(lambda: forgot.append(True))

        @asynccontextmanager
        async def away() -> AsyncIterator[UnitOfWork]:
            raise OSError
            yield

        def read() -> AbstractAsyncContextManager[UnitOfWork]:
            tries[0] += 1
            return away() if tries[0] == 1 else real()

        monkeypatch.setattr(services.database, "read", read)

        async def forgotten() -> bool | None:
            return True if forgot else None

        async with following_erasures(services):
            await eventually(forgotten)
