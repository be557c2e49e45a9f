"""The command palette: by keyboard to whatever is possible, and to nothing else."""

from __future__ import annotations

import re

from playwright.async_api import expect

from bot import demo
from bot.services import Services
from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.client import Warmline
from tests.conftest import ROOT


async def test_it_offers_what_is_possible_and_does_it(
    stage: Stage, warmline: Warmline, services: Services
) -> None:
    await demo.add_canned_replies(services.database, ROOT / demo.CANNED_REPLIES)
    await (await warmline.visitor()).answer("I want to talk to a person")
    agent = await warmline.staff()
    await warmline.waiting(agent)
    nora = Staff(await stage.window(), "agent@demo.test")
    await nora.sign_in(str(warmline.client.make_url("/desk")))
    await expect(nora.rows).to_have_count(1)
    keys = nora.page.keyboard
    dialog = nora.page.get_by_role("dialog", name="Go to, or do")
    found = dialog.get_by_role("option")

    await keys.press("Control+k")
    await expect(dialog.get_by_role("combobox")).to_be_focused()
    await keys.type("resolve")
    await expect(found).to_have_count(1)  # the view alone: nothing is open
    await expect(found).to_contain_text("View")
    await keys.press("Control+a")
    await keys.type("gst")
    await expect(found.first).to_contain_text("Conversation")
    await keys.press("Enter")
    await expect(nora.thread.locator(".badge.owner")).to_have_text("Waiting")
    await keys.press("Control+k")
    await keys.type("claim")
    await keys.press("Enter")
    field = nora.thread.locator("#composer-field")
    await expect(field).to_be_focused()

    await keys.type("Hello")
    await keys.press("Control+k")
    await expect(dialog).to_have_count(1)
    await keys.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(field).to_be_focused()
    await keys.press("Control+k")
    await keys.type("greeting")
    await expect(found.first).to_contain_text("Canned reply")
    await keys.press("Enter")
    await expect(field).to_have_value(re.compile(r"Hello\n\n.*this is Nora Agent"))
