"""What nobody rings for is found by sweeps, whatever stands before it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.intake import Received, receive
from bot.services import Services
from bot.store.schema import upgrade
from bot.turn import take_turns
from bot.worker import SWEPT_AT_ONCE, Worker
from tests.client import eventually
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


async def ended(services: Services, said: Received) -> bool | None:
    async with services.database.read() as uow:
        turn = await uow.turns.get(turn_of(said))
    return True if turn is not None and turn.state == "done" else None
