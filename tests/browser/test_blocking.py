"""An agent blocks somebody from the desk, sees it in the list, and takes it back."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.people import Shopper, Staff
from tests.browser.stage import Stage
from tests.client import Warmline


async def test_an_agent_blocks_and_takes_it_back(stage: Stage, warmline: Warmline) -> None:
    visitor = await warmline.visitor()
    await visitor.answer("I want to talk to a person")
    nora = Staff(await stage.window(), "agent@demo.test")
    await nora.sign_in(str(warmline.client.make_url("/desk")))
    await nora.claim("Guest")

    await nora.block("Threats", how_long="For a week")

    await nora.page.get_by_role("button", name="Resolved").click()
    row = nora.rows.filter(has_text="Guest")
    await expect(row.locator(".badge.blocked")).to_have_text("Blocked")
    await row.click()
    held = nora.page.get_by_role("group", name="Block")
    await expect(held).to_contain_text("threats")
    await held.get_by_role("button", name="Lift the block").click()
    await expect(held).to_have_count(0)
    await expect(row.locator(".badge.blocked")).to_have_count(0)


async def test_who_is_blocked_is_not_asked_to_write(stage: Stage, warmline: Warmline) -> None:
    ben = Shopper(await stage.window())
    await ben.visit(str(warmline.client.make_url("/")), customer="Ben Okafor")
    await ben.open_chat()
    await ben.say("I want to talk to a person")
    nora = Staff(await stage.window(), "agent@demo.test")
    await nora.sign_in(str(warmline.client.make_url("/desk")))
    await nora.claim("Ben Okafor")
    await nora.block("Threats")
    await ben.say("and now?")
    await expect(
        ben.chat.get_by_text("Messages here are not answered.", exact=True)
    ).to_be_visible()
    await expect(ben.ask_for_person).to_be_hidden()
