"""An agent who looks elsewhere is called by one of their windows, and only if they want it."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.client import Warmline, eventually

# What the browser shows is no part of any page: its titles are written down on the way there.
LISTEN = """
const Shown = Notification;
globalThis.shown = [];
globalThis.Notification = class extends Shown {
  constructor(title, options) {
    super(title, options);
    globalThis.shown.push([title, options.body]);
  }
};
"""


async def test_one_window_calls_for_what_none_of_them_shows(
    stage: Stage, warmline: Warmline
) -> None:
    ben = await warmline.visitor()
    await ben.answer("I want to talk to a person")
    agent, lead = await warmline.staff(), await warmline.staff("lead@demo.test")
    (waits,) = await warmline.waiting(agent)
    at = f"/conversations/{waits['conversation_id']}"
    await agent.post(f"{at}/claim")
    first = await stage.window(permissions=["notifications"])
    await first.context.add_init_script(LISTEN)
    nora = Staff(first, "agent@demo.test")
    await nora.sign_in(str(warmline.client.make_url(f"/desk#c/{waits['conversation_id']}")))
    await first.keyboard.press("Alt+s")
    dialog = first.get_by_role("dialog", name="Notifications and sound")
    switch = dialog.get_by_role("switch", name="Notifications")
    await expect(switch).not_to_be_checked()
    await switch.check()
    await first.keyboard.press("Escape")
    second = await first.context.new_page()
    await second.goto(first.url)
    await expect(second.locator(".bar-connection")).to_have_text("Live")
    await expect(second.locator(".badge.owner")).to_have_text("You")

    await ben.say("This is seen")
    for page in (first, second):
        await expect(page.locator("thread-log").get_by_text("This is seen")).to_be_visible()
    await (await warmline.visitor()).answer("I want to talk to a person")
    expected = [["Guest waits: Asked for a person", ""]]
    assert await called(first, second, 1) == expected
    other = next(
        one["conversation_id"]
        for one in await warmline.waiting(lead)
        if one["conversation_id"] != waits["conversation_id"]
    )
    await lead.post(f"/conversations/{other}/notes", {"text": "@Nora Agent, yours?"}, status=201)
    assert await called(first, second, 2) == [*expected, ["Liam Lead mentions you", ""]]


async def called(first: Page, second: Page, count: int) -> list[list[str]]:
    """What both windows showed, once it is this much."""

    async def shown() -> list[list[str]] | None:
        titles: list[list[str]] = [
            *await first.evaluate("globalThis.shown"),
            *await second.evaluate("globalThis.shown"),
        ]
        return titles if len(titles) >= count else None

    return await eventually(shown)
