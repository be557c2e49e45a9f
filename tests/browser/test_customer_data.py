"""An admin finds a customer, takes what is held along, and erases it."""

from __future__ import annotations

import asyncio
from zipfile import ZipFile

import pytest
from playwright.async_api import expect

from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.client import Warmline


async def test_an_admin_exports_a_customer_and_erases_them(
    stage: Stage, warmline: Warmline, caplog: pytest.LogCaptureFixture
) -> None:
    await warmline.texts("sam", "where is my order 10432?")
    ada = Staff(await stage.window(), "admin@demo.test")
    await ada.sign_in(str(warmline.client.make_url("/console/customers")))
    page = ada.page
    await page.get_by_label("Whose data?").fill("rest:sam")
    await page.keyboard.press("Enter")
    found = page.get_by_role("list", name="Found").get_by_role("listitem")
    await expect(found).to_have_count(1)
    await expect(found).to_contain_text("1 conversation")

    async with page.expect_download() as downloading:
        await found.get_by_role("button", name="Export").click()
    path = await (await downloading.value).path()
    assert "index.html" in await asyncio.to_thread(lambda: ZipFile(path).namelist())

    await found.get_by_role("button", name="Erase…").click()
    dialog = page.get_by_role("dialog")
    sure = dialog.get_by_label("type")
    await expect(sure).to_be_focused()
    wanted = await dialog.locator(".erase-wanted").inner_text()
    await sure.fill("somebody else")
    await sure.press("Enter")
    await expect(dialog).to_be_visible()
    await sure.fill(wanted)
    await sure.press("Enter")
    await expect(dialog).to_have_count(0)

    await expect(page.locator("customer-search")).to_contain_text("Nobody is known by that.")
    receipts = page.locator("receipt-list .receipt")
    await expect(receipts).to_have_count(1)
    await receipts.locator("summary").click()
    await expect(receipts.get_by_role("row", name="Conversations 1", exact=True)).to_be_visible()
    # The live connections heard that the conversation ended, before it was gone.
    assert "socket_failed" not in caplog.text
