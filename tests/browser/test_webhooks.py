"""Webhooks in a real browser: a lead subscribes a program by keyboard, and mends what failed."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.client import Warmline
from tests.receiver import receiving


async def test_a_lead_subscribes_a_program_and_sends_it_again_what_it_refused(
    stage: Stage, warmline: Warmline
) -> None:
    visitor = await warmline.visitor()
    liam = Staff(await stage.window(), "lead@demo.test")
    await liam.sign_in(str(warmline.client.make_url("/console")))
    page = liam.page
    await page.get_by_role("link", name="Webhooks").press("Enter")
    await expect(page.locator("webhook-list")).to_contain_text("Nobody is told yet.")

    async with receiving() as receiver:
        receiver.troubles.append("410")
        await page.get_by_role("button", name="New webhook").press("Enter")
        form = page.get_by_role("dialog", name="New webhook")
        address = form.get_by_label("Address")
        stage.expect_complaints("422")  # what the server refuses, a browser notes
        await expect(address).to_be_focused()
        await address.fill("http://10.0.0.1/hook")
        await address.press("Enter")
        await expect(form.get_by_role("alert")).to_contain_text("private address")
        await address.fill(receiver.url)
        for event in ("message_updated", "conversation_created"):
            await form.get_by_role("checkbox", name=event).press("Space")
        await address.press("Enter")
        shown = page.get_by_role("dialog", name="Keep this secret")
        secret = await shown.locator("code").inner_text()
        await shown.get_by_role("button").press("Enter")
        chosen = page.get_by_role("button", name=receiver.url, pressed=True)
        await expect(chosen).to_be_focused()

        await visitor.answer("when are you open?")
        rows = page.locator("delivery-log li")
        await expect(rows).to_have_count(2)
        refused = rows.filter(has_text="410")
        await expect(refused).to_contain_text("Given up")
        await expect(chosen).to_contain_text("1 given up")
        await refused.locator("summary").press("Enter")
        await expect(refused.locator("pre")).to_contain_text("when are you open?")
        await refused.get_by_role("button", name="Resend").press("Enter")
        await expect(rows.filter(has_text="Delivered")).to_have_count(2)
        await expect(rows.nth(1).get_by_role("button", name="Resend")).to_be_focused()
        await expect(rows.nth(1).locator("pre")).to_be_visible()
        assert all(told.is_signed_with(secret) for told in receiver.calls)

        await page.get_by_label("State").select_option("Given up")
        await expect(page.locator("delivery-log")).to_contain_text("Nothing like that.")
        await page.get_by_role("button", name="Delete").press("Enter")
        await page.get_by_role("dialog").get_by_role("button", name="Delete").press("Enter")
        await expect(page.locator("webhook-list")).to_contain_text("Nobody is told yet.")
