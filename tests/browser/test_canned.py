"""An agent answers with a canned reply, by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from bot import demo
from bot.services import Services
from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.client import Warmline
from tests.conftest import ROOT

PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("narrow", [False, True])
async def test_a_slash_finds_a_reply_and_what_is_open_is_not_sent(
    stage: Stage, warmline: Warmline, services: Services, narrow: bool
) -> None:
    await demo.add_canned_replies(services.database, ROOT / demo.CANNED_REPLIES)
    visitor = await warmline.visitor()
    await visitor.answer("I want to talk to a person")
    nora = Staff(await stage.window(**({"viewport": PHONE} if narrow else {})), "agent@demo.test")
    await nora.sign_in(str(warmline.client.make_url("/desk")))
    await nora.claim("Guest")
    field = nora.thread.locator("#composer-field")
    await field.press("/")

    dialog = nora.page.get_by_role("dialog", name="Canned replies")
    search = dialog.get_by_role("combobox")
    await expect(search).to_be_focused()
    await expect(dialog.get_by_role("option")).to_have_count(12)
    await search.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(field).to_be_focused()
    await expect(field).to_have_value("")

    await field.press("/")
    await search.press_sequentially("parcel")
    options = dialog.get_by_role("option")
    await expect(options.nth(2)).to_contain_text("Parcel on its way")
    await search.press("ArrowDown")
    await search.press("ArrowDown")
    await search.press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(field).to_be_focused()
    await expect(field).to_have_value(re.compile(r"^Order \{order_number\} is with the carrier"))

    await field.press("Control+Enter")
    await expect(nora.thread.locator("#composer-hint")).to_have_text(
        "{order_number} is still to be filled in"
    )
    await nora.page.keyboard.type("10861")  # what is open was selected
    await expect(field).to_have_value(re.compile("^Order 10861 is with the carrier"))
    await field.press("Control+Enter")
    await nora.hears("Order 10861 is with the carrier")
    await field.fill("either")
    await field.press("/")
    await expect(field).to_have_value("either/")
