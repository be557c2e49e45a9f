"""Whoever was joined with somebody, wrote, and was taken apart again is given out and erased alone,
on every database."""

from __future__ import annotations

import asyncio
import zipfile
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import now
from bot.erasure import following
from bot.erasure.eraser import Eraser
from bot.erasure.export import write_export
from bot.erasure.following import finish_left
from bot.erasure.keys import ErasureKey
from bot.intake import receive
from bot.join_undo import undo
from bot.learning.registry import Registry
from bot.records import User
from bot.services import Services
from bot.store.tables import conversations, joins, users
from bot.turn import take_turns
from tests import traces
from tests.client import PATIENCE_SECONDS, eventually
from tests.conftest import over_both_databases
from tests.contract.test_joins import carry, identity, rows, sms, web
from tests.processes import EchoAssistant, add_agent, read_conversation, say

pytestmark = over_both_databases

SAID = "my zyxxkettle sings flumberous"


@dataclass(frozen=True, slots=True)
class Apart:
    """Two who were taken for one: whose conversation it was, and who wrote into it."""

    eraser: Eraser
    host: str
    guest: str


@pytest.fixture
async def apart(pair: tuple[Services, ...], tmp_path: Path) -> Apart:
    services = replace(pair[0], erasure_key=ErasureKey("of the test"))
    (tmp_path / "models" / "candidates").mkdir(parents=True)
    registry = Registry(services.database, services.bus, tmp_path / "models")
    eraser = Eraser(registry, services.erasure_key, tmp_path, tmp_path)
    host = await receive(services, web("where is my orange parcel?"))
    await carry(services, sms())
    written = await receive(services, sms(SAID))
    assert written.message.conversation_id == host.message.conversation_id
    await take_turns(services, written.message.conversation_id)
    (join,) = await rows(services, joins)
    await undo(services, join["id"], await add_agent(services, "Nora"))
    guest = await identity(services, "twilio", "+15550001111")
    return Apart(eraser, host.message.customer_id, guest.customer_id)


async def given_out(services: Services, customer_id: str, path: Path) -> str:
    await write_export(services.database, customer_id, path)
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


async def test_what_was_written_while_joined_is_given_out_and_erased(
    pair: tuple[Services, ...], apart: Apart, tmp_path: Path
) -> None:
    assert SAID in await given_out(pair[0], apart.guest, tmp_path / "guest.zip")
    (tmp_path / "guest.zip").unlink()
    receipt = await apart.eraser.erase(apart.guest, by=None)
    assert receipt.state == "done"
    assert await traces.found_in_database(pair[0], [*SAID.split()[1:], "+15550001111"]) == []
    assert await traces.found_in_database(pair[0], ["orange"]) != []


async def test_lines_are_found_also_where_only_a_third_was_joined_to_both(
    pair: tuple[Services, ...], apart: Apart
) -> None:
    services = pair[0]
    await carry(services, sms())
    third = await receive(services, web("is anybody there?", "guest:cleo"))
    await carry(services, sms(), "guest:cleo")
    written = await receive(services, sms("zyxxladder"))
    assert written.message.conversation_id == third.message.conversation_id
    await take_turns(services, written.message.conversation_id)
    nora = (await rows(services, users))[0]["id"]
    by = User(nora, "nora@shop.test", "Nora", "agent", "", now())
    for join in reversed(await rows(services, joins)):
        if join["undone_at"] is None:
            await undo(services, join["id"], by)
    assert (await identity(services, "twilio", "+15550001111")).customer_id == apart.guest
    await apart.eraser.erase(apart.guest, by=None)
    assert await traces.found_in_database(services, ["zyxx", "+15550001111"]) == []
    assert await traces.found_in_database(services, ["anybody", "orange"]) != []


async def test_a_turn_that_is_being_taken_brings_no_memory_back(
    pair: tuple[Services, ...], apart: Apart, caplog: pytest.LogCaptureFixture
) -> None:
    services = pair[0]
    gate = asyncio.Event()
    services.live.swap(EchoAssistant(gate=gate))
    asked = await receive(services, web("and now?"))
    taking = asyncio.create_task(take_turns(services, asked.message.conversation_id))
    await eventually(lambda: is_leased(services, asked.message.conversation_id))
    await apart.eraser.erase(apart.guest, by=None)
    gate.set()
    await taking
    assert "lease_lost" in caplog.text
    await take_turns(services, asked.message.conversation_id)
    _, lines = await read_conversation(services, asked.message.conversation_id)
    assert [line.text for line in lines].count("You said: and now?") == 1


async def is_leased(services: Services, conversation_id: str) -> bool | None:
    found = await rows(services, conversations)
    return any(one["id"] == conversation_id and one["lease_token"] for one in found) or None


async def test_one_erasure_that_fails_holds_up_neither_the_others_nor_the_training(
    pair: tuple[Services, ...],
    apart: Apart,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    other = (await say(pair[0])).message.customer_id
    failing = await apart.eraser.begin(apart.host, by=None)
    other_id = await apart.eraser.begin(other, by=None)
    finish = Eraser.finish

    async def fails(self: Eraser, erasure_id: str) -> Any:
        if erasure_id == failing:
            raise TypeError(SAID)
        return await finish(self, erasure_id)

    trained = asyncio.Event()

    async def trains(_trainer: Any) -> bool:
        trained.set()
        return True

    with monkeypatch.context() as patch:
        patch.setattr(Eraser, "finish", fails)
        patch.setattr(following, "retrain", trains)
        trainer: Any = object()
        async with following.following_erasures(pair[0], apart.eraser, trainer):
            await asyncio.wait_for(trained.wait(), PATIENCE_SECONDS)
    assert f"erasure_not_finished erasure_id={failing} error=TypeError" in caplog.text
    assert SAID not in caplog.text
    async with pair[0].database.read() as uow:
        assert [one.id for one in await uow.erasures.unfinished()] == [failing]
        finished = await uow.erasures.get(other_id)
    assert finished is not None
    assert finished.state == "done"
    assert await finish_left(apart.eraser, older=timedelta(0)) == 1
