"""An agent resolves by keyboard, and says what came of it."""

from __future__ import annotations

from playwright.async_api import Route, expect

from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.client import Warmline


async def test_one_key_opens_it_enter_accepts_and_the_next_follows(
    stage: Stage, warmline: Warmline
) -> None:
    lead = await warmline.staff("lead@demo.test")
    for _ in range(2):
        visitor = await warmline.visitor()
        await visitor.answer("where is my order?")
        await visitor.answer("I want to talk to a person")
    nora = Staff(await stage.window(), "agent@demo.test")
    await nora.sign_in(str(warmline.client.make_url("/desk")))
    agent = await warmline.staff()
    ids = [one["conversation_id"] for one in await warmline.waiting(agent, 2)]
    for conversation_id in ids:
        await agent.post(f"/conversations/{conversation_id}/claim")
    await nora.page.locator("view-list").get_by_role("button", name="Mine").click()
    await expect(nora.rows).to_have_count(2)
    await nora.rows.first.click()
    await expect(nora.thread.locator(".badge.owner")).to_have_text("You")

    keys = nora.page.keyboard
    await keys.press("Alt+e")
    dialog = nora.page.get_by_role("dialog", name="Resolve")
    await expect(dialog.get_by_role("radio", name="Solved", exact=True)).to_be_focused()
    about = dialog.get_by_role("combobox", name="What was it about?")
    await expect(about).to_have_value("Track order")
    await keys.press("Escape")
    await expect(dialog).to_have_count(0)

    await keys.press("Control+Alt+e")
    await keys.press("ArrowDown")
    await about.fill("nothing of ours")
    await about.press("Enter")
    await expect(dialog.get_by_role("alert")).to_contain_text("There is no intent")
    await about.fill("track refund")
    await about.press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(nora.rows).to_have_count(1)
    await expect(nora.rows).to_have_attribute("aria-current", "true")
    await keys.press("Alt+e")
    await expect(dialog.get_by_role("radio", name="Solved", exact=True)).to_be_focused()
    await keys.press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(nora.rows).to_have_count(0)
    panel = nora.page.locator("customer-panel")
    await expect(panel).to_contain_text("Solved · Track order")

    details = [await lead.get(f"/conversations/{each}") for each in ids]
    said = {(one["wrap_up"]["outcome"], one["wrap_up"]["intent"]) for one in details}
    assert said == {("not_solved", "track_refund"), ("solved", "track_order")}


async def test_a_key_pressed_while_the_conversation_loads_waits_for_it(
    stage: Stage, warmline: Warmline
) -> None:
    agent = await warmline.staff()
    for _ in range(2):
        await (await warmline.visitor()).answer("I want to talk to a person")
    ids = [one["conversation_id"] for one in await warmline.waiting(agent, 2)]
    for conversation_id in ids:
        await agent.post(f"/conversations/{conversation_id}/claim")
    nora = Staff(await stage.window(), "agent@demo.test")
    await nora.sign_in(str(warmline.client.make_url("/desk")))
    await nora.page.locator("view-list").get_by_role("button", name="Mine").click()
    held: list[Route] = []

    async def hold(route: Route) -> None:
        held.append(route)

    await nora.page.route(f"**/api/v1/conversations/{ids[0]}", hold)
    loading = nora.thread.get_by_text("Loading the conversation…")
    dialog = nora.page.get_by_role("dialog", name="Resolve")
    await nora.page.locator(f"conversation-list a[href*='{ids[0]}']").click()
    await expect(loading).to_be_visible()
    await nora.page.keyboard.press("Alt+e")
    # Whoever goes elsewhere meanwhile resolves nothing there.
    await nora.page.locator(f"conversation-list a[href*='{ids[1]}']").click()
    await expect(nora.thread.locator(".badge.owner")).to_have_text("You")
    await expect(dialog).to_have_count(0)

    await nora.page.locator(f"conversation-list a[href*='{ids[0]}']").click()
    await expect(loading).to_be_visible()
    await nora.page.keyboard.press("Alt+e")
    await expect(dialog).to_have_count(0)
    await held[-1].continue_()
    await expect(dialog).to_have_count(1)
