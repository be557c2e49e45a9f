"""What strangers may have held in memory as webhooks, before their proof is looked at."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from ipaddress import ip_network

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.webhooks import LONG_BODY, LONGEST_BODY
from desk.client_address import TRUSTED_PROXIES
from desk.edge.unproven import MOST_LONG, UnprovenBodies
from desk.web import errors
from tests.client import eventually


@dataclass
class House:
    """A server behind a proxy on this machine; `held` bodies wait until `proved` is set."""

    client: TestClient[web.Request, web.Application]
    proved: asyncio.Event
    held: int = 0

    async def post(self, address: str, body: bytes | AsyncIterator[bytes]) -> int:
        sent = io.BytesIO(body) if isinstance(body, bytes) else body
        headers = {"X-Forwarded-For": address}
        async with self.client.post("/", data=sent, headers=headers) as answer:
            return answer.status


@pytest.fixture
async def house() -> AsyncIterator[House]:
    bodies = UnprovenBodies()

    async def handle(request: web.Request) -> web.Response:
        async with bodies.read(request) as body:
            opened.held += 1
            await opened.proved.wait()
            opened.held -= 1
        return web.Response(text=str(len(body)))

    app = web.Application(middlewares=[errors])
    app[TRUSTED_PROXIES] = (ip_network("127.0.0.1/32"),)
    app.router.add_post("/", handle)
    connections = aiohttp.TCPConnector(limit=0)
    async with TestClient(TestServer(app), connector=connections) as client:
        opened = House(client, asyncio.Event())
        yield opened


async def test_one_address_has_so_many_long_bodies_held_and_any_number_of_short_ones(
    house: House,
) -> None:
    provider, stranger, long = "198.51.100.7", "203.0.113.9", bytes(LONG_BODY)
    waiting = [asyncio.create_task(house.post(stranger, long)) for _ in range(MOST_LONG)]
    waiting += [asyncio.create_task(house.post(provider, bytes(5_000))) for _ in range(300)]
    waiting += [asyncio.create_task(house.post("127.0.0.1", long)) for _ in range(MOST_LONG + 9)]

    async def all_are_held() -> bool | None:
        return True if house.held == len(waiting) else None

    await eventually(all_are_held)

    async def unannounced() -> AsyncIterator[bytes]:
        for _ in range(8):
            yield bytes(LONG_BODY // 4)

    assert await house.post(stranger, long) == 503
    assert await house.post(stranger, unannounced()) == 503
    waiting.append(asyncio.create_task(house.post(stranger, bytes(100))))
    waiting.append(asyncio.create_task(house.post(provider, long)))
    await eventually(all_are_held)
    house.proved.set()
    assert set(await asyncio.gather(*waiting)) == {200}
    assert await house.post(stranger, long) == 200


async def test_a_body_longer_than_any_is_refused_and_leaves_its_place(house: House) -> None:
    house.proved.set()
    for _ in range(MOST_LONG + 1):
        assert await house.post("203.0.113.9", bytes(LONGEST_BODY + 1)) == 413
    assert await house.post("203.0.113.9", bytes(LONGEST_BODY)) == 200
