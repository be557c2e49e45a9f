"""Next best action: what the shop and the policy allow, done once and under the agent's name."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from bot.settings import Settings
from desk.visitors import customer_token
from tests.client import Staff, Warmline


@pytest.fixture
def warmline(warmline_with_own_shop: Warmline) -> Warmline:
    return warmline_with_own_shop


async def avas(warmline: Warmline, settings: Settings) -> tuple[Staff, str]:
    """Ava's conversation in an agent's hands: it began with an address she wants changed."""
    token = customer_token(
        sha256(f"demo-shop:{settings.secret_key}".encode()).hexdigest(),
        reference="C-1007",
        name="Ava Thompson",
        email="ava@customer.test",
        lasts=timedelta(hours=1),
    )
    ava, agent = await warmline.visitor(token), await warmline.staff()
    await ava.answer("I want to change the delivery address of order 10640")
    await ava.say("a person please", "/contact_human_agent")
    (waiting,) = await warmline.waiting(agent)
    at = f"/conversations/{waiting['conversation_id']}"
    await agent.post(f"{at}/claim")
    return agent, at


async def offered(agent: Staff, at: str) -> dict[str, dict[str, Any]]:
    found = await agent.get(f"{at}/actions")
    assert found["error"] is None
    return {one["name"]: one for one in found["items"]}


async def test_what_is_chosen_is_made_once_and_a_reply_is_drafted(
    warmline: Warmline, settings: Settings
) -> None:
    agent, at = await avas(warmline, settings)
    actions = await offered(agent, at)
    # What she asked for comes first, and it needs an address.
    assert next(iter(actions)) == "change_shipping_address.10640"
    assert actions["change_shipping_address.10640"]["fields"] == ["line", "town", "postcode"]
    cancel = actions["cancel_order.10640"]
    assert cancel["title"] == "Cancel order 10640"
    assert "10640" in cancel["will"]
    assert "£" in cancel["will"]
    assert "cancel_order.10398" not in actions  # delivered long ago
    assert actions["get_invoice.10398"]["will"] is None

    path = f"{at}/actions/cancel_order.10640"
    doing = {"id": "once", "version": cancel["version"]}
    both = await asyncio.gather(*(agent.post(path, doing) for _ in range(2)))
    acted = both[0]
    assert all(each["made"] for each in both)
    assert acted["outcome"].startswith("Made")
    assert "10640" in acted["draft"]
    assert "{" not in acted["draft"]
    detail = await agent.get(at)
    lines = [line["text"] for line in detail["messages"] if line["event"] == "approved"]
    assert len(lines) == 1
    assert lines[0].startswith("Nora Agent approved “Cancel order 10640”. Made")
    assert [change["state"] for change in detail["changes"]] == ["made"]
    assert "cancel_order.10640" not in await offered(agent, at)
    refused = await agent.post(path, {**doing, "id": "another"}, status=409)
    assert refused["error"]["code"] == "not_offered"


async def test_what_is_missing_is_filled_in(warmline: Warmline, settings: Settings) -> None:
    agent, at = await avas(warmline, settings)
    path = f"{at}/actions/change_shipping_address.10640"
    form = (await offered(agent, at))["change_shipping_address.10640"]
    doing: dict[str, Any] = {"id": "a", "version": form["version"]}
    refused = await agent.post(path, doing, status=422)
    assert refused["error"]["detail"] == {"field": "line"}
    doing["fields"] = {"line": "1 New Road", "town": "Leeds", "postcode": "LS1 4AP"}
    refused = await agent.post(path, doing, status=409)
    assert refused["error"]["code"] == "changed"
    now = refused["error"]["detail"]["action"]
    assert "1 New Road, Leeds LS1 4AP" in now["will"]
    assert now["fields"] == form["fields"]
    assert (await agent.get(at))["changes"] == []
    doing["version"] = now["version"]
    acted = await agent.post(path, doing)
    assert acted["made"]
    assert "1 New Road, Leeds LS1 4AP" in acted["draft"]


async def test_only_whose_conversation_it_is_may(warmline: Warmline, settings: Settings) -> None:
    _, at = await avas(warmline, settings)
    lead = await warmline.staff("lead@demo.test")
    doing = {"id": "x", "version": "x"}
    refused = await lead.post(f"{at}/actions/cancel_order.10640", doing, status=409)
    assert refused["error"]["code"] == "not_owner"
    assert "cancel_order.10640" in await offered(lead, at)


async def test_nothing_waits_for_a_shop_that_is_away(
    warmline_without_shop: Warmline, settings: Settings
) -> None:
    agent, at = await avas(warmline_without_shop, settings)
    found = await agent.get(f"{at}/actions")
    assert found["items"] == []
    assert "does not answer" in found["error"]
    doing = {"id": "x", "version": "x"}
    await agent.post(f"{at}/actions/cancel_order.10640", doing, status=503)
