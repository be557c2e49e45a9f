"""A customer on two channels, in a real browser: what the agent sees of it, and the customer."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.live_model import Assistant
from simulator.picture import PNG
from tests.browser.people import Shopper, Staff
from tests.browser.stage import Stage
from tests.browser.test_accessibility import judge
from tests.browser.two_channels import SITE, TwoChannels
from tests.contract.channels import Channel, opened

PICTURE = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
AXE: dict[str, Any] = {"bypass_csp": True, "reduced_motion": "reduce"}
BESIDE = {"web": {"sites": ["http://127.0.0.1:*"]}}


@pytest.fixture
async def warmline(
    assistant: Assistant, tmp_path: Path, shop_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Channel]:
    """A server with WhatsApp and the widget; the stage's windows are gone before it is."""
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    async with opened("whatsapp", assistant, tmp_path, beside=BESIDE, site=SITE) as channel:
        yield channel


async def on_stage(stage: Stage, whatsapp: Channel, **look: Any) -> TwoChannels:
    ben = Shopper(await stage.window(**look))
    return TwoChannels(whatsapp, ben, Staff(await stage.window(**look), "agent@demo.test"))


async def test_an_agent_sees_both_channels_and_what_became_of_each_line(
    stage: Stage, warmline: Channel
) -> None:
    scene = await on_stage(stage, warmline)
    await scene.whole()
    nora, page = scene.nora, scene.nora.page
    log = nora.thread.locator("thread-log")
    await expect(log.locator(".badge.channel")).to_have_text(["Web chat", "WhatsApp"])
    await expect(nora.stage("order 10861")).to_have_text("✓✓Delivered")

    picture = log.get_by_role("link", name="Picture from Ben Okafor").locator("img")
    await picture.scroll_into_view_if_needed()
    await expect(picture).to_have_js_property("naturalWidth", 1)
    receipt = log.get_by_role("link", name="File: receipt 10861.pdf")
    await expect(receipt).to_have_attribute("download", "receipt 10861.pdf")
    await expect(nora.line("The receipt")).to_contain_text("84 KB")
    await expect(log.get_by_role("link", name="Map")).to_have_attribute(
        "rel", "noopener noreferrer"
    )

    await expect(log).to_contain_text("Ben Okafor corrected a message: My parcel 10861")
    await log.get_by_role("button", name="Was: “My parcel 10816").press("Enter")
    await expect(nora.line("My parcel 10816")).to_be_focused()
    await log.get_by_role("button", name="Ben Okafor reacted with 👍").click()
    await expect(nora.line("opened on the way")).to_be_focused()

    await expect(nora.line("A new one")).to_contain_text("Not delivered (whatsapp_131026).")
    await expect(nora.thread.locator(".reach")).to_contain_text("WhatsApp takes no message now")
    await warmline.say("Yes, a minute ago")
    await expect(nora.thread.locator(".reach")).to_be_hidden()
    await expect(nora.stage("Did it arrive?")).to_have_text("✓Sent")
    await no_sideways(page)


async def test_a_stop_is_told_before_anything_is_written(stage: Stage, warmline: Channel) -> None:
    scene = await on_stage(stage, warmline)
    await scene.begin()
    reach = scene.nora.thread.locator(".reach")
    await expect(reach).to_be_hidden()
    await scene.does(9, "STOP", kind="opt_out")
    await expect(reach).to_contain_text("The customer asked for no more messages on WhatsApp.")
    await scene.nora.reply("Are you there?")
    await expect(scene.nora.line("Are you there?")).to_contain_text(
        "The customer asked for no more messages on this number."
    )
    await scene.does(10, "START", kind="opt_in")
    await expect(reach).to_be_hidden()


async def test_a_customer_sees_what_was_said_elsewhere(stage: Stage, warmline: Channel) -> None:
    scene = await on_stage(stage, warmline)
    await scene.begin()
    ben = scene.ben
    group = ben.chat.locator(".group").filter(has_text="My parcel 10816")
    await expect(group.locator("[data-part=channel]")).to_have_text("on WhatsApp")
    await expect(ben.chat.locator(".event").first).to_have_text(
        "You corrected a message: My parcel 10861 looks like this: (WhatsApp)"
    )


async def test_a_picture_of_the_bots_is_seen_by_both(stage: Stage, warmline: Channel) -> None:
    scene = await on_stage(stage, warmline)
    ben, nora = scene.ben, scene.nora
    await nora.sign_in(scene.address("/desk"))
    await ben.visit(scene.address(), customer="Ben Okafor")
    await ben.open_chat()
    await ben.ask_for_person.click()
    await nora.claim("Ben Okafor")
    await scene.show_picture("This is the tent.", PICTURE)
    for line in (ben.line("This is the tent."), nora.line("This is the tent.")):
        await expect(line.locator("img")).to_have_js_property("naturalWidth", 1)
    stage.expect_complaints("violates the following Content Security Policy directive")
    await scene.show_picture("And this its bag.", "http://shop.test/bag.png")
    await expect(ben.line("And this its bag.").locator("img")).to_be_hidden()
    await expect(nora.line("And this its bag.")).to_contain_text("cannot be shown")


async def test_axe_finds_nothing_serious_in_two_channels(stage: Stage, warmline: Channel) -> None:
    scene = await on_stage(stage, warmline, **AXE)
    await scene.whole()
    await judge("desk, two channels", scene.nora.page)
    await no_sideways(scene.nora.page)
    await judge("widget, two channels", scene.ben.page)


async def no_sideways(page: Page) -> None:
    """Nothing of the thread is wider than its pane, on a desk and on a phone."""
    for width in (390, 1280):
        await page.set_viewport_size({"width": width, "height": 844})
        await expect(page.locator("thread-log")).to_be_visible()
        wide = "log => log.scrollWidth > log.clientWidth"
        assert not await page.locator("thread-log").evaluate(wide), f"at {width} pixels"
