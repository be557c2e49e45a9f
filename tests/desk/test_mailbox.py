"""The demo's mailbox: each demo customer reads their own mails, and nobody else does."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from actions.context import shop
from actions.context.changes import Change
from actions.context.demo import seed
from bot.live_model import Assistant
from bot.settings import Settings
from desk.visitors import customer_token
from tests.client import Warmline
from tests.conftest import serving

AVA, BEN = "C-1007", "C-1012"


@pytest.fixture(autouse=True)
async def shop_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests have mails sent."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'mailed.db'}"
    await seed(url)
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", url)


@pytest.fixture
async def demo(settings: Settings, assistant: Assistant) -> Any:
    async with serving(settings, assistant) as server:
        yield server


async def token_of(server: Warmline, reference: str) -> str:
    """What the mailbox's page holds for its owner."""
    async with server.client.get("/demo/mailbox", params={"customer": reference}) as answer:
        assert answer.status == 200
        found = re.search(r'data-token="([^"]+)"', await answer.text())
        assert found is not None
        return found[1]


async def mails(server: Warmline, token: str, *, status: int = 200) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    async with server.client.get("/demo/mails", headers=headers) as answer:
        assert answer.status == status
        return await answer.json()


async def test_each_customer_reads_their_own_mails_newest_first(demo: Warmline) -> None:
    await shop().apply("a", Change("mail_invoice", {"order": "10432"}))
    await shop().apply("b", Change("mail_account_data", {"customer": AVA}))
    await shop().apply("c", Change("mail_invoice", {"order": "10861"}))
    items = (await mails(demo, await token_of(demo, AVA)))["items"]
    assert [mail["subject"] for mail in items] == ["Your data", "Invoice INV-10432"]
    assert items[0]["to"] == "ava.1007@customer.test"
    assert "Ava Thompson" in items[0]["text"]
    data, invoice = (mail["attachment"] for mail in items)
    async with demo.client.get(data["url"]) as answer:
        assert answer.content_type == "application/json"
        assert json.loads(await answer.read())["customer"]["reference"] == AVA
    async with demo.client.get(invoice["url"]) as answer:
        assert answer.content_type == "application/pdf"
        assert answer.headers["Cache-Control"] == "private, no-store"
        text = PdfReader(io.BytesIO(await answer.read())).pages[0].extract_text()
        assert "Invoice INV-10432" in text
    (bens,) = (await mails(demo, await token_of(demo, BEN)))["items"]
    assert bens["subject"] == "Invoice INV-10861"


async def test_nobody_reads_without_the_shops_word(demo: Warmline, settings: Settings) -> None:
    hour = timedelta(hours=1)
    forged = customer_token(
        settings.secret_key, reference=AVA, name="Ava", email="a@x.test", lasts=hour
    )
    for token in ("", "x.y.z", (await demo.visitor()).token, forged):
        assert (await mails(demo, token, status=401))["error"]["code"] == "customer_token"
    async with demo.client.get("/demo/mailbox", params={"customer": "C-1001"}) as answer:
        assert answer.status == 404
        assert "nobody" in await answer.text()


async def test_a_link_to_an_attachment_is_for_that_one(demo: Warmline) -> None:
    await shop().apply("a", Change("mail_invoice", {"order": "10432"}))
    token = await token_of(demo, AVA)
    (mail,) = (await mails(demo, token))["items"]
    url = mail["attachment"]["url"]
    for path in (url[:-1], f"/demo/attachments/{token}", "/demo/attachments/x", f"{url}/1"):
        async with demo.client.get(path) as answer:
            assert answer.status in (401, 404), path


async def test_a_shop_that_is_away_says_so(demo: Warmline, tmp_path: Path) -> None:
    token = await token_of(demo, AVA)
    (tmp_path / "mailed.db").unlink()
    assert (await mails(demo, token, status=503))["error"]["code"] == "unavailable"


async def test_there_is_no_mailbox_outside_the_demo(
    settings: Settings, assistant: Assistant
) -> None:
    async with serving(replace(settings, demo=False), assistant) as server:
        for path in ("/demo/mailbox?customer=C-1007", "/demo/mails", "/demo/attachments/x"):
            async with server.client.get(path) as answer:
                assert answer.status == 404
        async with server.client.get("/") as answer:
            assert "/demo/" not in await answer.text()
