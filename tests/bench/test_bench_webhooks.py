"""Requests at even distances, against a small server that may be slow or refuse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from rich.console import Console

from bench.acknowledging import CHANNEL, AcknowledgingConnector
from bench.customers import connect
from bench.webhooks import WEBHOOK, Acknowledged, post_evenly, table
from bot.messages import WebhookRequest


class Provider:
    """Acknowledges once `gate` is open; every fifth request is refused when it `refuses`."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.arrived = 0
        self.refuses = False

    async def answer(self, _request: web.Request) -> web.Response:
        self.arrived += 1
        refused = self.refuses and self.arrived % 5 == 0
        if self.arrived == 10:
            self.gate.set()
        await self.gate.wait()
        return web.Response(status=503 if refused else 200)


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
async def url(provider: Provider) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post(WEBHOOK, provider.answer)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


async def test_arrivals_do_not_wait_for_answers(url: str, provider: Provider) -> None:
    """The first answer comes with the tenth request: a client that waited would never end."""
    async with connect(url) as session:
        taken, refused = await post_evenly(session, rate=100, seconds=0.2)
    assert (len(taken), refused, provider.arrived) == (20, 0, 20)
    assert taken[0] >= 80  # it waited for nine others, 10 ms apart


async def test_a_refusal_is_counted_and_not_timed(url: str, provider: Provider) -> None:
    provider.refuses = True
    async with connect(url) as session:
        taken, refused = await post_evenly(session, rate=200, seconds=0.1)
    assert (len(taken), refused) == (16, 4)


def test_the_connector_reads_what_is_posted() -> None:
    connector = AcknowledgingConnector.from_credentials({})
    body = b'{"id": "m1", "sender": "ada", "text": "hello"}'
    (message,) = connector.parse(WebhookRequest("POST", WEBHOOK, {}, {}, body))
    assert (message.channel, message.address, message.text) == (CHANNEL, "ada", "hello")


def test_what_was_acknowledged_must_be_stored() -> None:
    found = Acknowledged([5.0] * 99 + [200.0], 0, 1.0, 99, 40, {"warmline serve": 0.9}, 0.5)
    console = Console(width=100)
    with console.capture() as printed:
        console.print(table(found, rate=100))
    rows = [" ".join(line.split()) for line in printed.get().splitlines()]
    assert "acknowledged, p50 (ms) 5.0 <= 10: met" in rows
    assert "acknowledged, p99 (ms) 5.0 <= 100: met" in rows
    assert "acknowledged and not stored 1 <= 0: MISSED" in rows
