"""What the bot does not know, in a real browser: a lead looks for it, and decides."""

from __future__ import annotations

from playwright.async_api import expect

from bot.services import Services
from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.client import Warmline
from tests.contract.test_discoveries import WORDS, misunderstood

WARRANTY = (
    "does the warranty cover a broken zip",
    "how long is the warranty on the tent",
    "is my jacket still under warranty",
    "warranty claim for my boots",
    "what does your warranty cover",
    "I want to make a warranty claim",
    "warranty for a lamp?",
)


async def test_a_lead_finds_groups_opens_one_and_dismisses_the_other(
    stage: Stage, warmline: Warmline, services: Services
) -> None:
    liam = Staff(await stage.window(), "lead@demo.test")
    await liam.sign_in(str(warmline.client.make_url("/console/discover")))
    page = liam.page
    state = page.locator("discovery-state")
    await expect(state).to_contain_text("Nothing was looked for yet.")
    for text in (*WARRANTY, *WORDS, WORDS[0]):
        await misunderstood(services, text)

    await page.get_by_role("button", name="Look for groups").press("Enter")
    await expect(state).to_contain_text("13 messages of the last 30 days")
    cards = page.locator("cluster-list .cluster")
    await expect(cards).to_have_count(2)
    warranty, gifts = cards.nth(0), cards.nth(1)
    await expect(warranty.get_by_role("heading")).to_contain_text("warranty")
    await expect(gifts).to_contain_text("6 messages, 5 wordings")

    await warranty.get_by_role("button", name="Show all 7 wordings").press("Enter")
    ticks = warranty.get_by_role("checkbox")
    await expect(ticks).to_have_count(7)
    await expect(ticks.first).to_be_focused()
    await ticks.nth(6).uncheck()
    link = warranty.get_by_role("link", name="Open the conversation").first
    assert "/console/turns?turn=" in (await link.get_attribute("href") or "")

    await warranty.get_by_role("button", name="Make it an intent").press("Enter")
    dialog = page.get_by_role("dialog", name="Make it an intent")
    name = dialog.get_by_label("Name")
    await name.fill("Warranty!")
    assert not await name.evaluate("field => field.checkValidity()")
    await dialog.press("Escape")

    await gifts.get_by_role("button", name="Dismiss").press("Enter")
    await expect(cards).to_have_count(1)
    await expect(page.locator("status-line")).to_contain_text("is not shown again.")
    await expect(ticks.nth(6)).not_to_be_checked()
    await page.get_by_role("button", name="Look again").press("Enter")
    await expect(page.get_by_role("button", name="Looking…")).to_have_count(0)
    await expect(cards).to_have_count(1)
