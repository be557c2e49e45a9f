"""What was given up on, in a real browser: it makes a lead look, and a lead decides."""

from __future__ import annotations

from playwright.async_api import Page, expect

from bot.events import Event
from bot.services import Services
from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.client import Visitor, Warmline
from tests.dead_letters import give_up_delivery, give_up_turn

LEAD = "lead@demo.test"


async def give_up_both(services: Services, visitor: Visitor) -> str:
    """The bot has failed at a visitor's message, and a reply of it may not have arrived: the
    conversation's id."""
    await visitor.answer("when are you open?")
    await visitor.answer("what is your refund policy?")
    state = await visitor.look()
    opening, _, _, refund = state["messages"]
    await give_up_turn(services, opening["turn_id"])
    await give_up_delivery(services, refund["id"], state="unknown", attempts=1)
    return str(state["conversation"]["id"])


async def open_undelivered(page: Page) -> None:
    await page.get_by_role("link", name="Undelivered").click()
    await expect(page.locator(".bar-connection")).to_have_text("Live")


async def test_a_lead_is_called_and_resends_one_and_drops_the_other(
    stage: Stage, warmline: Warmline, services: Services
) -> None:
    visitor = await warmline.visitor()
    liam = Staff(await stage.window(), LEAD)
    await liam.sign_in(str(warmline.client.make_url("/console")))
    badge = liam.page.locator(".tabs letter-count")
    await expect(badge).to_be_hidden()
    conversation_id = await give_up_both(services, visitor)
    await services.bus.publish(Event("dead_letter", conversation_id))
    await expect(badge).to_have_text("2, 2 given up on")

    await open_undelivered(liam.page)
    letters = liam.page.locator("letter-list li")
    status = liam.page.locator("status-line")
    reply, question = letters.nth(0), letters.nth(1)
    await expect(question).to_contain_text("when are you open?")
    await expect(question).to_contain_text("The bot tried 5 times and failed.")
    await expect(reply).to_contain_text("Nobody knows whether it arrived.")

    await reply.get_by_role("button", name="Resend").press("Enter")
    dialog = liam.page.get_by_role("dialog", name="It may arrive twice")
    await expect(dialog).to_contain_text("the customer gets it a second time")
    await dialog.press("Escape")
    await expect(letters).to_have_count(2)

    await question.get_by_role("button", name="Resend").press("Enter")
    await expect(letters).to_have_count(1)
    await expect(status).to_have_text("The bot reads it again.")
    await expect(badge).to_have_text("1, 1 given up on")
    resend, drop = (
        reply.get_by_role("button", name="Resend"),
        reply.get_by_role("button", name="Drop"),
    )
    await expect(resend).to_be_focused()
    await visitor.until(lambda state: _bot_lines(state, "Our shop") == 2)

    await drop.press("Enter")
    await liam.page.get_by_role("dialog").get_by_role("button", name="Drop").press("Enter")
    await expect(liam.page.locator("letter-list")).to_contain_text("Nothing was given up on.")
    await expect(status).to_have_text("Dropped.")
    await expect(badge).to_be_hidden()
    await expect(liam.page.get_by_role("heading", name="Undelivered")).to_be_focused()


def _bot_lines(state: dict[str, list[dict[str, str]]], start: str) -> int:
    return len([line for line in state["messages"] if line["text"].startswith(start)])


async def test_the_count_looks_by_itself_and_a_letter_leads_to_its_conversation(
    stage: Stage, warmline: Warmline, services: Services
) -> None:
    visitor = await warmline.visitor()
    nora = Staff(await stage.window(), "agent@demo.test")
    liam = Staff(await stage.window(), LEAD)
    await liam.page.clock.install()
    await nora.sign_in(str(warmline.client.make_url("/desk")))
    await liam.sign_in(str(warmline.client.make_url("/desk")))
    await give_up_both(services, visitor)  # and nobody says so
    await liam.page.clock.fast_forward(60_000)
    await expect(liam.page.locator("nav letter-count")).to_have_text("2, 2 given up on")
    await expect(nora.page.locator("letter-count")).to_have_count(0)
    await liam.page.get_by_role("link", name="Console").click()
    await open_undelivered(liam.page)
    await liam.page.get_by_role("link", name="Open the conversation").first.click()
    await liam.hears("when are you open?")
