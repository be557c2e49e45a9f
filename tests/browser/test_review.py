"""Review in a real browser: labels by single keys, taken back, and by typing."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.browser.test_main_path import LEAD, address
from tests.client import Warmline


async def test_a_lead_labels_by_single_keys_and_takes_it_back(
    stage: Stage, warmline: Warmline
) -> None:
    liam = Staff(await stage.window(), LEAD)
    await liam.sign_in(address(warmline, "/console"))
    page = liam.page
    await expect(page.locator("review-list")).to_contain_text("Nothing waits for a label.")
    for sender, text in (
        ("ada", "qwerty plums 12"),
        ("ben", "Qwerty plums!"),
        ("cy", "wobble zut"),
    ):
        await warmline.rest(sender, text)
    rows = page.locator("review-list li")
    await expect(rows).to_have_count(2)  # by itself, the two that differ in nothing as one
    plums = rows.filter(has_text="2 alike")
    await plums.get_by_role("button").click()
    await expect(page.locator("review-card blockquote")).to_contain_text("lums")
    await page.keyboard.press("o")
    said = page.locator("status-line")
    await expect(said).to_contain_text("Out of scope: 2 messages")
    await expect(rows).to_have_count(1)
    await expect(rows.get_by_role("button")).to_be_focused()
    await page.keyboard.press("u")
    await expect(said).to_have_text("Undone.")
    await expect(rows).to_have_count(2)

    await plums.get_by_role("button").click()
    await page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Intent")
    await field.fill("track ord")
    await expect(page.get_by_role("option", name="Track order")).to_be_visible()
    await field.press("Enter")
    await expect(said).to_contain_text("Track order: 2 messages")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("s")
    await expect(page.locator("review-list")).to_contain_text("Nothing waits for a label.")
    await expect(page.locator("review-standing")).to_contain_text("3 labelled by you today")
