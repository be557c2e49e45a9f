"""An agent sends a file, takes another out again, and the customer opens the one."""

from __future__ import annotations

import asyncio

from playwright.async_api import FilePayload, expect

from tests.browser.people import Shopper, Staff
from tests.browser.stage import Stage
from tests.client import Warmline

LABEL = FilePayload(
    name="label <img src=x onerror=alert(1)>.txt", mimeType="text/plain", buffer=b"Hi"
)
PAGE = FilePayload(name="page.html", mimeType="text/html", buffer=b"<script>")


async def test_a_file_goes_from_the_desk_to_the_widget(stage: Stage, warmline: Warmline) -> None:
    ben = Shopper(await stage.window())
    nora = Staff(await stage.window(), "agent@demo.test")
    await asyncio.gather(
        nora.sign_in(str(warmline.client.make_url("/desk"))),
        ben.visit(str(warmline.client.make_url("/")), customer="Ben Okafor"),
    )
    await ben.open_chat()
    await ben.ask_for_person.click()
    await nora.claim("Ben Okafor")
    stage.expect_complaints("status of 422")
    chooser = nora.thread.locator("input[type=file]")
    files = nora.thread.get_by_role("list", name="Files")
    send = nora.thread.get_by_role("button", name="Send reply")
    await chooser.set_input_files([LABEL, PAGE])
    await expect(files.get_by_role("alert")).to_contain_text("“page.html” cannot be sent.")
    await expect(send).to_be_disabled()
    await files.get_by_role("button", name="Remove page.html").click()
    await expect(files.get_by_role("listitem")).to_have_count(1)
    await expect(send).to_be_enabled()
    await nora.page.reload()
    await expect(files).to_contain_text(LABEL["name"])
    await nora.reply("Here it is")
    await expect(files).to_be_hidden()

    sent = nora.line("Here it is").get_by_role("list", name="Attachments")
    await expect(sent).to_contain_text(f"File: {LABEL['name']} 2 bytes")
    link = ben.line("Here it is").get_by_role("link")
    await expect(link).to_have_text(f"{LABEL['name']} (2 bytes)")
    async with ben.page.expect_download() as download:
        await link.evaluate("it => { it.target = '_self'; it.click(); }")
    path = await (await download.value).path()
    assert path.read_bytes() == b"Hi"
