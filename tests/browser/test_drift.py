"""Drift in a real browser: a lead sees that something changed, and where."""

from __future__ import annotations

from playwright.async_api import expect

from bot.services import Services
from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.client import Warmline
from tests.drift_weeks import put_weeks


async def test_a_lead_is_told_what_changed_and_finds_its_messages(
    stage: Stage, warmline: Warmline, services: Services
) -> None:
    liam = Staff(await stage.window(), "lead@demo.test")
    await liam.sign_in(str(warmline.client.make_url("/console/drift")))
    page = liam.page
    banner = page.locator(".drift-banner")
    await expect(banner).to_contain_text("Nothing is logged yet.")

    await put_weeks(services)
    await warmline.rest("ada", "when are you open?")  # the page looks when a turn was taken
    await expect(banner).to_contain_text("Customers write otherwise than before.")
    await expect(banner).to_contain_text("track_order: mean confidence 72.0 % instead of 90.0 %")
    charts = page.get_by_role("img", name="by day, 28 days")
    await expect(charts).to_have_count(3)

    link = page.get_by_role("link", name="track_order")
    assert "/console/turns?intent=track_order&since=" in (await link.get_attribute("href") or "")
    await link.focus()
    table = page.locator("drift-report section", has_text="Refused by day").locator("summary")
    await table.press("Enter")
    await expect(page.get_by_role("region", name="Refused by day")).to_contain_text("outside")

    await page.get_by_label("Period").select_option("Last 14 days")
    await expect(page.get_by_role("img", name="by day, 14 days")).to_have_count(3)
    await expect(page.get_by_role("region", name="Refused by day")).to_be_visible()
    await expect(table).to_be_focused()
