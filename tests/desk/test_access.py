"""Every route as every kind of caller: whoever may not is refused, and told nothing.

The routes come from the server itself and what must happen from `Route.audience`, so that a new
route is walked without anybody adding it here.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType
from pydantic import BaseModel

from bot.access.sessions import IDLE
from bot.access.tokens import PREFIX, SCOPES
from bot.app import ROUTES, SERVICES
from bot.clock import new_id, now
from bot.records import ApiToken, Scope, Session, User
from desk.routes import API, CSRF_HEADER, Route
from desk.session_cookie import COOKIE
from tests.client import PATIENCE_SECONDS, Visitor, Warmline

PROGRAM = frozenset({"program"})
AGENT = PROGRAM | {"agent"}
LEAD = AGENT | {"lead"}
ADMIN = LEAD | {"admin"}
SECRET = "the wine cellar key is under the third flowerpot"
CSRF = "csrf-of-the-test"
# What is served outside the API's gate. A route that nobody guards has to be named here.
UNGUARDED = {
    "/",
    "/desk",
    "/console",
    "/console/discover",
    "/console/turns",
    "/console/conflicts",
    "/console/drift",
    "/console/undelivered",
    "/console/insight",
    "/console/satisfaction",
    "/console/webhooks",
    "/console/models",
    "/console/team",
    "/console/training-data",
    "/console/canned",
    "/console/access",
    "/console/audit",
    "/account",
    "/choose-password",
    "/console/customers",
    "/console/blocked",
    "/widget",
    "/widget.js",
    "/help",
    "/help/{slug}",
    "/demo/mailbox",
    "/demo/mails",
    "/demo/attachments/{token}",
    "/documents/{token}",
    "/files/{token}",
    "/static/{version}/{path}",
    "/healthz",
    "/readyz",
    "/metrics",
    "/api/v1/openapi.json",
    "/webhooks/{channel}/webhook",
    "/socket.io/",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """One request's credentials; `reaches` are the audiences they are good for."""

    name: str
    reaches: frozenset[str]
    headers: dict[str, str] = field(default_factory=dict)
    cookie: str | None = None
    unsafe_refusal: int | None = None
    scopes: frozenset[str] | None = None  # of an API token

    def expected_refusal(self, route: Route) -> int | None:
        """The status with which this caller must be refused, or None."""
        if route.audience == "anyone":
            return None
        if route.audience not in self.reaches:
            signed_in = route.audience != "customer" and "program" in self.reaches
            return 403 if signed_in else 401
        if self.scopes is not None and route.needs is not None and route.needs not in self.scopes:
            return 403
        return self.unsafe_refusal if route.method != "GET" else None


@dataclass(slots=True)
class Cast:
    """Everybody who calls. Staff get a new session for each request: signing out is a route."""

    warmline: Warmline
    owner: Visitor
    stranger: Visitor
    user_ids: dict[str, str]

    async def session(self, role: str, *, ended: bool = False, idle: bool = False) -> str:
        token = secrets.token_urlsafe(16)
        at = now() - (IDLE if idle else timedelta(0))
        ends = now() + timedelta(hours=-1 if ended else 1)
        digest = hashlib.sha256(token.encode()).hexdigest()
        async with self.warmline.app[SERVICES].database.write() as uow:
            await uow.staff.add_session(Session(digest, self.user_ids[role], CSRF, at, ends))
        return token

    async def token(self, role: str, *scopes: Scope, days: int = 1) -> str:
        secret = f"{PREFIX}{secrets.token_urlsafe(16)}"
        digest = hashlib.sha256(secret.encode()).hexdigest()
        at, ends = now(), now() + timedelta(days=days)
        user_id, wish = self.user_ids[role], list(scopes)
        async with self.warmline.app[SERVICES].database.write() as uow:
            await uow.api_tokens.add(ApiToken(new_id(), digest, user_id, "x", wish, at, ends))
        return secret

    async def token_callers(self) -> list[Caller]:
        """Every role with a token of every scope alone, and of all of them."""
        reached = {"program": PROGRAM, "agent": AGENT, "lead": LEAD, "admin": ADMIN}
        sets: list[tuple[Scope, ...]] = [(scope,) for scope in SCOPES] + [SCOPES]
        return [
            Caller(
                f"a token of the {role} for {', '.join(scopes)}",
                reached[role],
                _bearer(await self.token(role, *scopes)),
                scopes=frozenset(scopes),
            )
            for role in reached
            for scopes in sets
        ]

    async def callers(self, more: Sequence[Caller] = ()) -> AsyncIterator[Caller]:
        """One after the other, each with a session begun just then: some routes end them."""
        program, agent, lead, admin = PROGRAM, AGENT, LEAD, ADMIN
        nothing: frozenset[str] = frozenset()
        customer = frozenset({"customer"})
        csrf = {CSRF_HEADER: CSRF}
        yield Caller("nobody", nothing)
        yield Caller("a made-up token", nothing, _bearer("x" * 43))
        yield Caller("the owner", customer, _bearer(self.owner.token))
        yield Caller("a stranger", customer, _bearer(self.stranger.token))
        yield Caller("a program", program, _bearer(await self.session("program")))
        yield Caller("an agent", agent, _bearer(await self.session("agent")))
        yield Caller("a lead", lead, _bearer(await self.session("lead")))
        yield Caller("an admin", admin, _bearer(await self.session("admin")))
        yield Caller("an admin's page", admin, csrf, await self.session("admin"))
        yield Caller("an idle session", nothing, _bearer(await self.session("admin", idle=True)))
        yield Caller("an idle cookie", nothing, csrf, await self.session("admin", idle=True))
        yield Caller(
            "an ended token", nothing, _bearer(await self.token("admin", *SCOPES, days=-1))
        )
        yield Caller("a token as a cookie", nothing, csrf, await self.token("admin", *SCOPES))
        yield Caller("an ended session", nothing, _bearer(await self.session("lead", ended=True)))
        yield Caller("an ended cookie", nothing, csrf, await self.session("lead", ended=True))
        yield Caller("a program's cookie", program, csrf, await self.session("program"))
        yield Caller("an agent's page", agent, csrf, await self.session("agent"))
        yield Caller("a lead's page", lead, csrf, await self.session("lead"))
        yield Caller("a cookie without CSRF", lead, {}, await self.session("lead"), 403)
        yield Caller(
            "a cookie with another's CSRF",
            lead,
            {CSRF_HEADER: "another"},
            await self.session("lead"),
            403,
        )
        yield Caller("a cookie of a visitor's token", nothing, csrf, self.owner.token)
        for each in more:
            yield each


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
async def cast(warmline: Warmline) -> Cast:
    owner, stranger = await warmline.visitor(), await warmline.visitor()
    await owner.answer(f"hello, {SECRET}")
    await owner.answer("a person please", "/contact_human_agent")
    users = (await (await warmline.staff("lead@demo.test")).get("/users"))["items"]
    program = User(new_id(), "shop@demo.test", "The shop", "program", "", now())
    async with warmline.app[SERVICES].database.write() as uow:
        await uow.staff.add(program)
    user_ids = {user["role"]: user["id"] for user in users} | {"program": program.id}
    return Cast(warmline, owner, stranger, user_ids)


async def _conversation_id(owner: Visitor) -> str:
    conversation_id: str = (await owner.look())["conversation"]["id"]
    return conversation_id


def _sample_body(model: type[BaseModel] | None) -> dict[str, Any]:
    """The least that the body's model accepts."""
    fields = model.__fields__.values() if model else []
    return {f.alias: 1 if f.type_ is int else "x1" for f in fields if f.required or f.type_ is Any}


async def _request(
    bare: aiohttp.ClientSession, caller: Caller, method: str, path: str, body: object = None
) -> tuple[int, str]:
    headers = dict(caller.headers)
    if caller.cookie:
        headers["Cookie"] = f"{COOKIE}={caller.cookie}"
    sent = json.dumps(body) if body is not None else None
    async with bare.request(method, path, data=sent, headers=headers) as response:
        return response.status, await response.text()


def _assert_refusal(text: str, what: str) -> None:
    error = json.loads(text)["error"]
    assert set(error) == {"code", "message", "detail"}, what
    assert error["code"], what
    assert error["message"], what
    assert "Traceback" not in text, what


async def test_every_route_refuses_whoever_may_not_and_tells_them_nothing(
    cast: Cast, bare: aiohttp.ClientSession
) -> None:
    foreign = await _conversation_id(cast.owner)
    routes = [route for route in cast.warmline.app[ROUTES] if not route.is_socket]
    assert routes
    tokens = await cast.token_callers()
    for route in routes:
        async for caller in cast.callers(tokens):
            wanted = caller.expected_refusal(route)
            refusals = set()
            # Whoever is refused is so before anybody looks at the id.
            odd = ("%00", "..%2f..", "💥") if wanted is None else ()
            for conversation_id in (foreign, new_id(), *odd):
                path = API + re.sub(r"{\w+}", conversation_id, route.path)
                what = f"{route.method} {path} as {caller.name}"
                body = _sample_body(route.body) if route.method != "GET" else None
                status, text = await _request(bare, caller, route.method, path, body)
                assert status < 500, what
                if wanted is not None:
                    assert status == wanted, f"{what}: {status} {text}"
                    refusals.add(text)
                elif caller.reaches and route.audience != "anyone":
                    assert status not in (401, 403), f"{what}: {status} {text}"
                    if "{" in route.path and conversation_id != foreign:
                        assert status in (404, 422), f"{what}: {status} {text}"
                if status >= 400:
                    _assert_refusal(text, what)
                may_read = "agent" in caller.reaches or caller.name == "the owner"
                if wanted is not None or not may_read:
                    assert SECRET not in text, what
                if "{" not in route.path:
                    break
                if caller.name == "a lead" and status == 204:
                    break
                # What an id tells is the role's affair; what a token may, its scopes'.
                if caller.scopes is not None:
                    break
            assert len(refusals) <= 1, f"{route.path}: a refusal tells whether the id exists"


async def test_what_is_served_outside_the_gate_is_known_and_tells_nothing(
    cast: Cast, bare: aiohttp.ClientSession
) -> None:
    guarded = {API + route.path for route in cast.warmline.app[ROUTES]}
    served = {resource.canonical for resource in cast.warmline.app.router.resources()}
    assert served - guarded == UNGUARDED
    names = {"token": "x", "slug": "x", "version": "x", "path": "desk/desk.js"}
    for path in sorted(UNGUARDED):
        for channel in ("rest", "web", "socketio", "nonsense"):
            async for caller in cast.callers():
                what = f"GET {path} as {caller.name}"
                status, text = await _request(
                    bare, caller, "GET", path.format(channel=channel, **names)
                )
                assert status < 500, what
                assert SECRET not in text, what
                assert "Traceback" not in text, what
            if "{" not in path:
                break


async def test_staff_pages_ask_to_sign_in_and_the_console_is_the_leads(
    cast: Cast, bare: aiohttp.ClientSession
) -> None:
    async for caller in cast.callers():
        for path, audience in (
            ("/desk", "agent"),
            ("/account", "agent"),
            ("/console", "lead"),
            ("/console/undelivered", "lead"),
            ("/console/models", "lead"),
            ("/console/team", "lead"),
            ("/console/canned", "lead"),
            ("/console/access", "admin"),
        ):
            status, text = await _request(bare, caller, "GET", path)
            signed_in = caller.cookie is not None and "program" in caller.reaches
            wanted = 403 if signed_in and audience not in caller.reaches else 200
            assert status == wanted, f"{path} as {caller.name}"
            assert ("csrf-token" in text and CSRF in text) == signed_in, caller.name


async def test_headers_that_are_no_text_are_refused_like_any_wrong_ones(cast: Cast) -> None:
    url = cast.warmline.client.make_url("/")
    cookie = f"Cookie: {COOKIE}={await cast.session('lead')}".encode()
    conversation = f"{API}/conversations/{await _conversation_id(cast.owner)}"
    for first, headers, wanted in (
        (f"GET {API}/turns", b"Authorization: Bearer caf\xe9", 401),
        (f"GET {API}/widget/conversation", b"Authorization: Bearer caf\xe9", 401),
        (f"GET {API}/turns", f"Cookie: {COOKIE}=caf".encode() + b"\xe9", 401),
        (f"POST {conversation}/claim", cookie + b"\r\nX-CSRF-Token: caf\xe9", 403),
    ):
        reader, writer = await asyncio.open_connection(url.host, url.port)
        end = b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        writer.write(f"{first} HTTP/1.1\r\nHost: x\r\n".encode() + headers + end)
        answer = await reader.read()
        assert int(answer.split()[1]) == wanted, first
        _assert_refusal(answer.partition(b"\r\n\r\n")[2].decode(), first)
        writer.close()
        await writer.wait_closed()


async def _refused_socket(
    bare: aiohttp.ClientSession, path: str, frame: str, headers: dict[str, str] | None = None
) -> None:
    async with bare.ws_connect(path, headers=headers or {}) as socket:
        await socket.send_str(frame)
        error = await socket.receive_json(timeout=PATIENCE_SECONDS)
        assert error["type"] == "error"
        assert error["error"]["code"] in ("not_signed_in", "session_expired")
        assert SECRET not in json.dumps(error)
        closed = await socket.receive(timeout=PATIENCE_SECONDS)
        assert closed.type is WSMsgType.CLOSE
        assert socket.close_code == 4401


async def test_every_socket_refuses_whoever_may_not(
    cast: Cast, bare: aiohttp.ClientSession
) -> None:
    sockets = [route for route in cast.warmline.app[ROUTES] if route.is_socket]
    assert sockets
    lead, ended = await cast.session("lead"), await cast.session("lead", ended=True)
    for route in sockets:
        path = API + route.path
        wrong = [lead] if route.audience == "customer" else [cast.owner.token]
        for token in ["", "x" * 43, "\ud800", ended, *wrong]:
            await _refused_socket(bare, path, json.dumps({"type": "hello", "token": token}))
        if route.audience != "customer":
            async with bare.ws_connect(path) as socket:
                await socket.send_json({"type": "hello", "token": await cast.session("program")})
                error = await socket.receive_json(timeout=PATIENCE_SECONDS)
                assert error["error"]["code"] == "not_allowed"
                closed = await socket.receive(timeout=PATIENCE_SECONDS)
                assert closed.type is WSMsgType.CLOSE
        for frame in ("", "not JSON", "[]", "{}", '{"type": 1}', "[" * 5000, "9" * 9999):
            await _refused_socket(bare, path, frame)
        for wrong_type in ("1", "null", "[]", "{}"):
            await _refused_socket(bare, path, f'{{"type": "hello", "token": {wrong_type}}}')
        for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await bare.ws_connect(path, headers={"Origin": origin})
            assert refused.value.status == 403


async def test_a_cookie_opens_the_live_socket_only_for_a_page_of_ours(
    cast: Cast, bare: aiohttp.ClientSession
) -> None:
    own = str(cast.warmline.client.make_url("/")).rstrip("/")
    sockets = [route for route in cast.warmline.app[ROUTES] if route.is_socket]
    for route in sockets:
        path = API + route.path
        cookie = {"Cookie": f"{COOKIE}={await cast.session('agent')}"}
        if route.audience == "customer":
            hello = json.dumps({"type": "hello"})
            await _refused_socket(bare, path, hello, {**cookie, "Origin": own})
            continue
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await bare.ws_connect(path, headers=cookie)
        assert refused.value.status == 403
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await bare.ws_connect(path, headers={**cookie, "Origin": "https://evil.example"})
        assert refused.value.status == 403
        async with bare.ws_connect(path, headers={**cookie, "Origin": own}) as socket:
            assert (await socket.receive_json(timeout=PATIENCE_SECONDS))["type"] == "ready"
        ended = {"Cookie": f"{COOKIE}={await cast.session('agent', ended=True)}"}
        async with bare.ws_connect(path, headers={**ended, "Origin": own}) as socket:
            assert (await socket.receive_json(timeout=PATIENCE_SECONDS))["type"] == "error"
            assert (await socket.receive(timeout=PATIENCE_SECONDS)).type is WSMsgType.CLOSE
            assert socket.close_code == 4401
