"""Going on with a chat on another channel, and bringing along what was written there, by hand."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from bot.live_model import Assistant
from tests.browser.people import Shopper, Staff
from tests.browser.stage import Stage
from tests.browser.test_accessibility import judge
from tests.desk.acme import ADDRESS, House, opened

AXE: dict[str, Any] = {"bypass_csp": True, "reduced_motion": "reduce"}
QUESTION = "what are your opening hours?"
ANSWER = "Monday to Friday 9 am to 6 pm"
GOES_ON = "We go on here"


@pytest.fixture
async def warmline(
    assistant: Assistant, tmp_path: Path, shop_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    """A server with the widget and one messaging channel; the stage is gone before it is."""
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    async with opened(assistant, tmp_path, monkeypatch) as house:
        yield house


async def guest(stage: Stage, house: House, **look: Any) -> Shopper:
    shopper = Shopper(await stage.window(**look))
    await shopper.visit(str(house.warmline.client.make_url("/")), customer="Guest")
    await shopper.open_chat()
    return shopper


async def ways(shopper: Shopper) -> Locator:
    await shopper.chat.get_by_role("button", name="Your other channels").click()
    return shopper.chat.get_by_role("dialog", name="Your other channels")


async def test_a_chat_goes_on_on_another_channel_and_an_agent_takes_it_apart(
    stage: Stage, warmline: House
) -> None:
    ava = await guest(stage, warmline, **AXE)
    stage.expect_complaints("409 (Conflict)")
    dialog = await ways(ava)
    await expect(dialog).to_contain_text("Write a first message here")
    await dialog.press("Escape")
    await expect(dialog).to_be_hidden()
    await ava.say(QUESTION)
    await ava.hears(ANSWER)

    dialog = await ways(ava)
    code = dialog.locator("code")
    await expect(code).to_have_text(re.compile(r"WL-\w{4}-\w{4}"))
    row = dialog.get_by_role("listitem")
    await expect(row).to_contain_text("Acme")
    await expect(row).to_contain_text("+15550001111")
    link = row.get_by_role("link", name="Open Acme")
    await expect(link).to_have_attribute("href", re.compile(await code.inner_text()))
    await judge("widget, other channels", ava.page)
    await warmline.write(await code.inner_text())
    await warmline.hear(GOES_ON)
    await dialog.get_by_role("button", name="Back to the chat").press("Enter")
    events = ava.chat.locator(".event")
    await expect(events.filter(has_text="one-time code")).to_have_text(
        "You sent a one-time code. (Acme)"
    )
    await expect(events.filter(has_text=GOES_ON)).to_have_count(1)

    nora = Staff(await stage.window(**AXE), "agent@demo.test")
    await nora.sign_in(str(warmline.warmline.client.make_url("/desk")))
    await nora.page.get_by_role("button", name="All open").click()
    await nora.rows.click()
    panel = nora.page.locator("customer-panel")
    await expect(panel.locator(".joins")).to_contain_text("one-time code from web")
    await judge("desk, joined", nora.page)
    await panel.get_by_role("button", name="Undo: Acme").press("Enter")
    asked = nora.page.get_by_role("dialog", name="Are these two people?")
    await asked.get_by_role("button", name="Undo").press("Enter")
    await expect(nora.page.locator("status-line")).to_have_text("They are two customers again.")
    await expect(panel.locator(".joins")).to_contain_text("by Nora Agent")


async def test_who_has_written_before_proves_it_by_a_code(stage: Stage, warmline: House) -> None:
    await warmline.write(QUESTION)
    await warmline.hear(ANSWER)
    ava = await guest(stage, warmline)
    await ava.say(QUESTION)
    await ava.hears(ANSWER)
    dialog = await ways(ava)
    await dialog.get_by_label("Where you wrote").select_option(label="Acme")
    await dialog.get_by_label("Your number or name there").fill("+1 555 123-0000")
    await dialog.get_by_role("button", name="Send me a code").press("Enter")
    field = dialog.get_by_label("The code you got")
    await expect(field).to_be_focused()
    sent = await warmline.hear("is your code for our chat", ADDRESS)

    stage.expect_complaints("422 (Unprocessable Entity)")
    await field.fill("000 000")
    await field.press("Enter")
    await expect(dialog).to_contain_text("That code is wrong or too old.")
    await field.fill(sent.split()[0])
    await field.press("Enter")
    await expect(dialog).to_be_hidden()
    note = ava.chat.get_by_text("What you wrote before belongs to this chat now.")
    await expect(note).to_be_visible()
    await ava.say("hello")
    await expect(note).to_be_hidden()
