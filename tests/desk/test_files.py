"""A file on its way from an agent to a customer, over HTTP: added, sent, opened, and inert."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientPayloadError, ClientResponse
from yarl import URL

from bot.files import LARGEST
from bot.store.files import Files
from desk.file_routes import BLOCK
from tests.client import API, Staff, Visitor, Warmline

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


async def add(
    warmline: Warmline, staff: Staff, path: str, name: str, body: bytes, *, status: int = 201
) -> Any:
    async with warmline.client.post(
        f"{API}{path}/files",
        params={"name": name},
        data=BytesIO(body),
        headers={"Authorization": f"Bearer {staff.token}"},
    ) as response:
        assert response.status == status, await response.text()
        return await response.json()


async def claimed(warmline: Warmline, agent: Staff) -> tuple[Visitor, str]:
    visitor = await warmline.visitor()
    await visitor.answer("I want to talk to a person")
    (waits,) = await warmline.waiting(agent)
    path = f"/conversations/{waits['conversation_id']}"
    await agent.post(f"{path}/claim")
    return visitor, path


def inert(response: ClientResponse) -> None:
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'; sandbox" in response.headers["Content-Security-Policy"]


async def test_what_an_agent_sends_the_customer_opens_and_colleagues_see(
    warmline: Warmline,
) -> None:
    agent, lead = await warmline.staff(), await warmline.staff("lead@demo.test")
    visitor, path = await claimed(warmline, agent)
    picture = await add(warmline, agent, path, "label <b>.png", PNG)
    assert picture == {**picture, "name": "label <b>.png", "content_type": "image/png", "size": 28}
    letter = await add(warmline, agent, path, "terms.txt", b"<script>alert(1)</script>")
    body = {"text": "Here it is", "files": [picture["id"], letter["id"]]}
    sent = await agent.post(f"{path}/messages", body, status=201)
    assert [each["name"] for each in sent["attachments"]] == ["label <b>.png", "terms.txt"]

    (line,) = [each for each in (await visitor.look())["messages"] if each["id"] == sent["id"]]
    assert line["text"] == "Here it is"
    opened = [each["url"] for each in line["attachments"]]
    async with warmline.client.get(URL(opened[0], encoded=True)) as response:
        assert await response.read() == PNG
        assert response.content_type == "image/png"
        assert response.headers["Content-Disposition"].startswith("inline")
        inert(response)
    async with warmline.client.get(URL(opened[1], encoded=True)) as response:
        assert response.content_type == "text/plain"
        assert response.headers["Content-Disposition"].startswith("attachment")
        inert(response)
    async with warmline.client.get(opened[0] + "x") as response:
        assert response.status == 404
        assert "This link has ended" in await response.text()

    async with warmline.client.get(
        sent["attachments"][0]["url"], headers={"Authorization": f"Bearer {lead.token}"}
    ) as response:
        assert await response.read() == PNG
        inert(response)


async def test_a_large_one_goes_out_in_blocks_and_a_deleted_one_never_looks_whole(
    warmline: Warmline, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    block = Files.block

    async def counted(files: Files, file_id: str, start: int, size: int) -> bytes:
        read.append(start)
        return await block(files, file_id, start, size)

    monkeypatch.setattr(Files, "block", counted)
    agent = await warmline.staff()
    visitor, path = await claimed(warmline, agent)
    body = PNG + bytes(number % 251 for number in range(3 * BLOCK))
    picture = await add(warmline, agent, path, "map.png", body)
    await agent.post(f"{path}/messages", {"text": "", "files": [picture["id"]]}, status=201)
    line = (await visitor.look())["messages"][-1]
    url = URL(line["attachments"][0]["url"], encoded=True)
    async with warmline.client.get(url) as response:
        assert await response.read() == body
    assert read == [0, BLOCK, 2 * BLOCK, 3 * BLOCK]
    read.clear()
    async with warmline.client.head(url) as response:
        assert response.content_length == len(body)
    assert read == []

    async def gone(files: Files, file_id: str, start: int, size: int) -> bytes:
        return b"" if start else await block(files, file_id, start, size)

    async def fails(files: Files, file_id: str, start: int, size: int) -> bytes:
        if start:
            raise OSError("the database is gone")
        return await block(files, file_id, start, size)

    for ends in (gone, fails):
        monkeypatch.setattr(Files, "block", ends)
        async with warmline.client.get(url) as response:
            with pytest.raises(ClientPayloadError):
                await response.read()


async def test_what_cannot_be_sent_is_refused_by_its_name(warmline: Warmline) -> None:
    agent, lead = await warmline.staff(), await warmline.staff("lead@demo.test")
    _, path = await claimed(warmline, agent)
    page = await add(warmline, agent, path, "page.html", b"<script>", status=422)
    assert "“page.html” cannot be sent." in page["error"]["message"]
    film = await add(warmline, agent, path, "film.png", b"\x00" * (LARGEST + 1), status=413)
    assert "“film.png” is too large. At most 5 MB" in film["error"]["message"]
    await add(warmline, lead, path, "label.png", PNG, status=409)
    await agent.post(f"{path}/messages", {"text": "", "files": []}, status=422)
    answer = await agent.post(f"{path}/messages", {"text": "", "files": ["x"]}, status=422)
    assert answer["error"]["detail"] == {"field": "files"}


async def test_nobody_keeps_more_than_they_send(
    warmline: Warmline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.files.MOST_UNSENT", 2)
    agent, lead = await warmline.staff(), await warmline.staff("lead@demo.test")
    _, path = await claimed(warmline, agent)
    first = await add(warmline, agent, path, "a.png", PNG)
    await add(warmline, agent, path, "b.png", PNG)
    refused = await add(warmline, agent, path, "c.png", PNG, status=409)
    assert refused["error"]["code"] == "too_many_files"
    await agent.post(f"{path}/messages", {"text": "One", "files": [first["id"]]}, status=201)
    await add(warmline, agent, path, "c.png", PNG)
    # Refused before it is read: it is not this lead's conversation.
    await add(warmline, lead, path, "d.png", PNG * 1_000_000, status=409)
