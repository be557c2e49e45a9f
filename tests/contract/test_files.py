"""Files that agents send, over both databases: kept, sent once, and forgotten when never sent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.agent_message import send_as_agent
from bot.clock import new_id, now
from bot.errors import Conflict, InvalidInput
from bot.files import UNSENT_FOR, keep_file
from bot.handoff import claim
from bot.records import File, User
from bot.services import Services
from tests.conftest import over_both_databases
from tests.processes import add_agent, hand_off, read_conversation

pytestmark = over_both_databases
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


async def kept(services: Services, conversation_id: str, user: User, name: str) -> File:
    return await keep_file(
        services,
        conversation_id,
        user,
        file_id=new_id(),
        name=name,
        content_type="image/png",
        body=PNG,
        link=f"https://shop.test/files/{name}",
    )


async def test_a_file_is_sent_once_by_who_added_it_and_as_a_link_where_none_are_shown(
    pair: tuple[Services, ...],
) -> None:
    here, there = pair
    nora, liam = await add_agent(here, "Nora"), await add_agent(here, "Liam")
    at = (await hand_off(here)).conversation_id
    with pytest.raises(Conflict):
        await kept(here, at, nora, "early.png")
    await claim(here, at, nora)
    one, two = [await kept(here, at, nora, name) for name in ("one.png", "two.png")]
    for ids in (["nothing"], [one.id, "nothing"]):
        with pytest.raises(InvalidInput, match="not there any more"):
            await send_as_agent(here, at, nora, "Look", client_id=None, files=ids)

    async def send() -> str:
        sent = await send_as_agent(
            there, at, nora, "Look", client_id="c1", files=[two.id, one.id, one.id]
        )
        return sent.id

    sent = await send()
    assert await send() == sent
    _, messages = await read_conversation(here, at)
    (line,) = [each for each in messages if each.id == sent]
    assert line.text == f"Look\n\ntwo.png: {two.link}\n\none.png: {one.link}"
    assert [each["reference"] for each in line.attachments] == [two.id, one.id]
    with pytest.raises(InvalidInput, match="not there any more"):
        await send_as_agent(here, at, nora, "Again", client_id="c2", files=[one.id])
    async with there.database.read() as uow:
        found = await uow.files.get(one.id)
        assert found is not None
        assert found.message_id == sent
        assert await uow.files.block(one.id, 0, 2 * len(PNG)) == PNG
        assert await uow.files.block(one.id, 5, 3) == PNG[5:8]
        assert await uow.files.block(one.id, len(PNG), 3) == b""
        assert await uow.files.unsent(at, liam.id, [one.id]) == []


async def test_what_nobody_sent_in_a_day_is_forgotten(pair: tuple[Services, ...]) -> None:
    services = pair[0]
    nora = await add_agent(services, "Nora")
    at = (await hand_off(services)).conversation_id
    await claim(services, at, nora)
    sent, left = [await kept(services, at, nora, name) for name in ("sent.png", "left.png")]
    await send_as_agent(services, at, nora, "", client_id=None, files=[sent.id])
    async with services.database.write() as uow:
        await uow.files.sweep(before=now() - UNSENT_FOR)
        assert await uow.files.get(left.id) is not None
        await uow.files.sweep(before=now() + timedelta(seconds=1))
        assert await uow.files.get(left.id) is None
        assert await uow.files.get(sent.id) is not None
