"""axe finds nothing serious on any page, wide and narrow, light and dark."""

from __future__ import annotations

import asyncio
from typing import Literal

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page, ViewportSize, expect

from bot.intake import receive
from bot.services import Services
from tests.browser.people import Shopper, Staff
from tests.browser.stage import Stage
from tests.browser.test_undelivered import give_up_both
from tests.client import Warmline
from tests.processes import message

SCHEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")
GRAVE = ("serious", "critical")
WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 390, "height": 844}


async def test_axe_finds_nothing_serious(
    stage: Stage, warmline: Warmline, services: Services
) -> None:
    # axe is put into the page by a script of the test's own, which the pages' policy forbids.
    # Colours are judged when they have settled, hence no motion.
    look = {"bypass_csp": True, "reduced_motion": "reduce"}
    shopper = Shopper(await stage.window(**look))
    nora = Staff(await stage.window(**look), "agent@demo.test")
    liam = Staff(await stage.window(**look), "lead@demo.test")
    base = str(warmline.client.make_url("/")).rstrip("/")

    await shopper.visit(f"{base}/", customer="Ben Okafor")
    await nora.page.goto(f"{base}/desk")
    await judge("shop", shopper.page)
    await shopper.page.emulate_media(color_scheme="dark")
    # A trial click fails when something covers the button, which axe does not notice.
    await shopper.page.get_by_role("button", name="Ask about your order").click(trial=True)
    await judge("login", nora.page)

    await asyncio.gather(nora.sign_in(f"{base}/desk"), shopper.open_chat())
    await judge("widget, empty", shopper.page)
    await shopper.say("where is my order")
    await shopper.hears("order 10861")
    await shopper.ask_for_person.click()
    await expect(nora.rows).to_have_count(1)
    await judge("desk, a conversation waits", nora.page)
    await nora.claim("Ben Okafor")
    await nora.note("Waits at home until five.")
    await nora.reply("Your driver is ten stops away.")
    await shopper.hears("Your driver is ten stops away.")
    await judge("widget, with an agent", shopper.page)
    await judge("desk, conversation open", nora.page)
    await nora.press("Return to the bot")
    await expect(nora.page.get_by_role("dialog")).to_be_visible()
    await judge("desk, returning", nora.page)

    await liam.sign_in(f"{base}/console/turns")
    turns = liam.page.locator("turn-table tbody tr")
    await expect(turns).not_to_have_count(0)
    await judge("console", liam.page)
    await turns.last.get_by_role("button").click()
    await expect(liam.page.locator("turn-panel .bubble.is-marked")).to_be_visible()
    await judge("console, turn open", liam.page)

    await give_up_both(services, await warmline.visitor())
    await liam.page.goto(f"{base}/console/undelivered")
    letters = liam.page.locator("letter-list li")
    await expect(letters).to_have_count(2)
    await expect(liam.page.locator("letter-count")).to_be_visible()
    await judge("undelivered", liam.page)
    await letters.first.get_by_role("button", name="Drop").click()
    await expect(liam.page.get_by_role("dialog")).to_be_visible()
    await judge("undelivered, dropping", liam.page)

    await liam.page.goto(f"{base}/console/team")
    await liam.page.locator(".member").first.get_by_role("button", name="Edit").click()
    await judge("team, what somebody serves", liam.page)
    await liam.page.goto(f"{base}/console/canned")
    await liam.page.get_by_role("button", name="New reply").click()
    await liam.page.get_by_role("dialog").get_by_label("Text").fill("Hello {customer_name}")
    await judge("canned replies, writing", liam.page)

    await liam.page.goto(f"{base}/console/webhooks")
    await liam.page.get_by_role("button", name="New webhook").click()
    form = liam.page.get_by_role("dialog")
    await form.get_by_label("Address").fill(f"{base}/nobody-takes-this")
    await judge("webhooks, subscribing", liam.page)
    await form.get_by_role("button", name="Create").click()
    await judge("webhooks, the secret", liam.page)
    await liam.page.get_by_role("button", name="I have kept it").click()
    await receive(services, message(address="somebody new"))
    await expect(liam.page.locator("delivery-log li")).not_to_have_count(0)
    await liam.page.locator("delivery-log summary").first.click()
    await judge("webhooks, the log", liam.page)


async def test_axe_finds_nothing_serious_where_people_and_data_are_kept(
    stage: Stage, warmline: Warmline
) -> None:
    ada = Staff(await stage.window(bypass_csp=True, reduced_motion="reduce"), "admin@demo.test")
    page = ada.page
    base = str(warmline.client.make_url("/")).rstrip("/")
    await page.goto(f"{base}/choose-password#nothing")
    await judge("choosing a password", page)

    visitor, nora = await warmline.visitor(), await warmline.staff()
    await visitor.answer("I want to talk to a person")
    (handoff,) = await warmline.waiting(nora)
    await nora.post(
        f"/conversations/{handoff['conversation_id']}/block", {"reason": "spam", "hours": 24}
    )
    await ada.sign_in(f"{base}/console/blocked")
    await expect(page.locator("block-list li")).to_have_count(1)
    await judge("blocked", page)

    await page.goto(f"{base}/console/access")
    await page.get_by_role("button", name="New token").click()
    await judge("access, making a token", page)
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("What it is for").fill("Nightly report")
    await dialog.get_by_role("button", name="Make it").click()
    await expect(page.locator(".access-secret")).to_be_visible()
    await judge("access, the token", page)
    await page.get_by_role("button", name="I have kept it").click()
    await judge("access", page)

    await page.goto(f"{base}/console/customers")
    await page.get_by_label("Whose data?").fill(handoff["customer"]["id"])
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Erase…").click()
    await judge("customers' data, erasing", page)
    await page.keyboard.press("Escape")
    await judge("customers' data", page)

    await page.goto(f"{base}/console/audit")
    await expect(page.get_by_role("list", name="Changes, newest first")).to_be_visible()
    await judge("audit", page)


async def judge(name: str, page: Page) -> None:
    """Fail with what axe names, where, and why, in every look of the page and its frames."""
    found: list[str] = []
    for size in (NARROW, WIDE):
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme="dark")
        found += await violations(f"{name}, dark, {size['width']} px", page)
        await page.emulate_media(color_scheme="light")
        found += await violations(f"{name}, light, {size['width']} px", page)
    assert not found, "\n".join(found)


async def violations(name: str, page: Page) -> list[str]:
    found = [
        violation
        for frame in page.frames
        for violation in (await Axe().run(frame)).response["violations"]
        if violation["impact"] in GRAVE
    ]
    return [
        f"{name}: {violation['id']} at {node['target']}: {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]
