"""How often one address may ask, what a flood from very many costs, and who reads the figures."""

from __future__ import annotations

import tracemalloc
from asyncio import gather
from collections.abc import AsyncIterator
from ipaddress import ip_network

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request
from multidict import CIMultiDict

from bot.errors import NotAllowed, NotSignedIn, TooMany
from bot.limits import MemoryLimits
from bot.messages import Limit
from desk.client_address import TRUSTED_PROXIES
from desk.edge.admission import Admission
from desk.edge.crowd import Crowd
from desk.edge.measuring import check_may_measure
from desk.edge.origins import is_ours
from desk.edge.rates import MESSAGES, SESSIONS, UNCOUNTED, check_rate
from desk.routes import API
from desk.web import errors

Client = TestClient[web.Request, web.Application]
SESSION = f"{API}/widget/sessions"


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """A server behind a proxy on this machine, which says whose each request is."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response()

    app = web.Application(middlewares=[errors, Admission(MemoryLimits()).admit])
    app[TRUSTED_PROXIES] = (ip_network("127.0.0.1/32"),)
    app.router.add_post(SESSION, answer)
    for path in (f"{API}/turns", "/", "/static/{version}/{path:.+}", *UNCOUNTED):
        app.router.add_get(path, answer)
    async with TestClient(TestServer(app)) as opened:
        yield opened


async def _asked(
    client: Client, path: str, address: str, *, times: int, method: str = "GET"
) -> list[int]:
    statuses = []
    for _ in range(times):
        headers = {"X-Forwarded-For": address}
        async with client.request(method, path, headers=headers) as answer:
            statuses.append(answer.status)
            if answer.status == 429:
                assert int(answer.headers["Retry-After"]) >= 1
                assert (await answer.json())["error"]["code"] == "too_many"
    return statuses


async def test_one_address_has_so_many_sessions_and_others_have_theirs(client: Client) -> None:
    times = SESSIONS.limit.burst + 40
    statuses = await _asked(client, SESSION, "203.0.113.9", times=times, method="POST")
    assert statuses[: SESSIONS.limit.burst] == [200] * SESSIONS.limit.burst
    assert 429 in statuses
    assert await _asked(client, SESSION, "203.0.113.10", times=1, method="POST") == [200]
    assert await _asked(client, f"{API}/turns", "203.0.113.9", times=1) == [200]
    # The machine itself, and a proxy on it that nobody named, are not counted.
    assert set(await _asked(client, SESSION, "127.0.0.1", times=times, method="POST")) == {200}


async def test_pages_are_counted_and_providers_and_balancers_are_not(client: Client) -> None:
    assert 429 in await _asked(client, "/", "203.0.113.9", times=600)
    for path in ("/healthz", "/webhooks/twilio/webhook"):
        assert set(await _asked(client, path, "203.0.113.9", times=600)) == {200}


async def test_rest_asks_for_no_signature_and_is_counted_as_a_call(client: Client) -> None:
    path = "/webhooks/rest/webhook"
    assert set(await _asked(client, path, "203.0.113.8", times=600)) == {200}
    second = path.replace("rest", "rest.shop")
    assert set(await _asked(client, second, "203.0.113.8", times=400)) == {200}
    assert 429 in await _asked(client, second, "203.0.113.8", times=1_000)
    assert set(await _asked(client, path, "127.0.0.1", times=1_500)) == {200}


async def test_one_address_has_so_many_requests_at_once() -> None:
    crowd = Crowd(2, uncounted=(ip_network("10.0.0.0/8"),))
    assert [crowd.enter("203.0.113.9") for _ in range(3)] == [True, True, False]
    assert crowd.enter("203.0.113.10")
    assert [crowd.enter("10.0.0.5") for _ in range(3)] == [True, True, True]
    crowd.leave("203.0.113.9")
    assert crowd.enter("203.0.113.9")


async def test_one_subscriber_of_ipv6_is_one_however_many_addresses_it_has() -> None:
    crowd = Crowd(2)
    assert [crowd.enter(f"2001:db8:1:2::{number}") for number in range(3)] == [True, True, False]
    assert crowd.enter("2001:db8:1:3::1")
    crowd.leave("2001:db8:1:2::1")
    assert crowd.enter("2001:db8:1:2::9")
    for place in ("2001:db8:1:2::9", "2001:db8:1:2::0", "2001:db8:1:3::1"):
        crowd.leave(place)
    assert crowd.is_empty()


async def test_fifty_thousand_new_addresses_cost_bounded_memory_and_leave_nobody_uncounted() -> (
    None
):
    limits = MemoryLimits(most=10_000)
    tracemalloc.start()
    try:
        for number in range(10_000):
            await check_rate(limits, SESSIONS, f"198.51.{number >> 8}.{number & 255}")
        filled, _ = tracemalloc.get_traced_memory()
        for number in range(50_000):
            await check_rate(limits, SESSIONS, f"2001:db8:{number:x}::/64")
        flooded, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(limits) <= 10_000
    assert flooded < 1.5 * filled
    with pytest.raises(TooMany):
        await gather(
            *(check_rate(limits, MESSAGES, "203.0.113.9") for _ in range(MESSAGES.limit.burst + 9))
        )


async def test_who_overdid_it_is_not_forgotten_in_a_flood() -> None:
    limits, once = MemoryLimits(most=100), Limit(messages_a_second=0.001, burst=1)
    roomy = Limit(messages_a_second=1, burst=10)
    assert await limits.take("busy", once) == 0
    for number in range(1_000):
        await limits.take(f"new:{number}", roomy)
        assert await limits.take("busy", once) > 0


@pytest.mark.parametrize(
    ("origin", "public_url", "host", "ours"),
    [
        # Behind a proxy: the inner name that it asks by does not matter, and is no page's origin.
        ("https://chat.shop.example", "https://chat.shop.example", "10.0.0.7:8080", True),
        ("https://chat.shop.example:443", "https://chat.shop.example", "inner", True),
        ("https://chat.shop.example", "https://chat.shop.example/help", "inner", True),
        ("http://10.0.0.7:8080", "https://chat.shop.example", "10.0.0.7:8080", False),
        ("http://chat.shop.example", "https://chat.shop.example", "chat.shop.example", False),
        ("https://evil.example", "https://chat.shop.example", "evil.example", False),
        ("https://chat.shop.example.evil.example", "https://chat.shop.example", "x", False),
        ("null", "https://chat.shop.example", "x", False),
        ("https://[", "https://chat.shop.example", "x", False),
        # Without a public URL: what this machine's browser calls it.
        ("http://localhost:8080", "http://127.0.0.1:8080", "localhost:8080", True),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080", "127.0.0.1:8080", True),
        ("http://192.168.1.5:8080", "http://0.0.0.0:8080", "192.168.1.5:8080", True),
        ("http://[fd00::5]:8080", "http://0.0.0.0:8080", "[fd00::5]:8080", True),
        ("http://devbox:8080", "http://0.0.0.0:8080", "devbox:8080", True),
        ("http://evil.example", "http://127.0.0.1:8080", "127.0.0.1:8080", False),
        # A name whose owner let it lead to this machine for a moment.
        ("http://evil.example:8080", "http://0.0.0.0:8080", "evil.example:8080", False),
        ("http://evil.example.:8080", "http://127.0.0.1:8080", "evil.example.:8080", False),
    ],
)
def test_a_socket_is_for_pages_of_the_public_url(
    origin: str, public_url: str, host: str, ours: bool
) -> None:
    assert is_ours(origin, public_url, host=host) == ours


TOKEN = "t" * 40


@pytest.mark.parametrize(
    ("remote", "headers", "token", "refused"),
    [
        ("127.0.0.1", {}, None, None),
        ("10.1.2.3", {}, None, None),
        ("8.8.8.8", {}, None, NotAllowed),
        ("unix", {}, None, NotAllowed),
        ("10.1.2.3", {"X-Forwarded-For": "10.9.9.9"}, None, NotAllowed),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, None, NotAllowed),
        ("8.8.8.8", {"Authorization": f"Bearer {TOKEN}"}, TOKEN, None),
        ("127.0.0.1", {}, TOKEN, NotSignedIn),
        ("127.0.0.1", {"Authorization": "Bearer no"}, TOKEN, NotSignedIn),
    ],
)
def test_the_figures_are_for_the_network_around_or_for_a_token(
    remote: str, headers: dict[str, str], token: str | None, refused: type[Exception] | None
) -> None:
    request = make_mocked_request("GET", "/metrics", headers=CIMultiDict(headers)).clone(
        remote=remote
    )
    if refused is None:
        check_may_measure(request, token)
        return
    with pytest.raises(refused):
        check_may_measure(request, token)
