"""An agent does what the customer needs from the panel beside the thread."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.people import Shopper, Staff
from tests.browser.stage import Stage
from tests.client import Warmline


@pytest.fixture
def warmline(warmline_with_own_shop: Warmline) -> Warmline:
    return warmline_with_own_shop


async def test_an_invoice_is_sent_by_keyboard_and_the_reply_is_drafted(
    stage: Stage, warmline: Warmline
) -> None:
    base = str(warmline.client.make_url("/"))
    ben = Shopper(await stage.window())
    await ben.visit(base, customer="Ben")
    await ben.open_chat()
    await ben.say("I want to talk to a person")
    await expect(ben.owner).to_contain_text("queue")
    nora = Staff(await stage.window(), "agent@demo.test")
    await nora.sign_in(f"{base}desk")
    await nora.claim("Ben Okafor")
    offered = nora.page.locator("next-actions")
    await offered.get_by_role("button", name="Send the invoice of order 10861").press("Enter")
    dialog = nora.page.get_by_role("dialog", name="Send the invoice of order 10861?")
    await expect(dialog).to_contain_text("It is made once, in your name.")
    await dialog.get_by_role("button", name="Do it now").press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(nora.thread.locator("#composer-field")).to_have_value(re.compile("invoice"))
    await expect(nora.thread).to_contain_text("Nora Agent approved “Send the invoice")
