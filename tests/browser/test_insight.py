"""A lead reads what comes of contacts, as it happens, and opens the conversations behind it."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.people import Shopper, Staff
from tests.browser.stage import Stage
from tests.client import Warmline


async def test_a_contact_appears_in_its_figure_chart_and_list(
    stage: Stage, warmline: Warmline
) -> None:
    base = str(warmline.client.make_url("/"))
    liam = Staff(await stage.window(), "lead@demo.test")
    await liam.sign_in(f"{base}console/insight?figure=handoff")
    page = liam.page
    await expect(page.get_by_role("heading", name="No contacts in these days")).to_be_visible()

    ben = Shopper(await stage.window())
    await ben.visit(base, customer="Ben")
    await ben.open_chat()
    await ben.say("I want to talk to a person")
    await expect(ben.owner).to_contain_text("queue")

    tile = page.get_by_role("button", name="Hand-off rate 100 %")
    await expect(tile).to_have_attribute("aria-pressed", "true")
    chart = page.get_by_role("img", name="Hand-off rate by day")
    await chart.focus()
    await chart.press("ArrowLeft")
    await expect(page.locator(".chart-said")).to_contain_text("100 %")
    fold = page.get_by_text("How it is counted")
    await fold.press("Enter")
    await expect(
        page.get_by_text("contacts that the bot took at least one turn in")
    ).to_be_visible()

    await page.get_by_role("button", name="customer asked").press("Enter")
    chip = page.get_by_role("button", name="Show every reason again")
    await expect(chip).to_have_text("reason: customer_asked ✕")
    await page.reload()
    await expect(chip).to_be_visible()
    behind = page.get_by_role("list", name="Conversations")
    await behind.get_by_role("link", name="Ben Okafor").click()
    await expect(page.locator("conversation-thread")).to_contain_text("I want to talk to a person")
