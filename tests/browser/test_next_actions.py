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


async def test_what_was_filled_in_is_read_back_and_the_focus_outlives_a_reload(
    stage: Stage, warmline: Warmline
) -> None:
    base = str(warmline.client.make_url("/"))
    ava = Shopper(await stage.window())
    await ava.visit(base, customer="Ava")
    await ava.open_chat()
    await ava.say("I want to talk to a person")
    await expect(ava.owner).to_contain_text("queue")
    nora = Staff(await stage.window(), "agent@demo.test")
    await nora.sign_in(f"{base}desk")
    await nora.claim("Ava Thompson")
    offered = nora.page.locator("next-actions")
    await offered.get_by_role("button", name="Change the address of order 10640").press("Enter")
    dialog = nora.page.get_by_role("dialog", name="Change the address of order 10640?")
    for field, value in (("House", "1 New Road"), ("Town", "Leeds"), ("Postcode", "LS1 4AP")):
        await dialog.get_by_label(field).fill(value)
    stage.expect_complaints("409")  # once: what was typed is read back first
    confirm = dialog.get_by_role("button", name="Do it now")
    await confirm.press("Enter")
    await expect(dialog.get_by_role("alert")).to_contain_text("Please confirm")
    await expect(dialog.locator("blockquote")).to_contain_text("1 New Road, Leeds LS1 4AP")
    await expect(confirm).to_be_focused()
    await confirm.press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(nora.thread.locator("#composer-field")).to_have_value(re.compile("1 New Road"))

    cancel = offered.get_by_role("button", name="Cancel order 10640")
    await expect(cancel).to_be_visible()
    invoice = offered.get_by_role("button", name="Send the invoice of order 10398")
    await invoice.focus()
    agent = await warmline.staff()
    (mine,) = (await agent.get("/conversations"))["items"]
    at = f"/conversations/{mine['id']}/actions"
    items = (await agent.get(at))["items"]
    (version,) = (one["version"] for one in items if one["name"] == "cancel_order.10640")
    doing = {"id": "elsewhere", "version": version}
    assert (await agent.post(f"{at}/cancel_order.10640", doing))["made"]
    await expect(cancel).to_have_count(0)
    await expect(invoice).to_be_focused()
