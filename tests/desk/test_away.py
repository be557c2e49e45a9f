"""A customer of the shop's app who is away: the shop is told once, and seeing it settles it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.live_model import Assistant
from bot.settings import load_settings
from desk.visitors import customer_token
from tests.client import Warmline, eventually
from tests.conftest import ROOT, serving

SHOP_SECRET = "the shop's own secret, long enough to sign with"


@pytest.fixture
def told() -> list[dict[str, Any]]:
    return []


@pytest.fixture
async def warmline(
    told: list[dict[str, Any]],
    assistant: Assistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Warmline]:
    """A server whose shop wants to know who is to be woken."""
    monkeypatch.setattr("bot.transcript.FIRST_LOOK", {"web": timedelta(seconds=0.5)})

    async def take(request: web.Request) -> web.Response:
        told.append(await request.json())
        return web.Response(status=204)

    shop = web.Application()
    shop.router.add_post("/waiting", take)
    async with TestServer(shop) as server:
        block = {
            "customer_secret": SHOP_SECRET,
            "push_url": str(server.make_url("/waiting")),
            "push_secret": "a push secret that is long enough to sign",
        }
        path = tmp_path / "credentials.yml"
        path.write_text(json.dumps({"web": block}), "utf-8")
        options = {"credentials": str(path), "data_dir": str(tmp_path)}
        settings = load_settings(options, demo=True, project=ROOT, environment={})
        async with serving(settings, assistant) as running:
            yield running


async def test_the_shop_is_told_once_of_what_nobody_has_seen(
    warmline: Warmline, told: list[dict[str, Any]]
) -> None:
    token = customer_token(
        SHOP_SECRET,
        reference="C-1012",
        name="Ben",
        email="ben@customer.test",
        lasts=timedelta(hours=1),
    )
    ben = await warmline.visitor(token)
    await ben.answer("hello")
    agent = await warmline.staff()
    (conversation,) = (await agent.get("/conversations"))["items"]

    async def delivery(state: str) -> bool | None:
        lines = (await agent.get(f"/conversations/{conversation['id']}"))["messages"]
        return (lines[1]["delivery"]["state"] == state) or None

    await eventually(lambda: delivery("sent"))
    (notice,) = told
    line = (await ben.look())["messages"][1]
    assert notice == {
        "type": "message_waiting",
        "customer": "C-1012",
        "message_id": line["id"],
        "author": "bot",
    }
    await ben.call("POST", "/widget/seen", {"seq": line["seq"]}, status=204)
    await eventually(lambda: delivery("delivered"))


async def test_who_is_looking_is_left_in_peace(
    warmline: Warmline, told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Time to see a line, on the slowest machine.
    monkeypatch.setattr("bot.transcript.FIRST_LOOK", {"web": timedelta(seconds=5)})
    guest = await warmline.visitor()
    await guest.answer("hello")
    token = customer_token(
        SHOP_SECRET,
        reference="C-1013",
        name="Ada",
        email="ada@customer.test",
        lasts=timedelta(hours=1),
    )
    ada = await warmline.visitor(token)
    for text in ("hello", "what are your opening hours?"):
        await ada.answer(text)
        seen = (await ada.look())["messages"][-1]["seq"]
        await ada.call("POST", "/widget/seen", {"seq": seen}, status=204)
    other = await warmline.visitor(
        customer_token(
            SHOP_SECRET,
            reference="C-1014",
            name="Cy",
            email="cy@customer.test",
            lasts=timedelta(hours=1),
        )
    )
    await other.answer("hello")

    async def other_told() -> bool | None:
        return any(notice["customer"] == "C-1014" for notice in told) or None

    await eventually(other_told)
    assert {notice["customer"] for notice in told} == {"C-1014"}
