"""What nobody rings for is found by sweeps, whatever stands before it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from bot.intake import Received, receive
from bot.services import Services
from bot.store.schema import upgrade
from bot.store.turns import Turns
from bot.turn import take_turns
from bot.worker import CONCURRENT_TURNS, SWEPT_AT_ONCE, Worker
from tests.client import PATIENCE_SECONDS, eventually
from tests.conftest import over_both_databases
from tests.processes import EchoAssistant, message, processes, turn_of

pytestmark = over_both_databases


@pytest.fixture
async def services(database_url: str) -> AsyncIterator[Services]:
    async with processes(database_url, EchoAssistant()) as (started,):
        await upgrade(started.database)
        yield started


async def test_those_whose_turns_cannot_be_begun_hide_nobody(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = 2 * SWEPT_AT_ONCE
    broken = [await receive(services, message(address=f"broken {each}")) for each in range(many)]
    ids = {each.message.conversation_id for each in broken}
    waiting = await receive(services, message(address="ada"))
    for _ in range(many + 1):
        await services.queue.next()  # as if nobody had been rung for

    async def take(services: Services, conversation_id: str) -> None:
        if conversation_id in ids:
            raise ValueError("a row that nobody can read")
        await take_turns(services, conversation_id)

    monkeypatch.setattr("bot.worker.take_turns", take)
    monkeypatch.setattr("bot.worker.RETRY_SECONDS", 0.1)
    worker = Worker(services)
    worker.start()
    try:
        await eventually(lambda: ended(services, waiting))
    finally:
        await worker.stop()


async def test_what_another_process_took_widens_the_sweeps_no_longer(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [await receive(services, message(address=f"ada {n}")) for n in range(CONCURRENT_TURNS)]
    real, limits = Turns.untaken, [0]

    async def fail(services: Services, conversation_id: str) -> None:
        raise OSError

    async def untaken(turns: Turns, *, at: datetime, limit: int) -> list[str]:
        limits.append(limit)
        return await real(turns, at=at, limit=limit)

    async def widest() -> bool | None:
        return limits[-1] == SWEPT_AT_ONCE + len(said) or None

    async def as_ever() -> bool | None:
        return limits[-1] == SWEPT_AT_ONCE or None

    monkeypatch.setattr("bot.worker.take_turns", fail)
    monkeypatch.setattr("bot.worker.RETRY_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr("bot.worker.SWEEP_SECONDS", 0.05)
    monkeypatch.setattr(Turns, "untaken", untaken)
    worker = Worker(services)
    worker.start()
    try:
        await eventually(widest)
        for each in said:
            await take_turns(services, each.message.conversation_id)
        await eventually(as_ever)
    finally:
        await worker.stop()


async def ended(services: Services, said: Received) -> bool | None:
    async with services.database.read() as uow:
        turn = await uow.turns.get(turn_of(said))
    return True if turn is not None and turn.state == "done" else None
