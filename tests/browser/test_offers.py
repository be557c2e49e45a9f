"""A customer is offered to one agent after the other, in a real browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.app import SERVICES
from bot.clock import now
from bot.live_model import Assistant
from bot.offers import tend_offers
from bot.settings import load_settings
from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.browser.test_main_path import AGENT, LEAD, NETWORK_IS_GONE, address
from tests.client import Warmline
from tests.conftest import ROOT, serving

OWN = "  support:\n    name: Support\n"


@pytest.fixture
async def warmline(
    assistant: Assistant, shop_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Warmline]:
    """A shop that offers for as long as it may: nothing here runs out by itself."""
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    project = tmp_path / "project"
    project.mkdir()
    for entry in ROOT.iterdir():
        if entry.name != "handoff.yml" and not entry.name.startswith("."):
            (project / entry.name).symlink_to(entry)
    rules = (ROOT / "handoff.yml").read_text("utf-8")
    assert OWN in rules
    (project / "handoff.yml").write_text(rules.replace(OWN, f"{OWN}    offer_seconds: 600\n"))
    options = {"data_dir": str(tmp_path)}
    settings = load_settings(options, demo=True, project=project, environment={})
    async with serving(settings, assistant) as running:
        yield running


async def run_out(warmline: Warmline) -> None:
    """As in ten minutes, when nobody has pressed anything."""
    await tend_offers(warmline.app[SERVICES], at=now() + timedelta(seconds=601))


async def test_what_one_declines_the_next_accepts_with_a_key(
    stage: Stage, warmline: Warmline
) -> None:
    stage.expect_complaints(*NETWORK_IS_GONE)
    nora, liam = Staff(await stage.window(), AGENT), Staff(await stage.window(), LEAD)
    await nora.sign_in(address(warmline, "/desk"))
    visitor = await warmline.visitor()
    await visitor.answer("a person", "/contact_human_agent")
    hers = nora.page.get_by_role("region", name="Offer")
    await expect(hers).to_contain_text("Asked for a person · Web chat")
    await expect(hers.get_by_role("status")).to_contain_text("is offered to you for")
    await expect(nora.rows.first).to_contain_text("Offered to you")

    await liam.sign_in(address(warmline, "/desk"))
    his = liam.page.get_by_role("region", name="Offer")
    await expect(liam.rows.first).to_contain_text("Offered to Nora Agent")
    await expect(his.get_by_role("button")).to_have_count(0)
    await hers.get_by_role("button", name="Decline").click()
    await expect(hers.get_by_role("button")).to_have_count(0)
    await expect(his.get_by_role("button", name="Accept")).to_be_visible()
    await liam.page.keyboard.press("Alt+y")
    await expect(liam.thread.locator(".badge.owner")).to_have_text("You")
    await expect(his.get_by_role("button")).to_have_count(0)


async def test_who_missed_two_is_told_and_comes_back(stage: Stage, warmline: Warmline) -> None:
    stage.expect_complaints(*NETWORK_IS_GONE)
    nora = Staff(await stage.window(), AGENT)
    await nora.sign_in(address(warmline, "/desk"))
    bar = nora.page.get_by_role("region", name="Offer")
    for _ in range(2):
        visitor = await warmline.visitor()
        await visitor.answer("a person", "/contact_human_agent")
        await expect(bar.get_by_role("button", name="Accept")).to_be_visible()
        await run_out(warmline)
    await expect(bar.locator(".offer-line")).to_contain_text("You were set to away: 2 customers")
    await expect(nora.page.get_by_label("Your presence")).to_have_value("away")
    await bar.get_by_role("button", name="Go online").click()
    await expect(nora.page.get_by_label("Your presence")).to_have_value("online")
