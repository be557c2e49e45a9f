"""Slow and hostile clients at a real socket, with limits short enough to wait for."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from aiohttp import web

from bot.jobs import end
from bot.limits import MemoryLimits
from desk.client_address import TRUSTED_PROXIES
from desk.edge.admission import Admission
from desk.edge.crowd import Crowd
from desk.edge.headers import protect
from desk.edge.listening import listening
from desk.edge.patience import LONGEST_FIELD, LONGEST_LINE, MOST_HEADERS, Patience
from desk.web import errors
from tests.client import PATIENCE_SECONDS, eventually
from tests.desk.edge.test_headers import check

SHORT = Patience(head=0.3, idle=0.6, body=0.3, reading=0.3, rate=1e9, look_every=0.05)
LARGE = 20_000_000  # bytes; more than the sockets' own buffers take
MOST = 40
ASKED = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Server:
    """What listens at `port`, and who is connected."""

    port: int
    crowd: Crowd

    async def raw(self, said: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(said)
        return reader, writer

    async def answer(self, said: bytes) -> tuple[int, dict[str, str], bytes]:
        """What comes back until the server ends the connection."""
        reader, writer = await self.raw(said)
        got = await asyncio.wait_for(reader.read(), PATIENCE_SECONDS)
        writer.close()
        head, _, body = got.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        return int(first.split()[1]), dict(line.split(": ", 1) for line in lines), body

    async def somebody(self) -> bool | None:
        return None if self.crowd.is_empty() else True

    async def nobody(self) -> bool | None:
        return True if self.crowd.is_empty() else None


async def _all_of(reader: asyncio.StreamReader) -> bytes:
    """What comes until the server ends the connection, in whichever way."""
    try:
        return await asyncio.wait_for(reader.read(), PATIENCE_SECONDS)
    except ConnectionError:
        return b""


async def _hello(request: web.Request) -> web.Response:
    await asyncio.sleep(float(request.query.get("wait", 0)))
    return web.json_response({"read": len(await request.read())})


async def _large(_request: web.Request) -> web.Response:
    return web.Response(body=bytes(LARGE))


async def _streamed(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    for _ in range(20):
        await answer.write(bytes(LARGE // 20))
    return answer


async def _socket(request: web.Request) -> web.WebSocketResponse:
    answer = web.WebSocketResponse()
    await answer.prepare(request)
    async for message in answer:
        await answer.send_str(message.data)
    return answer


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    admission = Admission(MemoryLimits(), SHORT)
    app = web.Application(middlewares=[errors, admission.admit], client_max_size=10_000)
    app[TRUSTED_PROXIES] = ()
    app.on_response_prepare.append(protect((), https=True))
    app.router.add_route("*", "/", _hello)
    app.router.add_get("/large", _large)
    app.router.add_get("/streamed", _streamed)
    app.router.add_get("/socket", _socket)
    with socket.create_server(("127.0.0.1", 0)) as at:
        crowd = Crowd(MOST)
        async with listening(app, at, https=True, proxies=(), patience=SHORT, crowd=crowd):
            yield Server(at.getsockname()[1], crowd)


@pytest.mark.parametrize(
    "said",
    [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ", b"\r\n" * 10],
    ids=["nothing", "half a line", "half the headers", "empty lines"],
)
async def test_a_head_that_does_not_come_ends_the_connection(server: Server, said: bytes) -> None:
    reader, writer = await server.raw(said)
    assert await _all_of(reader) == b""
    writer.close()


async def test_a_head_that_comes_a_byte_at_a_time_ends_the_connection(server: Server) -> None:
    reader, writer = await server.raw(b"GET / HTTP/1.1\r\nHost: x\r\n")

    async def drip() -> None:
        while True:
            writer.write(b"a")
            await asyncio.sleep(0.02)

    dripping = asyncio.create_task(drip())
    assert await _all_of(reader) == b""
    await end(dripping)
    writer.close()


async def test_a_second_head_on_the_same_connection_is_waited_for_no_longer(
    server: Server,
) -> None:
    reader, writer = await server.raw(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    writer.write(b"GET / HTTP/1.1\r\nHost:")
    assert b"HTTP/1.1" not in await _all_of(reader)
    writer.close()


async def test_a_body_that_does_not_come_is_refused(server: Server) -> None:
    for said in (b"Content-Length: 100\r\n\r\nhalf", b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"):
        status, _, body = await server.answer(b"POST / HTTP/1.1\r\nHost: x\r\n" + said)
        assert status == 408
        assert json.loads(body)["error"]["code"] == "too_slow"


@pytest.mark.parametrize("path", ["/large", "/streamed"])
async def test_an_answer_that_nobody_reads_ends_the_connection(server: Server, path: str) -> None:
    _, writer = await server.raw(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    transport: asyncio.Transport = writer.transport  # type: ignore[assignment]
    transport.pause_reading()
    await eventually(server.somebody)
    await eventually(server.nobody)
    transport.abort()


async def test_who_waits_or_listens_or_reads_all_of_it_is_not_cut(server: Server) -> None:
    at = f"http://127.0.0.1:{server.port}"
    async with aiohttp.ClientSession() as client, client.ws_connect(f"{at}/socket") as listening_on:
        async with client.get(f"{at}/?wait={4 * SHORT.idle}") as waited:
            assert waited.status == 200
        for path in ("/large", "/streamed"):
            async with client.get(at + path) as answer:
                assert len(await answer.read()) == LARGE
        await listening_on.send_str("still here")
        assert await listening_on.receive_str() == "still here"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"GET /" + b"a" * LONGEST_LINE + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * (LONGEST_FIELD + 9) + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: a\r\n" * MOST_HEADERS + b"\r\n", 431),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10001\r\n\r\n" + b"a" * 10_001, 413),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
        (
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
            400,
        ),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"GET http://[/ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ],
    ids=[
        "long line",
        "long header",
        "many headers",
        "long body",
        "negative length",
        "no chunk",
        "no gzip",
        "folded header",
        "TLS",
        "no URL",
    ],
)
async def test_what_is_too_large_or_no_http_is_refused_as_everything_else(
    server: Server, said: bytes, status: int
) -> None:
    got, headers, body = await server.answer(
        said.replace(b"Host: x", b"Host: x\r\nConnection: close")
    )
    assert got == status
    error = json.loads(body)["error"]
    assert set(error) == {"code", "message", "detail"}
    check(headers, "")
    assert "Strict-Transport-Security" in headers


async def test_one_address_has_so_many_connections_and_room_again_when_they_end(
    server: Server,
) -> None:
    opened = [await server.raw() for _ in range(MOST)]
    reader, writer = await server.raw(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert await _all_of(reader) == b""
    for _, one in [*opened, (reader, writer)]:
        one.close()
    await eventually(server.nobody)
    assert (await server.answer(ASKED))[0] == 200


async def test_a_customer_is_served_while_slow_ones_hold_their_connections(server: Server) -> None:
    slow = [await server.raw(b"GET / HTTP/1.1\r\nHost:") for _ in range(MOST - 1)]
    assert (await server.answer(ASKED))[0] == 200
    for _, writer in slow:
        writer.close()
