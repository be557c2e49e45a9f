"""Taking the next customer, being away, and promises, in a real browser."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from playwright.async_api import expect

from bot.app import SERVICES
from bot.clock import now
from bot.events import Event
from tests.browser.people import Shopper, Staff
from tests.browser.stage import Stage
from tests.browser.test_main_path import AGENT, LEAD, NETWORK_IS_GONE, address
from tests.client import Warmline


async def promise(warmline: Warmline, conversation_id: str, *, warn: float, due: float) -> None:
    """Move what the customer was promised: so many minutes from now."""
    services = warmline.app[SERVICES]
    async with services.database.write() as uow:
        handoff = await uow.handoffs.open_of(conversation_id)
        assert handoff is not None
        warn_at, due_at = (now() + timedelta(minutes=minutes) for minutes in (warn, due))
        await uow.handoffs.update(replace(handoff, warn_at=warn_at, due_at=due_at))
        conversation = await uow.conversations.lock(conversation_id)
        assert conversation is not None
        await uow.conversations.next_seq(conversation, at=now())
    await services.bus.publish(Event("conversation", conversation_id))


async def test_the_next_customer_goes_to_whoever_is_there(stage: Stage, warmline: Warmline) -> None:
    stage.expect_complaints(*NETWORK_IS_GONE, "409", "404")
    nora, liam = Staff(await stage.window(), AGENT), Staff(await stage.window(), LEAD)
    await nora.sign_in(address(warmline, "/desk"))
    await liam.sign_in(address(warmline, "/desk"))
    visitors = [await warmline.visitor() for _ in range(3)]
    for visitor in visitors:
        await visitor.answer("a person", "/contact_human_agent")
    ids = [(await visitor.look())["conversation"]["id"] for visitor in visitors]
    await expect(nora.rows).to_have_count(3)

    await promise(warmline, ids[0], warn=-4, due=-3)
    await promise(warmline, ids[1], warn=-1, due=2)
    await expect(nora.rows.nth(0)).to_contain_text("Overdue 3 min")
    await expect(nora.rows.nth(1)).to_contain_text("Reply due in 2 min")
    await nora.rows.nth(2).click()
    await nora.card.get_by_label("Priority").select_option("Urgent")
    await expect(nora.rows.nth(0)).to_contain_text("Urgent")
    await expect(nora.card.locator(".due")).to_contain_text("Reply due in 10 min")

    switch = nora.page.get_by_label("Your presence")
    await switch.select_option("Away")
    await nora.page.keyboard.press("Alt+n")
    await expect(nora.page.locator("status-line")).to_contain_text("go online")
    await switch.select_option("Online")
    await nora.page.keyboard.press("Alt+n")
    await expect(nora.thread.locator(".badge.owner")).to_have_text("You")
    await expect(nora.page.locator(".presence-load")).to_have_text("1 of 5")
    assert ids[2] in nora.page.url

    await expect(liam.rows).to_have_count(2)
    await liam.page.get_by_role("button", name="Take next").click()
    await expect(liam.thread.locator(".badge.owner")).to_have_text("You")
    await expect(liam.card.locator(".due")).to_contain_text("Overdue")
    await liam.reply("Sorry that it took so long.")
    await expect(liam.card.locator(".due")).to_have_count(0)


async def test_who_waits_sees_their_place(stage: Stage, warmline: Warmline) -> None:
    ada = Shopper(await stage.window())
    await ada.visit(address(warmline))
    await ada.open_chat()
    first = await warmline.visitor()
    await first.answer("a person", "/contact_human_agent")
    await ada.ask_for_person.click()
    await expect(ada.owner).to_contain_text("You are number 2 in the queue.")
    await (await warmline.staff()).post("/handoffs/next")
    await expect(ada.owner).to_contain_text("You are next in the queue.")
