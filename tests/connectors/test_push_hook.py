"""The shop's server hears of what waits for a customer who is away, signed and without a text."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.errors import NotNow, SetupError
from bot.messages import OutboundMessage
from connectors.web import WebConnector

SECRET = "a push secret that is long enough to sign"
WAITING = OutboundMessage("m-1", "web", "customer:C-1012", "agent", "Your refund is on its way")


@dataclass
class Shop:
    """What the shop's server was told."""

    url: str = ""
    status: int = 204
    told: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.told.append((dict(request.headers), await request.read()))
        return web.Response(status=self.status)


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    told = Shop()
    app = web.Application()
    app.router.add_post("/waiting", told.take)
    async with TestServer(app) as server:
        told.url = str(server.make_url("/waiting"))
        yield told


@pytest.fixture
async def connector(shop: Shop) -> AsyncIterator[WebConnector]:
    made = WebConnector.from_credentials({"push_url": shop.url, "push_secret": SECRET})
    yield made
    await made.aclose()


async def test_it_is_told_whose_message_waits_and_can_check_that_it_was_us(
    shop: Shop, connector: WebConnector
) -> None:
    assert connector.delivery == "push"
    assert (await connector.send(WAITING)).state == "sent"
    ((headers, body),) = shop.told
    wanted = {"type": "message_waiting", "customer": "C-1012", "message_id": "m-1"}
    assert json.loads(body) == {**wanted, "author": "agent"}
    assert b"refund" not in body
    stamped = f"{headers['X-Warmline-Timestamp']}.".encode() + body
    signature = hmac.new(SECRET.encode(), stamped, hashlib.sha256).hexdigest()
    assert headers["X-Warmline-Signature"] == f"sha256={signature}"
    assert headers["X-Warmline-Delivery"] == "m-1"


async def test_nobody_is_told_of_a_guest(shop: Shop, connector: WebConnector) -> None:
    guest = OutboundMessage("m-2", "web", "guest:abc", "bot", "Hi")
    assert (await connector.send(guest)).state == "held"
    assert shop.told == []


async def test_a_server_that_fails_is_told_again_later(shop: Shop, connector: WebConnector) -> None:
    shop.status = 503
    with pytest.raises(NotNow):
        await connector.send(WAITING)
    shop.status = 200
    assert (await connector.send(WAITING)).state == "sent"
    assert len({headers["X-Warmline-Delivery"] for headers, _ in shop.told}) == 1


async def test_without_a_hook_the_widget_fetches(shop: Shop) -> None:
    plain = WebConnector.from_credentials({})
    assert plain.delivery == "pull"
    assert (await plain.send(WAITING)).state == "held"


@pytest.mark.parametrize(
    ("block", "key"),
    [
        ({"push_url": "https://shop.example/w"}, "web.push_secret"),
        ({"push_url": "https://shop.example/w", "push_secret": "short"}, "web.push_secret"),
        ({"push_secret": SECRET}, "web.push_url"),
        ({"push_url": "shop.example", "push_secret": SECRET}, "web.push_url"),
    ],
)
def test_half_a_hook_stops_the_start(block: dict[str, str], key: str) -> None:
    with pytest.raises(SetupError) as refused:
        WebConnector.from_credentials(block)
    assert key in refused.value.where
