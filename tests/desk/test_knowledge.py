"""The articles over HTTP: agents search them, people read them."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.knowledge.shelf import Shelf
from desk.help_pages import HelpPages
from tests.client import Warmline

HOSTILE = """---
title: Care & <b>repair</b>
url: /help/care
---
<script>alert(1)</script> <img src=x onerror=alert(1)>

## Links
[a](javascript:alert(1)) [b](data:text/html,x) [c](/help)
"""


async def test_agents_get_the_passages_that_fit_best(warmline: Warmline) -> None:
    agent = await warmline.staff()
    found = await agent.get("/knowledge?q=may%20I%20bring%20my%20dog")
    assert found["next"] is None
    assert len(found["items"]) == 5
    first = found["items"][0]
    assert (first["article"], first["heading"]) == ("visiting-the-shop", "Dogs")
    assert first["title"] == "Visiting our shop"
    assert first["text"].startswith("Well-behaved dogs")
    assert first["url"].endswith("/help/visiting-the-shop")
    scores = [one["score"] for one in found["items"]]
    assert scores == sorted(scores, reverse=True)
    assert (await agent.get("/knowledge?q=%20"))["items"] == []


async def test_a_search_without_words_or_with_too_many_is_refused(warmline: Warmline) -> None:
    agent = await warmline.staff()
    await agent.call("GET", "/knowledge", status=422)
    await agent.call("GET", f"/knowledge?q={'x' * 401}", status=422)


async def test_every_article_has_a_page_and_the_index_leads_to_it(warmline: Warmline) -> None:
    async with warmline.client.get("/help") as response:
        assert response.status == 200
        index = await response.text()
    assert '<a href="/help/care-of-down">' in index
    async with warmline.client.get("/help/care-of-down") as response:
        assert response.status == 200
        page = await response.text()
    assert "<h1>Caring for down jackets and sleeping bags</h1>" in page
    assert "<h2>Drying down</h2>" in page
    async with warmline.client.get("/help/nothing-of-ours") as response:
        assert response.status == 404
        assert "There is no such page" in await response.text()


async def test_no_html_of_an_article_reaches_the_page(tmp_path: Path) -> None:
    (tmp_path / "care.md").write_text(HOSTILE, encoding="utf-8")
    app = web.Application()
    HelpPages(Shelf(tmp_path)).mount(app)
    async with TestClient(TestServer(app)) as client, client.get("/help/care") as response:
        page = await response.text()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>repair" not in page
    assert 'href="javascript:' not in page
    assert 'href="data:' not in page
    assert '<a href="/help">c</a>' in page
