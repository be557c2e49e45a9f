"""Every way in which a provider may fail, and what is raised for it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import pytest
from aiohttp import web

from bot.errors import AnswerLost, NotNow, Refused
from connectors.http import ProviderClient, accepted
from tests.client import PATIENCE_SECONDS
from tests.connectors.simulated import serving

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
async def client() -> AsyncIterator[ProviderClient]:
    opened = ProviderClient()
    yield opened
    await opened.aclose()


@pytest.fixture
async def hasty() -> AsyncIterator[ProviderClient]:
    """One that waits for no answer."""
    opened = ProviderClient(answer_seconds=0.3)
    yield opened
    await opened.aclose()


def listening(handler: Handler) -> AbstractAsyncContextManager[str]:
    return serving([web.route("*", "/", handler)])


def answering(status: int, body: str = "{}", **headers: str) -> Handler:
    async def handler(_request: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, text=body, headers=named)

    return handler


async def test_json_and_forms_are_posted_and_the_answer_read(client: ProviderClient) -> None:
    async def echo(request: web.Request) -> web.Response:
        said = await request.json() if request.content_type.endswith("json") else None
        form = dict(await request.post())
        return web.json_response(
            {"json": said, "form": form, "key": request.headers.get("Key"), **request.query},
            status=201,
        )

    async with listening(echo) as url:
        posted = accepted(await client.post(url, json={"to": "ä"}, headers={"Key": "k"}))
        assert posted == {"json": {"to": "ä"}, "form": {}, "key": "k"}
        assert accepted(await client.post(url, form={"To": "+44"}))["form"] == {"To": "+44"}
        assert accepted(await client.get(url, query={"id": "7"}))["id"] == "7"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, Refused),
        (403, Refused),
        (404, Refused),
        (301, Refused),
        (401, NotNow),
        (408, NotNow),
        (429, NotNow),
        (500, NotNow),
        (502, NotNow),
        (503, NotNow),
        (504, AnswerLost),
    ],
)
async def test_a_status_says_what_may_follow(
    client: ProviderClient, status: int, expected: type[Exception]
) -> None:
    async with listening(answering(status, "secret text", Location="/")) as url:
        answer = await client.post(url, json={})
    with pytest.raises(expected) as raised:
        accepted(answer)
    assert raised.value.code == f"http_{status}"  # type: ignore[attr-defined]
    assert "secret" not in str(raised.value)
    if isinstance(raised.value, NotNow):
        assert raised.value.whole_channel == (status == 429)


@pytest.mark.parametrize(
    ("told", "date", "seconds"),
    [
        ("7", None, 7.0),
        ("0", None, 0.0),
        ("Wed, 21 Oct 2026 07:28:30 GMT", "Wed, 21 Oct 2026 07:28:00 GMT", 30.0),
        ("Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:29:00 GMT", 0.0),
        ("Wednesday, 21-Oct-26 07:28:30 GMT", "Wed, 21 Oct 2026 07:28:00 GMT", 30.0),
        ("soon", None, None),
        ("-5", None, None),
        ("1.5", None, None),
        ("", None, None),
    ],
)
async def test_retry_after_is_seconds_or_a_date(
    client: ProviderClient, told: str, date: str | None, seconds: float | None
) -> None:
    headers = {"Retry_After": told, **({"Date": date} if date else {})}
    async with listening(answering(429, **headers)) as url:
        answer = await client.post(url, json={})
    assert answer.retry_after == seconds


async def test_who_cannot_be_reached_has_got_nothing(client: ProviderClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}/", "http://nowhere.invalid/", "no address"):
        with pytest.raises(NotNow) as raised:
            await client.post(url, json={})
        assert (raised.value.code, raised.value.whole_channel) == ("unreachable", False)


async def hang(_request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(60)
    return web.Response()


async def hang_in_the_middle(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(100):
        await response.write(b" ")  # every byte in time, and never an end
        await asyncio.sleep(0.1)
    return response


async def reset(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def reset_in_the_middle(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(b"{")
    return await reset(request)


@pytest.mark.parametrize("handler", [hang, hang_in_the_middle, reset, reset_in_the_middle])
async def test_a_request_that_was_written_and_not_answered_may_have_arrived(
    hasty: ProviderClient, handler: Handler
) -> None:
    async with listening(handler) as url:
        with pytest.raises(AnswerLost):
            await asyncio.wait_for(hasty.post(url, json={}), PATIENCE_SECONDS)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("", id="empty"),
        pytest.param("[1]", id="list"),
        pytest.param("{", id="broken"),
        pytest.param("[" * 100_000, id="deep"),
    ],
)
async def test_an_acceptance_that_cannot_be_read_may_have_been_one(
    client: ProviderClient, body: str
) -> None:
    async with listening(answering(200, body)) as url:
        answer = await client.post(url, json={})
    with pytest.raises(AnswerLost):
        accepted(answer)
