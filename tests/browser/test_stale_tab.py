"""An agent in a hurry, or with a window from before: nothing twice, and nothing lost."""

from __future__ import annotations

from playwright.async_api import expect

from bot import demo
from bot.accounts import revoke_user
from bot.app import SERVICES
from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.client import API, Warmline

REFUSED = ("the server responded with a status of 401", "status of 403", "WebSocket")


async def claimed(warmline: Warmline) -> str:
    await (await warmline.visitor()).answer("I want to talk to a person")
    agent = await warmline.staff()
    (waits,) = await warmline.waiting(agent)
    await agent.post(f"/conversations/{waits['conversation_id']}/claim")
    return str(warmline.client.make_url(f"/desk#c/{waits['conversation_id']}"))


async def test_a_double_click_acts_once(stage: Stage, warmline: Warmline) -> None:
    await (await warmline.visitor()).answer("I want to talk to a person")
    nora = Staff(await stage.window(), "agent@demo.test")
    await nora.sign_in(str(warmline.client.make_url("/desk")))
    await nora.rows.click()
    await nora.thread.get_by_role("button", name="Claim").dblclick()
    await expect(nora.thread.locator(".badge.owner")).to_have_text("You")
    await nora.thread.locator("#composer-field").fill("Hello once")
    await nora.thread.get_by_role("button", name="Send reply").dblclick()
    await nora.hears("Hello once")
    await nora.thread.get_by_role("button", name="Resolve").dblclick()
    dialog = nora.page.get_by_role("dialog", name="Resolve")
    await expect(dialog).to_have_count(1)
    await dialog.get_by_role("button", name="Resolve").dblclick()
    await expect(dialog).to_have_count(0)
    await expect(nora.thread.locator(".notice")).to_be_hidden()
    lead = await warmline.staff("lead@demo.test")
    (one,) = (await lead.get("/conversations"))["items"]
    lines = (await lead.get(f"/conversations/{one['id']}"))["messages"]
    said = [line["text"] for line in lines]
    for words in ("Hello once", "Nora Agent joined"):
        assert sum(words in text for text in said) == 1, said


async def test_a_window_of_an_earlier_sign_in_says_so_and_keeps_the_draft(
    stage: Stage, warmline: Warmline
) -> None:
    address = await claimed(warmline)
    nora = Staff(await stage.window(), "agent@demo.test")
    await nora.sign_in(address)
    stage.expect_complaints(*REFUSED)
    body = {"email": "agent@demo.test", "password": demo.PASSWORD}
    url = str(warmline.client.make_url(f"{API}/login"))
    assert (await nora.page.context.request.post(url, data=body)).ok  # in another tab
    field = nora.thread.locator("#composer-field")
    await field.fill("Hello from an old tab")
    await field.press("Control+Enter")
    banner = nora.page.locator(".banner")
    await expect(banner).to_contain_text("signed in anew in another window")
    await expect(nora.line("Hello from an old tab")).to_contain_text("Not sent.")
    await field.fill("Another thought")
    await banner.get_by_role("button", name="Load this page anew").click()
    await expect(nora.page.locator(".bar-connection")).to_have_text("Live")
    await expect(field).to_have_value("Another thought")
    await nora.line("Hello from an old tab").get_by_role("button", name="Try again").click()
    await expect(nora.thread.locator(".bubble.failed")).to_have_count(0)
    await nora.hears("Hello from an old tab")


async def test_whose_account_is_revoked_in_a_chat_is_told_and_loses_no_word(
    stage: Stage, warmline: Warmline
) -> None:
    nora = Staff(await stage.window(), "agent@demo.test")
    await nora.sign_in(await claimed(warmline))
    field = nora.thread.locator("#composer-field")
    await field.fill("Half a sentence")
    stage.expect_complaints(*REFUSED)
    await revoke_user(warmline.app[SERVICES].database, "agent@demo.test")
    await field.press("Control+Enter")
    banner = nora.page.locator(".banner")
    await expect(banner).to_contain_text("You are signed out")
    await expect(nora.line("Half a sentence")).to_contain_text("Not sent.")
    await banner.get_by_role("button", name="Sign in again").click()
    await expect(nora.page.get_by_label("Password")).to_be_visible()
