"""What a flood of frames costs: an address is refused, and what is said again writes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import aiohttp
import pytest

from bot.app import SERVICES
from bot.events import Event
from bot.live_model import Assistant
from bot.messages import Limit
from bot.settings import Settings
from bot.store.conversations import Conversations
from desk.edge.rates import Rate
from tests.client import API, PATIENCE_SECONDS, Warmline
from tests.conftest import serving
from tests.desk.test_widget import claimed, connected

Socket = aiohttp.ClientWebSocketResponse[bool]
FEW = Rate("calls", Limit(messages_a_second=0.001, burst=30))


@pytest.fixture
async def behind_proxy(
    settings: Settings, assistant: Assistant, shop_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Warmline]:
    """A server that is told by this machine whose each request is."""
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    proxied = replace(settings, trusted_proxies=(ip_network("127.0.0.1/32"),))
    async with serving(proxied, assistant) as running_server:
        yield running_server


async def _closed(socket: Socket) -> str | None:
    """The code of the error that the server closes it with; None where it is as open as before."""
    code = None
    await socket.send_json({"type": "ping"})
    while True:
        try:
            message = await socket.receive(timeout=1.0)
        except asyncio.TimeoutError:
            return None
        if message.type is not aiohttp.WSMsgType.TEXT:
            return code
        frame: dict[str, Any] = message.json()
        code = frame["error"]["code"] if frame["type"] == "error" else code


@pytest.mark.parametrize("whose", ["visitor", "staff"])
async def test_frames_of_one_address_are_counted_over_all_of_its_sockets(
    behind_proxy: Warmline, whose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = aiohttp.ClientSession(behind_proxy.client.make_url("/"))  # without a cookie
    if whose == "visitor":
        path, token = f"{API}/widget/socket", (await behind_proxy.visitor()).token
    else:
        path, token = f"{API}/live", (await behind_proxy.staff()).token
    monkeypatch.setattr("desk.edge.frames.CALLS", FEW)

    async def opened(address: str) -> Socket:
        socket = await client.ws_connect(path, headers={"X-Forwarded-For": address})
        await socket.send_json({"type": "hello", "token": token, "after": 0})
        assert (await socket.receive_json(timeout=PATIENCE_SECONDS))["type"] == "ready"
        return socket

    one, two, other = [await opened(f"203.0.113.{last}") for last in (9, 9, 10)]
    for socket in (one, other):
        for _ in range(20):
            await socket.send_json({"type": "typing"})
        assert await _closed(socket) is None
    for _ in range(20):
        await two.send_json({"type": "typing"})
    assert await _closed(two) == "too_many"
    assert await _closed(other) is None
    await client.close()


async def test_what_was_seen_before_is_not_written_again(
    warmline: Warmline, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    mark_seen = Conversations.mark_seen

    async def noted(self: Conversations, conversation_id: str, seq: int) -> None:
        written.append(seq)
        await mark_seen(self, conversation_id, seq)

    monkeypatch.setattr(Conversations, "mark_seen", noted)
    visitor = await warmline.visitor()
    await visitor.answer("hello")
    async with connected(warmline, visitor) as (widget, _):
        for seq in (1, 1, 1, 0, 2, 2, 1, 2_000_000, 2_000_000):
            await widget.send("seen", seq=seq)
        await widget.frames()
    assert written == [1, 2]


async def test_typing_is_told_once_a_second(warmline: Warmline) -> None:
    visitor, agent = await warmline.visitor(), await warmline.staff()
    await claimed(agent, visitor)
    with warmline.app[SERVICES].bus.subscribe(lambda event: event.type == "typing") as events:
        async with connected(warmline, visitor) as (widget, _):
            for _ in range(50):
                await widget.send("typing")
            await widget.frames()
        heard: list[Event] = []
        while True:
            try:
                heard.append(await asyncio.wait_for(events.next(), 0.5))
            except asyncio.TimeoutError:
                break
    assert 1 <= len(heard) <= 5
