"""A whole case: one customer, two agents who never touch the mouse, from the bot to the survey."""

from __future__ import annotations

import asyncio

from playwright.async_api import expect

from tests.browser.people import Shopper, Staff
from tests.browser.stage import Stage
from tests.browser.test_inbox import view
from tests.browser.test_main_path import AGENT, LEAD, address
from tests.client import Warmline


async def test_a_case_from_the_bot_to_the_survey_without_a_mouse(
    stage: Stage, warmline: Warmline
) -> None:
    nora, liam = Staff(await stage.window(), AGENT), Staff(await stage.window(), LEAD)
    ben = Shopper(await stage.window(viewport={"width": 390, "height": 844}))
    await asyncio.gather(
        nora.sign_in(address(warmline, "/desk")),
        liam.sign_in(address(warmline, "/desk")),
        ben.visit(address(warmline), customer="Ben Okafor"),
    )
    await ben.open_chat()
    await ben.say("where is my order")
    await ben.hears("order 10861")
    await ben.say("I want to talk to a person")

    keys = nora.page.keyboard
    await expect(view(nora.page, "Waiting")).to_contain_text("1")
    await keys.press("Alt+n")
    await expect(nora.thread.locator(".badge.owner")).to_have_text("You")
    await expect(nora.card).to_contain_text("10861")
    await expect(nora.page.locator("customer-panel")).to_contain_text("Send the invoice")

    await expect(nora.page.get_by_role("group", name="Suggested replies")).to_be_visible()
    field = nora.thread.get_by_role("textbox", name="Reply")
    await keys.press("Alt+l")
    await expect(field).to_be_focused()
    await keys.press("Alt+1")
    await expect(field).not_to_have_value("")
    await keys.press("Control+a")
    await keys.type("What is your order number?")
    await expect(nora.thread.get_by_text("Already known")).to_be_visible()
    await keys.press("Control+a")
    await keys.type("Hello Ben, I am looking into it.")
    await keys.press("Control+Enter")
    await ben.hears("I am looking into it")

    await keys.press("Alt+p")
    note = nora.thread.get_by_role("textbox", name="Private note")
    await expect(note).to_be_focused()
    await keys.type("The driver rang twice.")
    await keys.press("Control+Enter")
    await nora.hears("The driver rang twice.")
    await nora.thread.get_by_role("button", name="Transfer").press("Enter")
    dialog = nora.page.get_by_role("dialog", name="Transfer")
    await dialog.get_by_role("radio", name="Liam Lead").press("Space")
    await dialog.get_by_label("Private note for them").fill("You know the depot.")
    await dialog.get_by_role("button", name="Transfer").press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(ben.owner).to_contain_text("Liam Lead")

    keys = liam.page.keyboard
    await view(liam.page, "Mine").press("Enter")
    await expect(liam.rows).to_have_count(1)
    await keys.press("Alt+j")
    await expect(liam.thread.locator(".badge.owner")).to_have_text("You")
    await liam.hears("The driver rang twice.")
    await liam.hears("You know the depot.")
    await expect(nora.thread.locator(".badge.owner")).to_have_text("Liam Lead")
    await keys.press("Alt+l")
    await expect(liam.thread.get_by_role("textbox", name="Reply")).to_be_focused()
    await keys.type("The depot has it: it comes before noon.")
    await keys.press("Control+Enter")
    await ben.hears("it comes before noon")
    await nora.hears("it comes before noon")

    await keys.press("Alt+m")
    await expect(liam.page.get_by_role("dialog", name="Snooze")).to_be_visible()
    await keys.type("writes")
    await keys.press("Enter")
    await expect(liam.rows).to_have_count(0)
    await ben.say("It is here, thank you!")
    await expect(liam.rows).to_have_count(1)

    await expect(liam.page.get_by_role("dialog")).to_have_count(0)
    await keys.press("Alt+e")
    resolving = liam.page.get_by_role("dialog", name="Resolve")
    await expect(resolving.get_by_role("radio", name="Solved", exact=True)).to_be_focused()
    await keys.press("Enter")
    await expect(resolving).to_have_count(0)
    await expect(ben.owner).to_contain_text("Chat closed")
    asked = ben.chat.get_by_role("region", name="How was it?")
    await asked.get_by_role("radio", name="5, very satisfied").press("Space")
    panel = liam.page.locator("customer-panel")
    await expect(panel).to_contain_text("Satisfied: 5 of 5")
    assert "The driver rang twice" not in await ben.chat.locator("body").inner_text()
