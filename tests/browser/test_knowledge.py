"""An agent searches the articles while a customer waits, by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.client import Warmline

AGENT = "agent@demo.test"
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("narrow", [False, True])
async def test_a_passage_goes_into_the_draft(
    stage: Stage, warmline: Warmline, narrow: bool
) -> None:
    visitor = await warmline.visitor()
    await visitor.answer("may I bring my dog into the shop? I want to talk to a person")
    nora = Staff(await stage.window(**({"viewport": PHONE} if narrow else {})), AGENT)
    await nora.sign_in(str(warmline.client.make_url("/desk")))
    await nora.rows.first.click()
    await nora.press("Claim")
    field = nora.thread.locator("#composer-field")
    await field.fill("Hello,")
    await field.press("Alt+a")

    dialog = nora.page.get_by_role("dialog", name="Knowledge")
    search = dialog.get_by_role("combobox")
    await expect(search).to_be_focused()
    await expect(search).to_have_value(re.compile("may I bring my dog"))
    await search.fill("dogs")
    options = dialog.get_by_role("option")
    await expect(options.first).to_contain_text("Well-behaved dogs")
    await search.press("ArrowDown")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    await search.press("ArrowUp")
    box = await dialog.bounding_box()
    width = nora.page.viewport_size
    assert box is not None
    assert width is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width["width"]
    await search.press("Enter")

    await expect(dialog).to_have_count(0)
    await expect(field).to_be_focused()
    await expect(field).to_have_value(
        re.compile(r"^Hello,\n\nWell-behaved dogs.*\nhttp\S+/help/visiting-the-shop$")
    )
    await field.press("Alt+a")
    await dialog.get_by_role("combobox").press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(field).to_be_focused()
