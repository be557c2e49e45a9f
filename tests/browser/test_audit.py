"""Why the bot did what it did, at the desk; and who changed what, on the console."""

from __future__ import annotations

import asyncio
import json
import re

from playwright.async_api import expect

from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.client import Warmline

PHONE = {"width": 390, "height": 844}


async def test_an_agent_asks_why_by_key_and_by_button(stage: Stage, warmline: Warmline) -> None:
    visitor = await warmline.visitor()
    await visitor.answer("where is my order 10432?")
    await visitor.answer("I want to talk to a person")
    nora = Staff(await stage.window(viewport=PHONE), "agent@demo.test")
    await nora.sign_in(str(warmline.client.make_url("/desk")))
    await nora.claim("Guest")

    await nora.page.keyboard.press("Alt+w")
    dialog = nora.page.get_by_role("dialog")
    await expect(dialog.get_by_role("heading")).to_have_text("The bot called a person.")
    await expect(dialog).to_contain_text("“I want to talk to a person”")
    await expect(dialog).to_contain_text("trigger customer_asked")
    await nora.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)

    bubble = nora.thread.locator(".from-bot .bubble").first
    await bubble.get_by_role("button", name="Why?").click()
    await expect(dialog.get_by_role("heading")).to_contain_text("The bot asked for the postcode")
    await expect(dialog).to_contain_text(re.compile(r"Understood as “track order”, .* sure"))
    await expect(dialog).to_contain_text("at most 5% of the answers may be wrong")
    async with nora.page.expect_download() as downloading:
        await dialog.get_by_role("link", name="JSON").click()
    path = await (await downloading.value).path()
    file = json.loads(await asyncio.to_thread(path.read_text, encoding="utf-8"))
    assert [one["decided"] for one in file["items"]][:2] == ["asked_detail", "handed_off"]


async def test_a_lead_sees_a_change_come_and_narrows_the_log(
    stage: Stage, warmline: Warmline
) -> None:
    visitor, agent = await warmline.visitor(), await warmline.staff()
    await visitor.answer("I want to talk to a person")
    liam = Staff(await stage.window(), "lead@demo.test")
    await liam.sign_in(str(warmline.client.make_url("/console/audit")))
    lines = liam.page.get_by_role("list", name="Changes, newest first").get_by_role("listitem")
    await expect(lines.first).to_contain_text("Session started")  # their own
    await expect(lines.filter(has_text="Hand-off requested")).to_contain_text("Warmline")

    (handoff,) = (await agent.get("/handoffs"))["items"]
    await agent.post(f"/conversations/{handoff['conversation_id']}/claim")
    await expect(lines.first).to_contain_text("Nora Agent")
    await expect(lines.first).to_contain_text("Conversation claimed")

    await liam.page.get_by_label("Who").select_option("Warmline")
    await expect(lines.first).to_contain_text("Hand-off requested")
    await expect(liam.page).to_have_url(re.compile(r"/console/audit\?by=bot$"))
    await liam.page.reload()
    await expect(lines.filter(has_text="Nora Agent")).to_have_count(0)
    await lines.first.get_by_role("link", name="Turn").click()
    await expect(liam.page).to_have_url(re.compile(r"/console/turns\?turn="))
