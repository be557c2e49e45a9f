"""Conflicts among the project's own examples, in a real browser: read and opened by keyboard."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.client import Warmline

COMPARED_SECONDS = 120  # a process that stands back, on a machine that has no core for it
PLACE = re.compile(r"data/nlu/\w+\.yml:\d+")


async def test_a_lead_reads_which_examples_pull_against_each_other(
    stage: Stage, warmline: Warmline
) -> None:
    liam = Staff(await stage.window(), "lead@demo.test")
    await liam.sign_in(str(warmline.client.make_url("/console/conflicts")))
    page = liam.page
    report = page.locator("conflict-report")
    await expect(report.get_by_role("status")).to_have_text(
        re.compile(r"examples of \d+ intents were compared"), timeout=COMPARED_SECONDS * 1_000
    )
    tab = page.get_by_role("navigation", name="Console").get_by_role("link", name="Conflicts")
    await expect(tab).to_have_attribute("aria-current", "page")

    rows = report.locator(".conflicts tbody tr")
    await expect(rows.filter(visible=True)).to_have_count(15)
    await expect(rows.first.locator(".place")).to_have_text([PLACE, PLACE])
    await expect(rows.first).to_contain_text("% to its own")
    more = report.locator("section", has_text="Nearer to another intent").get_by_role("button")
    await more.press("Enter")
    await expect(rows.last).to_be_visible()
    await expect(more).to_have_text("Show the first 15")
    await expect(more).to_be_focused()

    leak = report.locator(".leaks details").first
    await leak.locator("summary").press("Enter")
    await expect(leak.locator("li").first).to_contain_text(PLACE)
    fed = report.locator(".starving tbody tr").first
    await expect(fed.get_by_role("meter")).to_have_accessible_name(re.compile(r"\d+ of \d+"))
