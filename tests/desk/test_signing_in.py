"""Sessions, API tokens and people over HTTP: what begins them, what ends them, whose they are."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType

from bot.access import proving
from bot.accounts import open_database, revoke_user
from bot.app import SERVICES
from bot.clock import new_id, now
from bot.live_model import Assistant
from bot.records import User
from bot.settings import Settings
from desk import live_socket, visitors
from desk.session_cookie import COOKIE, SECURE_COOKIE
from tests.client import API, PATIENCE_SECONDS, Staff, Warmline
from tests.conftest import serving

PASSWORD = "the moon is round"
OTHER = "the moon is square"


@pytest.fixture
async def admin(warmline: Warmline) -> Staff:
    return await warmline.staff("admin@demo.test")


async def added(warmline: Warmline, admin: Staff, email: str, role: str = "agent") -> str:
    """The id of somebody who has chosen their password by the link."""
    wish = {"email": email, "name": email.partition("@")[0], "role": role}
    made = await admin.post("/users", wish, status=201)
    if made["link"] is not None:
        choice = {"token": made["link"].partition("#")[2], "password": PASSWORD}
        await admin.post("/password/choose", choice, status=204)
    user_id: str = made["user"]["id"]
    return user_id


async def signed_in(
    warmline: Warmline, email: str, password: str = PASSWORD, **headers: str
) -> tuple[Staff, SimpleCookie]:
    base = warmline.client.make_url("/")
    body = {"email": email, "password": password}
    async with (
        aiohttp.ClientSession(base, cookie_jar=aiohttp.DummyCookieJar()) as bare,
        bare.post(f"{API}/login", json=body, headers=headers) as response,
    ):
        assert response.status == 200, await response.text()
        told = await response.json()
        return Staff(warmline.client, told["token"], told["user"]), response.cookies


async def live(warmline: Warmline, token: str) -> aiohttp.ClientWebSocketResponse:
    # What an earlier sign-in left there would speak for a page.
    warmline.client.session.cookie_jar.clear()
    socket = await warmline.client.ws_connect(f"{API}/live")
    await socket.send_json({"type": "hello", "token": token})
    assert (await socket.receive_json(timeout=PATIENCE_SECONDS))["type"] == "ready"
    return socket


async def ended(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    """The code with which the server closes it."""
    while True:
        frame = await socket.receive(timeout=PATIENCE_SECONDS)
        if frame.type is WSMsgType.CLOSE:
            return socket.close_code


async def test_a_page_that_signs_in_again_ends_its_earlier_session_and_a_program_does_not(
    warmline: Warmline,
) -> None:
    own = str(warmline.client.make_url("/")).rstrip("/")
    first, cookies = await signed_in(warmline, "agent@demo.test", "demo", Origin=own)
    kept = cookies[COOKIE]
    assert (kept["httponly"], kept["samesite"], kept["path"]) == (True, "Lax", "/")
    cookie = f"{COOKIE}={kept.value}"
    socket = await live(warmline, first.token)
    second, _ = await signed_in(warmline, "agent@demo.test", "demo", Cookie=cookie)
    await first.get("/me")
    third, _ = await signed_in(warmline, "agent@demo.test", "demo", Cookie=cookie, Origin=own)
    assert await ended(socket) == 4401
    await first.get("/me", status=401)
    await second.get("/me")
    await third.get("/me")
    async with warmline.client.post(
        f"{API}/login",
        json={"email": "agent@demo.test", "password": "demo"},
        headers={"Origin": "https://evil.example"},
    ) as response:
        assert response.status == 403
        assert not response.cookies


async def test_behind_tls_the_cookie_is_this_hosts_alone_and_no_other_is_read(
    settings: Settings, assistant: Assistant, shop_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    async with serving(replace(settings, public_url="https://chat.shop.test"), assistant) as secure:
        staff, cookies = await signed_in(secure, "agent@demo.test", "demo")
        kept = cookies[SECURE_COOKIE]
        assert (kept["httponly"], kept["secure"], kept["path"]) == (True, True, "/")
        assert not kept["domain"]
        for name, status in ((SECURE_COOKIE, 200), (COOKIE, 401)):
            headers = {"Cookie": f"{name}={kept.value}"}
            base = secure.client.make_url("/")
            async with (
                aiohttp.ClientSession(base, cookie_jar=aiohttp.DummyCookieJar()) as bare,
                bare.get(f"{API}/me", headers=headers) as response,
            ):
                assert response.status == status
        await staff.get("/me")


async def test_sessions_and_tokens_are_ones_own_and_end_at_once(
    warmline: Warmline, admin: Staff
) -> None:
    agent, lead = await warmline.staff(), await warmline.staff("lead@demo.test")
    again = await warmline.staff()
    (other,) = [one for one in (await agent.get("/sessions"))["items"] if not one["current"]]
    made = await agent.post(
        "/tokens", {"name": "report", "scopes": ["read"], "days": 7}, status=201
    )
    assert re.fullmatch(r"wl_[\w-]{43}", made["secret"])
    listed = (await agent.get("/tokens"))["items"]
    assert [one["id"] for one in listed] == [made["id"]]
    assert "secret" not in listed[0]
    for path in (f"/sessions/{other['id']}", f"/tokens/{made['id']}"):
        foreign = await lead.call("DELETE", path, status=404)
        unknown = await lead.call("DELETE", path[:-1] + "~", status=404)
        assert foreign == unknown
    assert (await lead.get("/tokens"))["items"] == []
    by_session = await live(warmline, again.token)
    by_token = await live(warmline, made["secret"])
    await agent.call("DELETE", f"/sessions/{other['id']}", status=204)
    assert await ended(by_session) == 4401
    await again.get("/me", status=401)
    await admin.call("DELETE", f"/tokens/{made['id']}", status=204)
    assert await ended(by_token) == 4401
    await replace(agent, token=made["secret"]).get("/me", status=401)
    await agent.get("/me")
    third = await warmline.staff()
    await agent.post("/sessions/end-others", status=204)
    await third.get("/me", status=401)
    assert len((await agent.get("/sessions"))["items"]) == 1


async def test_a_token_may_what_its_scopes_and_its_user_may_and_opens_no_page(
    warmline: Warmline, admin: Staff
) -> None:
    agent = await warmline.staff()

    async def token(by: Staff, *scopes: str, **more: Any) -> Staff:
        wish = {"name": "x", "scopes": list(scopes), "days": 1, **more}
        return replace(by, token=(await by.post("/tokens", wish, status=201))["secret"])

    least: dict[str, Any] = {"name": "x", "scopes": ["read"], "days": 1}
    wishes: tuple[dict[str, Any], ...] = (
        {"scopes": []},
        {"scopes": ["everything"]},
        {"scopes": ["read", "admin"]},
        {"days": 366},
        {"days": 0},
        {"name": " "},
    )
    for wish in wishes:
        await agent.post("/tokens", {**least, **wish}, status=422)
    reader = await token(agent, "read")
    await reader.get("/conversations")
    await reader.get("/turns", status=403)
    await reader.post("/handoffs/unknown/accept", status=403)
    await reader.post("/logout", status=403)
    await (await token(agent, "write")).get("/conversations", status=403)
    await (await token(admin, "read")).get("/access", status=403)
    robot = await token(admin, "admin")
    await robot.get("/access")
    # What would outlive it: a password, or somebody who signs in.
    wish = {"email": "eve@shop.test", "name": "Eve", "role": "admin"}
    await robot.post("/users", wish, status=403)
    for what in ("password-link", "unlock"):
        await robot.post(f"/users/{admin.user['id']}/{what}", status=403)
    await robot.call("PATCH", f"/users/{agent.user['id']}", {"role": "admin"}, status=403)
    warmline.client.session.cookie_jar.clear()
    for path in ("/desk", "/console"):
        headers = {"Cookie": f"{COOKIE}={reader.token}", "Authorization": f"Bearer {reader.token}"}
        async with warmline.client.get(path, headers=headers) as response:
            assert "Sign in" in await response.text()
    program = await added(warmline, admin, "crm@shop.test", "program")
    await agent.post(
        "/tokens", {"name": "x", "scopes": ["read"], "days": 1, "user_id": program}, status=404
    )
    await admin.post(
        "/tokens",
        {"name": "x", "scopes": ["read"], "days": 1, "user_id": agent.user["id"]},
        status=404,
    )
    crm = await token(admin, "signals", user_id=program)
    await crm.post("/signals", {}, status=422)
    await crm.get("/me", status=403)


async def test_a_changed_password_ends_every_other_session_and_a_wrong_one_counts(
    warmline: Warmline, admin: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    await added(warmline, admin, "mona@shop.test")
    (mona, _), (elsewhere, _) = [await signed_in(warmline, "mona@shop.test") for _ in range(2)]
    socket = await live(warmline, elsewhere.token)
    link = (await admin.post(f"/users/{mona.user['id']}/password-link"))["link"]
    for current, new in (("not it at all", OTHER), (PASSWORD, "short"), (PASSWORD, "password123")):
        await mona.post("/password", {"current": current, "new": new}, status=422)
    await mona.post("/password", {"current": PASSWORD, "new": OTHER}, status=204)
    assert await ended(socket) == 4401
    await elsewhere.get("/me", status=401)
    await mona.get("/me")
    by_link = {"token": link.partition("#")[2], "password": PASSWORD}
    await mona.post("/password/choose", by_link, status=404)
    await signed_in(warmline, "mona@shop.test", OTHER)
    at = now()
    monkeypatch.setattr(proving, "now", lambda: at)  # a busy machine would let the wait pass
    for status in (*[422] * 5, 429):
        await mona.post("/password", {"current": "no", "new": PASSWORD}, status=status)


async def test_an_admin_adds_people_by_a_link_that_is_good_once_and_changes_their_role(
    warmline: Warmline, admin: Staff
) -> None:
    wish = {"email": "Mona@Shop.test ", "name": "Mona", "role": "agent"}
    made = await admin.post("/users", wish, status=201)
    await admin.post("/users", wish, status=409)
    await admin.post("/users", {**wish, "email": "mona"}, status=422)
    first = made["link"].partition("#")[2]
    anew = await admin.post(f"/users/{made['user']['id']}/password-link")
    secret = anew["link"].partition("#")[2]
    choose = "/password/choose"
    refusals = [
        await admin.post(choose, {"token": token, "password": PASSWORD}, status=404)
        for token in (first, "x" * 43)
    ]
    assert refusals[0] == refusals[1]
    await admin.post(choose, {"token": secret, "password": "mona"}, status=422)
    await admin.post(choose, {"token": secret, "password": PASSWORD}, status=204)
    await admin.post(choose, {"token": secret, "password": OTHER}, status=404)
    mona, _ = await signed_in(warmline, "mona@shop.test")
    socket = await live(warmline, mona.token)
    await admin.call("PATCH", f"/users/{mona.user['id']}", {"role": "lead"}, status=204)
    assert await ended(socket) == 4401
    mona, _ = await signed_in(warmline, "mona@shop.test")
    await mona.get("/turns")
    (row,) = [
        one for one in (await admin.get("/access"))["people"] if one["email"] == "mona@shop.test"
    ]
    assert (row["role"], row["has_password"], row["waits_until"]) == ("lead", True, None)
    assert row["signed_in_at"]
    lead = await warmline.staff("lead@demo.test")
    await lead.post(f"/users/{admin.user['id']}/revoke", status=403)
    await admin.call("PATCH", f"/users/{admin.user['id']}", {"role": "agent"}, status=409)
    await admin.post(f"/users/{mona.user['id']}/revoke", status=204)
    await mona.get("/me", status=401)
    await admin.post(f"/users/{mona.user['id']}/password-link", status=404)


async def test_the_limit_of_signing_in_says_when_to_come_back(
    warmline: Warmline, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = now()
    monkeypatch.setattr(proving, "now", lambda: at)
    async with aiohttp.ClientSession(warmline.client.make_url("/")) as bare:
        for n in range(6):
            body = {"email": "nobody@shop.test", "password": f"{n}"}
            async with bare.post(f"{API}/login", json=body) as response:
                last = (response.status, response.headers.get("Retry-After"))
    assert last == (429, "1")


async def test_the_widgets_socket_ends_with_its_token(
    warmline: Warmline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitors, "LASTS", timedelta(seconds=2))
    visitor = await warmline.visitor()
    socket = await warmline.client.ws_connect(f"{API}/widget/socket")
    await socket.send_json({"type": "hello", "token": visitor.token})
    assert (await socket.receive_json(timeout=PATIENCE_SECONDS))["type"] == "ready"
    assert await ended(socket) == 4401


async def test_a_session_that_ends_takes_its_socket_along(warmline: Warmline) -> None:
    agent = await warmline.staff()
    database = warmline.app[SERVICES].database
    async with database.write() as uow:
        (session,) = await uow.staff.sessions(of=agent.user["id"])
        await uow.staff.end_session(session.token_hash)
        await uow.staff.add_session(replace(session, expires_at=now() + timedelta(seconds=2)))
    socket = await live(warmline, agent.token)
    assert await ended(socket) == 4401


async def test_who_is_revoked_from_the_command_line_is_told_nothing_more_after_the_next_ping(
    warmline: Warmline, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_socket, "PING_SECONDS", 0.2)  # of 25 s
    agent = await warmline.staff()
    socket = await live(warmline, agent.token)
    # Another process, which has no bus to tell this one by.
    async with open_database(settings.database_url) as database:
        await revoke_user(database, "agent@demo.test")
    assert await ended(socket) == 4401
    await agent.get("/me", status=401)


async def test_who_has_no_password_cannot_sign_in_with_an_empty_one(warmline: Warmline) -> None:
    user = User(new_id(), "crm@shop.test", "CRM", "program", "", now())
    async with warmline.app[SERVICES].database.write() as uow:
        await uow.staff.add(user)
    body = {"email": user.email, "password": ""}
    async with warmline.client.post(f"{API}/login", json=body) as response:
        assert response.status == 401
