"""Every kind of answer, wherever it comes from: its headers protect whoever gets it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from io import BytesIO

import pytest

from bot.app import ROUTES
from desk.edge.headers import headers_for
from desk.routes import API
from desk.session_cookie import COOKIE
from desk.static_files import static_files
from tests.client import Warmline

PAGES = re.compile(r"/|/desk|/console.*|/help.*|/widget|/demo/mailbox|/choose-password")
SITE = "https://shop.example"
in_the_house = pytest.mark.asyncio(loop_scope="module")


def check(headers: Mapping[str, str], path: str) -> None:
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy, path
    assert "*" not in policy.partition("frame-ancestors")[0], path
    if "sandbox" in policy:  # a file: nothing in it runs
        assert "default-src 'none'" in policy, path
    else:
        for part in ("default", "script", "style", "connect"):
            assert f"{part}-src 'self';" in policy, path
        assert "require-trusted-types-for 'script'" in policy, path
    assert "frame-ancestors 'none'" in policy or path == "/widget" or "sandbox" in policy, path
    assert headers["X-Content-Type-Options"] == "nosniff", path
    assert headers["Referrer-Policy"] in ("same-origin", "no-referrer"), path
    assert "camera=()" in headers["Permissions-Policy"], path
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
    others = path in ("/widget", "/widget.js")
    assert headers["Cross-Origin-Resource-Policy"] == ("cross-origin" if others else "same-origin")
    assert (headers.get("X-Frame-Options") == "DENY") == (path != "/widget"), path
    assert "Cache-Control" in headers, path
    assert headers["Server"] == "Warmline", path


@in_the_house
async def test_every_route_and_every_refusal_has_them(house: Warmline) -> None:
    lead = await house.staff("lead@demo.test")
    names = {
        "token": "x",
        "slug": "delivery",
        "version": static_files().version,
        "path": "desk/desk.js",
        "channel": "rest",
    }
    sockets = {API + route.path for route in house.app[ROUTES] if route.is_socket}
    paths = {resource.canonical for resource in house.app.router.resources()} - sockets
    statuses: set[int] = set()
    for path in sorted({*paths, "/nothing/here", f"{API}/nothing"}):
        filled = re.sub(r"{(\w+)}", lambda m: names.get(m[1], "x"), path)
        for headers in (
            {},
            {"Authorization": f"Bearer {lead.token}"},
            {"Cookie": f"{COOKIE}={lead.token}"},
        ):
            for method in ("GET", "DELETE"):
                async with house.client.request(method, filled, headers=headers) as answer:
                    check(answer.headers, filled)
                    statuses.add(answer.status)
                    if PAGES.fullmatch(path) and answer.status == 200:
                        assert_inert(await answer.text(), filled)
    assert {200, 401, 404, 405, 422} <= statuses


@in_the_house
async def test_refusals_of_bodies_and_of_what_is_no_http_have_them(house: Warmline) -> None:
    for path, body, status in (
        (f"{API}/login", b"{", 422),
        (f"{API}/login", b"x" * 2_000_000, 413),
        ("/webhooks/rest/webhook", b"x" * 5_000_000, 413),
        (f"{API}/widget/sessions", b"[" * 100_000, 422),
    ):
        async with house.client.post(path, data=BytesIO(body)) as answer:
            assert answer.status == status
            check(answer.headers, path)


@in_the_house
async def test_an_attachment_is_saved_or_a_picture_in_a_sandbox(house: Warmline) -> None:
    visitor, agent = await house.visitor(), await house.staff()
    await visitor.answer("a person please", "/contact_human_agent")
    conversation = (await visitor.look())["conversation"]["id"]
    await agent.post(f"/conversations/{conversation}/claim")
    headers = {"Authorization": f"Bearer {agent.token}"}
    for name, body, kind in (
        ("terms.pdf", b"%PDF-1.4 <script>alert(1)</script>", "attachment"),
        ("cat.png", b"\x89PNG\r\n\x1a\n" + bytes(8), "inline"),
    ):
        files = f"{API}/conversations/{conversation}/files?name={name}"
        async with house.client.post(files, data=body, headers=headers) as added:
            assert added.status == 201
            file_id = (await added.json())["id"]
        said = {"id": str(uuid.uuid4()), "text": "here", "files": [file_id]}
        await agent.post(f"/conversations/{conversation}/messages", said, status=201)
        seen = await visitor.until(
            lambda state, name=name: any(  # type: ignore[misc]
                one["name"] == name for line in state["messages"] for one in line["attachments"]
            )
        )
        (link,) = [
            one["url"]
            for line in seen["messages"]
            for one in line["attachments"]
            if one["name"] == name
        ]
        async with house.client.get(link) as answer:
            assert answer.status == 200
            check(answer.headers, "/files")
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Content-Disposition"].startswith(kind)


@pytest.mark.parametrize("https", [False, True])
def test_only_behind_https_browsers_are_told_to_stay_there(https: bool) -> None:
    headers = headers_for("/", sites=(), https=https)
    assert ("Strict-Transport-Security" in headers) == https


def test_only_the_widgets_frame_is_for_the_sites_that_were_named() -> None:
    for path, named in (("/widget", True), ("/", False), ("/desk", False), ("/widget.js", False)):
        headers = headers_for(path, sites=(SITE,), https=True)
        assert (SITE in headers["Content-Security-Policy"]) == named


def assert_inert(html: str, path: str) -> None:
    """Nothing that the policy would have to allow: no script, style or handler in the page."""
    assert not re.search(r"<script(?![^>]*\bsrc=)", html), path
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", html), path
