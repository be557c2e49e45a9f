"""A shop's documents by the links that the assistant gives out."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pypdf import PdfReader

from actions import documents
from actions.context import close_shop
from actions.documents import SECRET, SITE, url_of
from desk.document_routes import DocumentRoutes
from desk.edge.headers import protect
from desk.web import errors, log_requests
from tests.client import Warmline

SECRET_KEY = "a secret that is long enough to sign with"
Client = TestClient[web.Request, web.Application]


def path_of(url: str) -> str:
    return url.removeprefix("https://chat.shop.test")


def signed(secret: str = SECRET_KEY, *, purpose: str = "documents", **changed: Any) -> str:
    """A link's path with a token of the test's own making."""
    content = {
        "kind": "invoice",
        "sub": "INV-10432",
        "exp": datetime.now(timezone.utc) + timedelta(hours=1),
        **changed,
    }
    kept = {name: value for name, value in content.items() if value is not None}
    key = sha256(f"{purpose}:{secret}".encode()).hexdigest()
    return f"/documents/{jwt.encode(kept, key, 'HS256')}"


@pytest.fixture
async def browser(shop_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    """Whoever follows a link."""
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    monkeypatch.setenv(SECRET, SECRET_KEY)
    monkeypatch.setenv(SITE, "https://chat.shop.test")
    app = web.Application(middlewares=[log_requests, errors])
    DocumentRoutes(documents.fetch).mount(app)
    app.on_response_prepare.append(protect((), https=False))
    async with TestClient(TestServer(app)) as client:
        yield client
    await close_shop()


async def text_at(client: Client, path: str) -> str:
    async with client.get(path) as answer:
        assert answer.status == 200
        pages = PdfReader(io.BytesIO(await answer.read())).pages
    return "\n".join(page.extract_text() for page in pages)


async def test_an_invoice_is_shown_and_kept_by_nobody(browser: Client) -> None:
    path = path_of(url_of("invoice", "INV-10432"))
    async with browser.get(path) as answer:
        assert (answer.status, answer.content_type) == (200, "application/pdf")
        assert answer.headers["Content-Disposition"] == 'inline; filename="INV-10432.pdf"'
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    text = await text_at(browser, path)
    for said in ("Invoice INV-10432", "Ava Thompson", "hiking boots", "Total", "VAT"):
        assert said in text


async def test_a_label_is_a_document_too(browser: Client) -> None:
    path = path_of(url_of("label", "RT-30012"))
    async with browser.get(path) as answer:
        assert answer.headers["Content-Disposition"] == 'inline; filename="label-RT-30012.pdf"'
    assert "Return RT-30012" in await text_at(browser, path)


@pytest.mark.parametrize(
    "path",
    [
        signed(exp=datetime.now(timezone.utc) - timedelta(seconds=1)),
        signed(exp=None),
        signed(sub=None),
        signed("another secret, which is just as long"),
        signed(purpose="widget"),
        signed(kind="secrets"),
        signed(kind=None),
        signed(kind=["invoice"]),
        signed(sub="INV-99999"),
        signed(sub="../../etc/passwd"),
        signed(kind="label"),
        f"/documents/{jwt.encode({'kind': 'invoice', 'sub': 'INV-10432'}, '', 'none')}",
        "/documents/x.y.z",
        "/documents/%ED%A0%BD",
        "/documents/%00",
    ],
    ids=(
        *("ended", "without an end", "of nothing", "another secret", "another purpose"),
        *("another kind", "no kind", "kinds", "no such invoice", "a path", "no such label"),
        *("unsigned", "no token", "no text", "nothing"),
    ),
)
async def test_a_link_that_is_good_for_nothing_says_so_to_a_person(
    browser: Client, path: str
) -> None:
    async with browser.get(path) as answer:
        assert (answer.status, answer.content_type) == (404, "text/html")
        assert "Ask in the chat for a new one." in await answer.text()
        assert answer.headers["Cache-Control"] == "no-store"


async def test_a_shop_that_is_away_is_asked_again(
    browser: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/none.db")
    async with browser.get(path_of(url_of("invoice", "INV-10432"))) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
        assert "does not answer" in await answer.text()


async def test_no_log_holds_a_token(browser: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    good, bad = path_of(url_of("invoice", "INV-10432")), signed(sub="INV-99999")
    for path in (good, bad):
        async with browser.get(path):
            pass
    told = [record.getMessage() for record in caplog.records if record.name == "warmline.http"]
    assert [line.split(" ms=")[0] for line in told] == [
        "request method=GET route=/documents/{token} status=200",
        "request method=GET route=/documents/{token} status=404",
    ]
    # The server of the tests keeps a log of its own, which the product's does not.
    said = [each.getMessage() for each in caplog.records if each.name != "aiohttp.access"]
    assert not any(path.split("/")[-1] in line for path in (good, bad) for line in said)


async def test_an_action_server_beside_the_demo_signs_with_the_demos_key(
    browser: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SECRET)
    monkeypatch.setenv("WARMLINE_DATA_DIR", str(tmp_path))
    with pytest.raises(RuntimeError, match=SECRET):
        url_of("invoice", "INV-10432")
    (tmp_path / "secret.key").write_text(SECRET_KEY)
    path = path_of(url_of("invoice", "INV-10432"))
    monkeypatch.setenv(SECRET, SECRET_KEY)
    assert "Ava Thompson" in await text_at(browser, path)


async def test_the_servers_settings_hold_for_its_actions(warmline: Warmline) -> None:
    link = url_of("invoice", "INV-10432")
    assert link.startswith("http://127.0.0.1:8080/documents/")
    assert "Ava Thompson" in await text_at(
        warmline.client, link.removeprefix("http://127.0.0.1:8080")
    )
