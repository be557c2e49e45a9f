"""A lead takes a conversation from an agent who is writing, in a real browser."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.browser.test_main_path import AGENT, LEAD, NETWORK_IS_GONE, address
from tests.client import Warmline


async def test_the_agent_is_told_and_keeps_their_draft(stage: Stage, warmline: Warmline) -> None:
    stage.expect_complaints(*NETWORK_IS_GONE)
    nora, liam = Staff(await stage.window(), AGENT), Staff(await stage.window(), LEAD)
    await nora.sign_in(address(warmline, "/desk"))
    await liam.sign_in(address(warmline, "/desk"))
    visitor = await warmline.visitor()
    await visitor.answer("a person", "/contact_human_agent")
    await nora.claim("Guest")
    field = nora.thread.locator("#composer-field")
    await field.fill("One moment, I am")

    await liam.page.get_by_role("button", name="All open").click()
    await liam.rows.first.click()
    await liam.press("Take over")
    dialog = liam.page.get_by_role("dialog")
    await dialog.get_by_label("Why").fill("I know this customer.")
    await dialog.get_by_role("button", name="Take over").click()
    await expect(liam.thread.locator(".badge.owner")).to_have_text("You")

    await expect(nora.thread.get_by_role("alert")).to_contain_text("Liam Lead took over from Nora")
    await expect(nora.thread.locator(".badge.owner")).to_have_text("Liam Lead")
    await nora.hears("I know this customer.")
    await liam.press("Transfer")
    await dialog.get_by_text("Nora Agent").click()
    await dialog.get_by_role("button", name="Transfer").click()
    await expect(nora.thread.locator(".badge.owner")).to_have_text("You")
    await expect(field).to_have_value("One moment, I am")
