"""The demo's mailbox in a real browser: whose it is, and that a mail is there without reloading."""

from __future__ import annotations

import uuid

from playwright.async_api import Page, expect

from actions.context import shop
from actions.context.changes import Change, ChangeName
from tests.browser.people import Shopper
from tests.browser.stage import Stage
from tests.browser.test_accessibility import judge
from tests.client import Warmline


async def mailed(name: ChangeName, **arguments: str) -> None:
    """The shop mails something."""
    done = await shop().apply(uuid.uuid4().hex, Change(name, arguments))
    assert done.refused is None


async def mailbox_of(shopper: Shopper, customer: str) -> Page:
    """The mailbox, opened from the shop's page."""
    link = shopper.page.get_by_role("link", name=f"Mailbox of {customer}")
    async with shopper.page.expect_popup() as opened:
        await link.click()
    return await opened.value


async def test_mails_are_there_as_soon_as_the_shop_sends_them(
    stage: Stage, warmline: Warmline
) -> None:
    base = str(warmline.client.make_url("/")).rstrip("/")
    shopper = Shopper(await stage.window(bypass_csp=True, reduced_motion="reduce"))
    await shopper.visit(f"{base}/", customer="Hana Sato")
    mailbox = await mailbox_of(shopper, "Hana Sato")
    await expect(mailbox.get_by_role("heading", level=1)).to_have_text("Mailbox of Hana Sato")
    await expect(mailbox.get_by_role("status")).to_contain_text("No mail yet")

    email = "hana.1071@customer.test"
    await mailed("mail_code", email=email, code="402913")
    mails = mailbox.get_by_role("article")
    await expect(mails).to_have_count(1)
    await expect(mails).to_contain_text("Your code is 402913")
    await expect(mailbox.get_by_role("status")).to_contain_text("1 mail")

    await mailed("mail_invoice", order="10530")
    await expect(mails).to_have_count(2)
    newest = mailbox.get_by_role("article", name="Invoice INV-10530")
    await expect(mails.first).to_have_accessible_name("Invoice INV-10530")
    href = await newest.get_by_role("link", name="INV-10530.pdf").get_attribute("href")
    assert href is not None
    async with warmline.client.get(href) as answer:
        assert (await answer.read()).startswith(b"%PDF-")
    await judge("mailbox", mailbox)


async def test_each_customer_has_a_mailbox_and_a_guest_has_none(
    stage: Stage, warmline: Warmline
) -> None:
    base = str(warmline.client.make_url("/")).rstrip("/")
    shopper = Shopper(await stage.window())
    await mailed("mail_code", email="hana.1071@customer.test", code="402913")
    await shopper.visit(f"{base}/", customer="Lena Parry")
    lenas = await mailbox_of(shopper, "Lena Parry")
    await expect(lenas.get_by_role("status")).to_contain_text("No mail yet")
    await shopper.page.get_by_label("You are").select_option(label="Guest: not signed in")
    await expect(shopper.page.get_by_role("link", name="Mailbox")).to_have_count(0)
