"""What a provider's payload names is fetched from the provider, and from nowhere inside."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import aiohappyeyeballs
import pytest
from aiohttp import web
from aiohttp.resolver import ThreadedResolver
from aiohttp.test_utils import TestServer

from bot.errors import NotFound, NotNow, TooLarge
from connectors import media
from connectors.http import ProviderClient
from connectors.media import download, origin

INSIDE = ("10.0.0.1", "127.0.0.1", "169.254.169.254", "192.168.1.1", "::1", "fd00::1", "100.64.0.1")
asked: list[str] = []


async def _bytes(request: web.Request) -> web.Response:
    asked.append(request.path)
    return web.Response(body=b"x" * int(request.query.get("size", 3)), content_type="image/png")


async def _away(request: web.Request) -> web.Response:
    raise web.HTTPFound(request.query["to"])


async def _dripping(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    while True:
        await answer.write(b"x")
        await asyncio.sleep(0.01)


@pytest.fixture
async def provider() -> AsyncIterator[str]:
    asked.clear()
    app = web.Application()
    app.router.add_get("/bytes", _bytes)
    app.router.add_get("/away", _away)
    app.router.add_get("/dripping", _dripping)
    async with TestServer(app) as server:
        yield origin(str(server.make_url("/")))


@pytest.fixture
async def client() -> AsyncIterator[ProviderClient]:
    opened = ProviderClient()
    yield opened
    await opened.aclose()


async def test_the_configured_origin_may_be_inside(provider: str, client: ProviderClient) -> None:
    got = await download(client, f"{provider}/away?to=/bytes", hosts=[provider])
    assert (got.content_type, got.body) == ("image/png", b"xxx")


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1:{other}/bytes",
        "//localhost:{other}/bytes",
        "https://127.0.0.1/",
        "http://[::1]/",
        "file:///etc/passwd",
        "/loop",
    ],
)
async def test_a_redirect_to_this_machine_is_not_followed(
    provider: str, client: ProviderClient, to: str
) -> None:
    app = web.Application()
    app.router.add_get("/bytes", _bytes)
    async with TestServer(app) as other:
        place = to.format(other=other.port)
        if to == "/loop":
            place = "/away?to=/away?to=/away?to=/away?to=/away"
        with pytest.raises(NotFound):
            await download(client, f"{provider}/away?to={place}", hosts=[provider, "files.example"])
    assert asked == []


@pytest.mark.parametrize("address", INSIDE)
async def test_a_name_that_leads_inside_is_not_connected_to(
    client: ProviderClient, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    async def leads_inside(
        self: ThreadedResolver, host: str, port: int = 0, family: int = socket.AF_UNSPEC
    ) -> list[dict[str, Any]]:
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [
            {
                "hostname": host,
                "host": address,
                "port": port,
                "family": kind,
                "proto": 0,
                "flags": 0,
            }
        ]

    connected: list[object] = []

    async def connect(*given: object, **_options: object) -> socket.socket:
        connected.append(given)
        raise OSError

    monkeypatch.setattr(ThreadedResolver, "resolve", leads_inside)
    monkeypatch.setattr(aiohappyeyeballs, "start_connection", connect)
    with pytest.raises(NotFound):
        await download(client, "https://files.example/x", hosts=["files.example"])
    assert connected == []


async def test_size_and_time_are_bounded(
    provider: str, client: ProviderClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TooLarge):
        await download(client, f"{provider}/bytes?size={media.LARGEST + 1}", hosts=[provider])
    monkeypatch.setattr(media, "LONGEST_SECONDS", 0.2)
    with pytest.raises(NotNow):
        await download(client, f"{provider}/dripping", hosts=[provider])
