"""Keeping an inbox: what is put off, found again, pointed out to a colleague and tagged."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.client import Visitor, Warmline


async def claimed(warmline: Warmline, stage: Stage) -> tuple[Staff, Visitor, str]:
    """An agent at the desk with a conversation of theirs open, its customer, and its id."""
    visitor = await warmline.visitor()
    await visitor.answer("where is my order?")
    await visitor.answer("I want to talk to a person")
    agent = await warmline.staff()
    (waiting,) = await warmline.waiting(agent)
    conversation_id = waiting["conversation_id"]
    await agent.post(f"/conversations/{conversation_id}/claim")
    nora = Staff(await stage.window(), "agent@demo.test")
    await nora.sign_in(str(warmline.client.make_url("/desk")))
    await view(nora.page, "Mine").click()
    await nora.rows.click()
    await expect(nora.thread.locator(".badge.owner")).to_have_text("You")
    return nora, visitor, conversation_id


def view(page: Page, name: str) -> Locator:
    return page.locator("view-list").get_by_role("button", name=name)


async def test_a_snoozed_conversation_leaves_the_list_until_the_customer_writes(
    stage: Stage, warmline: Warmline
) -> None:
    nora, visitor, conversation_id = await claimed(warmline, stage)
    await nora.page.keyboard.press("Alt+m")
    dialog = nora.page.get_by_role("dialog", name="Snooze")
    field = dialog.get_by_role("combobox")
    await expect(field).to_be_focused()
    await expect(dialog.get_by_role("option", name="In an hour")).to_have_attribute(
        "aria-selected", "true"
    )
    await field.fill("writes")
    await expect(dialog.get_by_role("option")).to_have_count(1)
    await field.press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(nora.rows).to_have_count(0)
    await view(nora.page, "Snoozed").click()
    await expect(nora.rows.locator(".badge.snoozed")).to_have_text("Until they write")

    await visitor.say("I found it!")
    await expect(nora.rows).to_have_count(0)
    await view(nora.page, "Mine").click()
    await expect(nora.rows).to_have_count(1)
    back = nora.thread.locator("thread-log").get_by_text("Back from snooze: the customer wrote.")
    await expect(back).to_have_count(1)
    agent = await warmline.staff()
    assert (await agent.get(f"/conversations/{conversation_id}"))["snoozed"] is None
