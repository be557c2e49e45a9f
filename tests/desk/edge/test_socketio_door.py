"""Socket.IO stands inside the edge: whose pages may connect, and how much comes in."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.limits import MemoryLimits
from bot.messages import InboundMessage
from bot.privacy.quiet_logs import Short, quieten
from connectors.socketio import LARGEST_FRAME, SocketIOConnector
from desk.client_address import TRUSTED_PROXIES
from desk.edge.frames import FRAMES
from desk.edge.origins import PUBLIC_URL
from desk.edge.rates import MESSAGES
from desk.edge.socketio_door import SocketIODoor
from desk.web import errors
from tests.client import PATIENCE_SECONDS

OURS, SHOP = "https://chat.shop.example", "https://www.shop.example"
SITES = (SHOP, "https://*.brand.example", "http://localhost:*")
AT = "/socket.io/?EIO=4&transport="
SECRET = "I am Ada Lovelace"
Socket = aiohttp.ClientWebSocketResponse


@dataclass
class House:
    """A server with Socket.IO alone, behind a proxy on this machine, and what it took in."""

    client: TestClient[web.Request, web.Application]
    taken: list[InboundMessage]

    @asynccontextmanager
    async def connected(self, address: str, **headers: str) -> AsyncIterator[Socket]:
        headers["X-Forwarded-For"] = address
        async with self.client.ws_connect(f"{AT}websocket", headers=headers) as socket:
            assert (await socket.receive_str(timeout=PATIENCE_SECONDS)).startswith("0{")
            await socket.send_str("40")
            assert (await socket.receive_str(timeout=PATIENCE_SECONDS)).startswith("40{")
            yield socket


@pytest.fixture
async def house() -> AsyncIterator[House]:
    taken: list[InboundMessage] = []

    async def receive(message: InboundMessage) -> None:
        taken.append(message)

    async def wake(_channel: str, _address: str) -> None:
        """Nothing is held here."""

    app = web.Application(middlewares=[errors])
    app[TRUSTED_PROXIES] = (ip_network("127.0.0.1/32"),)
    app[PUBLIC_URL] = OURS
    connector = SocketIOConnector.from_credentials({"session_persistence": True})
    door = SocketIODoor(SITES, shared=MemoryLimits(), own=MemoryLimits())
    connector.attach(app, receive=receive, wake=wake, door=door)
    async with TestClient(TestServer(app)) as client:
        yield House(client, taken)


async def event(socket: Socket) -> tuple[str, Any]:
    """The next one that the server sends."""
    name, said = json.loads((await socket.receive_str(timeout=PATIENCE_SECONDS))[2:])
    return name, said


def uttered(text: str, session: str) -> str:
    return "42" + json.dumps(["user_uttered", {"message": text, "session_id": session}])


@pytest.mark.parametrize(
    "origin", [OURS, SHOP, "https://eu.brand.example", "http://localhost:3000", None]
)
async def test_our_pages_those_of_the_sites_and_programs_connect(
    house: House, origin: str | None
) -> None:
    headers = {} if origin is None else {"Origin": origin}
    async with house.connected("203.0.113.9", **headers) as socket:
        await socket.send_str('42["session_request",{"session_id":"ada"}]')
        assert await event(socket) == ("session_confirm", "ada")
    async with house.client.get(f"{AT}polling", headers=headers) as answer:
        assert answer.status == 200
        # Without it a browser keeps the answer from a page of another site.
        assert answer.headers.get("Access-Control-Allow-Origin") == origin
        sid = json.loads((await answer.text())[1:])["sid"]
    async with house.client.options(f"{AT}polling&sid={sid}", headers=headers) as answer:
        assert answer.status == 200
        assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    async with house.client.post(f"{AT}polling&sid={sid}", data="40", headers=headers) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    "origin",
    [
        *("https://evil.example", "null", "https://brand.example", "https://eu.brand.example.evil"),
        *("http://www.shop.example", "https://www.shop.example:8443", "https://xbrand.example"),
    ],
)
async def test_pages_of_other_sites_do_not_connect(house: House, origin: str) -> None:
    headers = {"Origin": origin}
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await house.client.ws_connect(f"{AT}websocket", headers=headers)
    assert refused.value.status == 403
    for method in ("GET", "POST", "OPTIONS"):
        async with house.client.request(method, f"{AT}polling", headers=headers) as answer:
            assert answer.status == 403
            assert (await answer.json())["error"]["code"] == "origin"
            assert "Access-Control-Allow-Origin" not in answer.headers


async def test_a_frame_is_no_larger_than_those_of_other_sockets(house: House) -> None:
    async with house.connected("203.0.113.9") as socket:
        await socket.send_str(uttered("x" * (LARGEST_FRAME - 1_000), "ada"))
        await socket.send_str(uttered("x" * LARGEST_FRAME, "ada"))
        while not socket.closed:
            await socket.receive(timeout=PATIENCE_SECONDS)
    assert len(house.taken) == 1


async def until_confirmed(socket: Socket) -> list[str]:
    """The codes of what was refused, of all that was sent before."""
    await socket.send_str('42["session_request",{"session_id":"ada"}]')
    codes = []
    while (heard := await event(socket))[0] == "error":
        codes.append(heard[1]["error"]["code"])
    return codes


async def test_one_address_sends_so_many_messages_by_however_many_sockets(house: House) -> None:
    burst = MESSAGES.limit.burst
    async with house.connected("203.0.113.9") as one, house.connected("203.0.113.9") as two:
        refused = []
        for socket in (one, two):
            for number in range(burst // 2 + 40):
                await socket.send_str(uttered("hello", f"session {number}"))
            refused += await until_confirmed(socket)
        assert burst <= len(house.taken) < burst + 60
        assert refused == ["too_many"] * (burst + 80 - len(house.taken))
        async with house.connected("203.0.113.10") as other:
            await other.send_str(uttered("hello", "bob"))
            assert await until_confirmed(other) == []
    assert house.taken[-1].address == "bob"


async def test_a_socket_that_sends_too_many_frames_is_told_so_and_closed(house: House) -> None:
    async with house.connected("127.0.0.1") as socket:
        for _ in range(2 * FRAMES.burst):
            await socket.send_str(uttered("hello", "ada"))
        name, said = await event(socket)
        assert (name, said["error"]["code"]) == ("error", "too_many")
        closed = await socket.receive(timeout=PATIENCE_SECONDS)
        assert closed.type is aiohttp.WSMsgType.CLOSE
    assert FRAMES.burst - 1 <= len(house.taken) < 2 * FRAMES.burst
    async with house.client.get(f"{AT}polling") as answer:
        sid = json.loads((await answer.text())[1:])["sid"]
    for _ in range(FRAMES.burst // 8):
        body = "\x1e".join(["40", *['42["user_uttered",{}]'] * 15])
        async with house.client.post(f"{AT}polling&sid={sid}", data=body) as answer:
            if answer.status == 400:
                break
    assert answer.status == 400


DEEP = "[" * 50_000
BROKEN = (
    *(f'42["user_uttered",{DEEP}{"]" * 50_000}]', f"4{DEEP}", f'42["user_uttered","{SECRET}"'),
    *("42", "42[]", "42{}", f'42[{{"{SECRET}":1}}]', "49", "4", f'451-["{SECRET}",1]'),
    '452147483647-["user_uttered",{"_placeholder":true,"num":0}]',
)


async def test_what_cannot_be_read_is_refused_in_words_and_leaves_no_trace_in_the_log(
    house: House,
) -> None:
    quieten()
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    heard = [logging.getLogger(name) for name in ("engineio", "socketio", "connectors", "warmline")]
    for logger in heard:
        logger.addHandler(handler)
    try:
        async with house.connected("203.0.113.9") as socket:
            for broken in BROKEN:
                await socket.send_str(broken)
                name, said = await event(socket)
                assert (name, said["error"]["code"]) == ("error", "invalid"), broken[:40]
            await socket.send_bytes(SECRET.encode())
            assert (await event(socket))[0] == "error"
            for arguments in ("", ',{"session_id":"ada"},1,null'):
                await socket.send_str(f'42["session_request"{arguments}]')
                assert (await event(socket))[0] == "session_confirm"
            await socket.send_str('42["user_uttered"]')
            await socket.send_str('42["user_uttered",{"message":"hello"},7]')
            await socket.send_str('42["session_request",{"session_id":"ada"}]')
            assert await event(socket) == ("session_confirm", "ada")
        async with house.client.get(f"{AT}polling") as answer:
            sid = json.loads((await answer.text())[1:])["sid"]
        for body in ("x", "d=", f"4\x1ex{SECRET}", "b!", f"4{DEEP}", b"\xff", "4\x1e" * 20):
            for session in (sid, SECRET):
                async with house.client.post(f"{AT}polling&sid={session}", data=body) as answer:
                    await answer.read()
        async with house.connected("203.0.113.9") as socket:
            await socket.send_str("x")
            while not socket.closed:
                await socket.receive(timeout=PATIENCE_SECONDS)
    finally:
        for logger in heard:
            logger.removeHandler(handler)
    assert [message.text for message in house.taken] == ["", "hello"]
    assert "Traceback" not in stream.getvalue()
    assert SECRET not in stream.getvalue()
    assert len(stream.getvalue().splitlines()) <= 1


async def test_who_takes_no_answers_is_heard_no_more(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.socketio.MOST_UNREAD", 10)
    async with house.client.get(f"{AT}polling") as answer:
        sid = json.loads((await answer.text())[1:])["sid"]
    for body in ("40", "\x1e".join(["42[]"] * 15), uttered("hello", "ada")):
        async with house.client.post(f"{AT}polling&sid={sid}", data=body) as answer:
            assert answer.status == 200
    assert not house.taken
    async with house.client.get(f"{AT}polling&sid={sid}") as answer:
        assert (await answer.text()).count("invalid") <= 11
    async with house.client.post(f"{AT}polling&sid={sid}", data=uttered("hello", "ada")) as answer:
        assert answer.status == 200
    assert len(house.taken) == 1


async def test_who_polls_no_more_holds_up_no_stop(house: House) -> None:
    async with house.client.get(f"{AT}polling") as answer:
        assert answer.status == 200
    await asyncio.wait_for(house.client.server.close(), PATIENCE_SECONDS)


def test_a_careless_library_says_one_short_line_a_minute() -> None:
    short, said = Short(), []
    for _ in range(3):
        try:
            raise ValueError(SECRET)
        except ValueError:
            caught = sys.exc_info()
        record = logging.LogRecord("it", logging.ERROR, "it.py", 1, SECRET, (), caught)
        if short.filter(record):
            said.append(logging.Formatter().format(record))
    assert said == ["library_failed error=ValueError"]
