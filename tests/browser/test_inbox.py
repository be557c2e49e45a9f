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


async def test_what_was_said_is_found_marked_and_opened_where_it_was_said(
    stage: Stage, warmline: Warmline
) -> None:
    nora, _, conversation_id = await claimed(warmline, stage)
    await nora.note("Promised a <b>voucher</b> for the zebra cushion")
    other = await warmline.visitor()
    await other.answer("where is my order?")
    await nora.page.keyboard.press("Escape")
    await expect(nora.thread.get_by_text("Choose a conversation")).to_be_visible()

    await nora.page.keyboard.press("/")
    field = nora.page.get_by_label("Search the conversations")
    await expect(field).to_be_focused()
    await field.fill('"zebra" vouch*')
    snippet = nora.rows.locator(".row-snippet.found")
    await expect(snippet).to_have_text("Note: Promised a <b>voucher</b> for the zebra cushion")
    assert await snippet.locator("mark").all_text_contents() == ["voucher", "zebra"]
    await expect(nora.page.locator("conversation-list h2")).to_have_text("Found")
    await field.press("ArrowDown")
    await expect(nora.rows).to_be_focused()
    await nora.page.keyboard.press("Enter")
    said = nora.thread.locator("[data-id]").filter(has_text="zebra")
    await expect(said).to_be_focused()

    await field.fill("no such words")
    await expect(nora.page.get_by_text("No conversation has these words.")).to_be_visible()
    await field.press("Escape")
    await expect(field).to_have_value("")
    await expect(nora.page.locator("conversation-list h2")).to_have_text("Mine")
    await expect(nora.rows).to_have_count(1)

    agent = await warmline.staff()
    found = await agent.get("/conversations?search=zebra&state=agent")
    (item,) = found["items"]
    assert item["id"] == conversation_id
    assert item["found"]["private"]
    assert {"text": "zebra", "hit": True} in item["found"]["parts"]
    assert (await agent.get("/conversations?search=zebra&state=bot"))["items"] == []
    assert (await agent.get("/conversations?search=*"))["items"] == []
    await agent.get("/conversations?search=" + "x" * 201, status=422)


async def test_a_colleague_is_mentioned_in_a_note_and_told_until_they_look(
    stage: Stage, warmline: Warmline
) -> None:
    lead = Staff(await stage.window(), "lead@demo.test")
    await lead.sign_in(str(warmline.client.make_url("/desk")))
    mentions = view(lead.page, "Mentions")
    await expect(mentions.locator(".view-count")).to_have_text("0")
    name = (await warmline.staff("lead@demo.test")).user["name"]

    nora, _, _ = await claimed(warmline, stage)
    await nora.page.keyboard.press("Alt+p")
    field = nora.thread.locator("#composer-field")
    await expect(field).to_be_focused()
    await nora.page.keyboard.type("Please look, @")
    dialog = nora.page.get_by_role("dialog", name="Mention a colleague")
    await expect(dialog.get_by_role("option", name=name)).to_have_count(1)
    await dialog.get_by_role("combobox").fill(name)
    await nora.page.keyboard.press("Enter")
    await expect(field).to_have_value(f"Please look, @{name} ")
    await expect(field).to_be_focused()
    await nora.page.keyboard.press("Control+Enter")
    await nora.hears(f"Please look, @{name}")

    await expect(mentions.locator(".view-count")).to_have_text("1")
    await mentions.click()
    await expect(lead.rows.locator(".badge.mentioned")).to_have_text("@ You")
    await lead.page.reload()
    await expect(lead.rows).to_have_count(1)
    await lead.rows.click()
    await lead.hears(f"Please look, @{name}")
    await expect(lead.rows).to_have_count(0)
    await lead.page.reload()
    await lead.hears(f"Please look, @{name}")
    await expect(mentions.locator(".view-count")).to_have_text("0")


async def test_a_tag_is_put_on_found_by_and_taken_off_by_keyboard_and_seen_by_colleagues(
    stage: Stage, warmline: Warmline
) -> None:
    stage.expect_complaints("422")  # what the server refuses, a browser notes
    lead = Staff(await stage.window(), "lead@demo.test")
    await lead.sign_in(str(warmline.client.make_url("/desk")))
    nora, _, conversation_id = await claimed(warmline, stage)
    await view(lead.page, "All open").click()
    agent = await warmline.staff()
    for name in ("late", "press"):
        await agent.call("PUT", f"/conversations/{conversation_id}/tags/{name}", None)

    panel = nora.page.locator("conversation-tags")
    names = panel.locator(".tag-name")
    await expect(names).to_have_text(["late", "press"])
    await nora.page.keyboard.press("Alt+t")
    field = panel.get_by_label("Add a tag")
    await expect(field).to_be_focused()
    await nora.page.keyboard.press("Backspace")
    await nora.page.keyboard.type("Big <b>Order")
    await nora.page.keyboard.press("Enter")
    await expect(names).to_have_text(["big <b>order", "late", "press"])
    await expect(field).to_have_value("")
    tags = lead.rows.locator(".row-tags > span:not(.visually-hidden)")
    await expect(tags).to_have_text(["big <b>order", "late", "+1"])
    await field.fill('say "no"')
    await field.press("Enter")
    await expect(panel.get_by_text("must have no quotation marks")).to_be_visible()
    await expect(field).to_have_value('say "no"')

    await names.first.click()
    search = nora.page.get_by_label("Search the conversations")
    await expect(search).to_have_value('tag:"big <b>order"')
    await expect(nora.page.locator("conversation-list h2")).to_have_text("Found")
    await expect(nora.rows).to_have_count(1)
    await search.fill("tag:nothing")
    await expect(nora.page.get_by_text("Nothing is tagged “nothing”.")).to_be_visible()

    await panel.get_by_role("button", name="Remove tag late").focus()
    await nora.page.keyboard.press("Enter")
    await expect(names).to_have_text(["big <b>order", "press"])
    await expect(panel.get_by_role("button", name="Remove tag press")).to_be_focused()
    await expect(tags).to_have_text(["big <b>order", "press"])
