"""A lead's session of review in a real browser: by keys, by typing, many at once, and by touch."""

from __future__ import annotations

from dataclasses import replace

from playwright.async_api import Locator, Page, expect

from bot.clock import new_id, now
from bot.intake import new_turn
from bot.labelling import label_turns
from bot.records import Message, Turn
from bot.review_follower import follow_once
from bot.services import Services
from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.browser.test_main_path import LEAD, address
from tests.client import Warmline, eventually
from tests.processes import add_agent

TRACK = {"intent": "track_order", "confidence": 0.4}
REFUND = {"intent": "get_refund", "confidence": 0.3}
# What customers wrote and what it was read as.
SAID = (
    ("is the blue tent waterproof", None),
    ("do you sell gift cards", None),
    ("where did 10432 go", "track_order"),
    ("give me my money", "get_refund"),
    ("qwerty plums 12", None),
    ("Qwerty plums!", None),
)


async def logged(services: Services, conversation_id: str) -> list[Turn]:
    """Turns as the log has them, without anything answering them."""
    made = []
    async with services.database.write() as uow:
        conversation = await uow.conversations.get(conversation_id)
        assert conversation is not None
        for seq, (text, intent) in enumerate(SAID, start=100):
            turn_id = new_id()
            message = Message(
                id=new_id(),
                conversation_id=conversation.id,
                customer_id=conversation.customer_id,
                seq=seq,
                turn_id=turn_id,
                author="customer",
                agent_id=None,
                author_name=None,
                text=text,
                payload=None,
                buttons=[],
                channel=conversation.channel,
                external_id=None,
                in_reply_to=None,
                private=False,
                data={},
                created_at=now(),
                address=conversation.address,
            )
            turn = replace(
                new_turn(turn_id, message),
                state="done",
                outcome="misunderstood",
                intent=intent,
                confidence=0.4,
                ranking=[REFUND, TRACK] if intent == "get_refund" else [TRACK, REFUND],
                finished_at=now(),
            )
            await uow.messages.add(message)
            await uow.turns.add(turn)
            made.append(turn)
    await follow_once(services)
    return made


async def opens(page: Page, text: str) -> None:
    """The message is open, and the keys go to it."""
    await expect(page.locator("message-words")).to_have_text(text)
    row = page.locator("review-list button[aria-current]")
    await expect(row).to_contain_text(text)
    await expect(row).to_be_focused()


async def test_a_lead_reviews_by_keys(stage: Stage, warmline: Warmline, services: Services) -> None:
    await warmline.rest("ada", "hello")
    lead = await warmline.staff(LEAD)
    (conversation,) = (await lead.get("/conversations"))["items"]
    turns = await logged(services, conversation["id"])
    liam = Staff(await stage.window(), LEAD)
    await liam.sign_in(address(warmline, "/console"))
    page, keys = liam.page, liam.page.keyboard
    rows = page.locator("review-list li")
    said = page.locator("status-line")
    count = page.locator("review-standing .review-count")
    await expect(rows).to_have_count(5)  # the two that differ in nothing are one
    await expect(count).to_contain_text("6 to review")

    # One key a message, and the next one is open.
    await rows.filter(has_text="2 alike").get_by_role("button").click()
    await keys.press("o")
    await expect(said).to_contain_text("Out of scope: 2 messages. U undoes it.")
    await expect(count).to_contain_text("4 to review · 2 labelled by you today")
    await keys.press("u")
    await expect(said).to_have_text("Undone: 2 messages.")
    await opens(page, "Qwerty plums!")
    await keys.press("s")
    await expect(said).to_contain_text("Skipped 2 messages")
    await expect(rows).to_have_count(4)

    # Many at once: Enter leaves each its own reading, and is refused where there is none.
    order = [await row.locator(".review-text").inner_text() for row in await rows.all()]
    await rows.first.get_by_role("button").click()
    await keys.press("x")
    for _ in range(3):
        await keys.press("j")
    await keys.press("Shift+X")
    await expect(page.locator("review-card")).to_contain_text("4 selected")
    await keys.press("Enter")
    await expect(said).to_contain_text("The bot read nothing in 2 of the selected")
    for index, text in enumerate(order):
        if text in ("is the blue tent waterproof", "do you sell gift cards"):
            await rows.nth(index).get_by_role("checkbox").click()
    await expect(page.locator("review-card")).to_contain_text("2 selected")
    await keys.press("Enter")
    await expect(said).to_contain_text("As read: 2 messages")
    await expect(rows).to_have_count(2)
    await are_given(
        services, turns, {"where did 10432 go": "track_order", "give me my money": "get_refund"}
    )

    # Words are marked by selecting them, here with the keys; every entity of the domain is there.
    await row_of(rows, "is the blue tent").click()
    await opens(page, "is the blue tent waterproof")
    await keys.press("e")
    for _ in range(3):
        await keys.press("ArrowRight")
    await keys.press("Shift+ArrowRight")
    await keys.press("Enter")
    kinds = page.get_by_label("Entity")
    await expect(kinds).to_be_focused()
    assert {"postcode", "product"} <= set(
        await kinds.locator("option").evaluate_all("all => all.map(one => one.value)")
    )
    await kinds.select_option("product")
    await kinds.press("Enter")
    await expect(page.locator(".entity-marks")).to_contain_text("blue tent: Product")
    await opens(page, "is the blue tent waterproof")

    # Another intent by typing, from its first letter on; then one that nobody had.
    await keys.type("prod")
    field = page.get_by_role("combobox", name="Intent")
    await expect(field).to_have_value("prod")
    await expect(page.get_by_role("option", name="Product info")).to_be_visible()
    await field.fill("product info")
    await field.press("Enter")
    await expect(said).to_contain_text("Product info: 1 message")
    await opens(page, "do you sell gift cards")
    await keys.press("/")
    await field.fill("gift cards")
    await expect(page.get_by_role("option", name="New intent “gift_cards”…")).to_be_visible()
    await field.press("Enter")
    dialog = page.get_by_role("dialog", name="Make it an intent")
    await dialog.get_by_label("What the bot answers (optional)").fill("Yes, from 10 to 100 pounds.")
    await dialog.get_by_role("button", name="Make and label").press("Enter")
    await expect(said).to_contain_text("Gift cards: 1 message")
    await expect(page.locator("review-list")).to_contain_text("Nothing waits for a label.")
    await are_given(services, turns, {"do you sell gift cards": "gift_cards"})
    async with services.database.read() as uow:
        (label,) = (await uow.labels.of_turns([turns[0].id]))[turns[0].id]
    assert [(one["value"], one["entity"]) for one in label.entities] == [("blue tent", "product")]

    # Another lead says something else; either settles it.
    other = await add_agent(services, "Lena")
    await label_turns(services, other, [turns[2].id], "track_refund")
    await page.get_by_text("How good are the answers?").click()
    await page.locator("review-standing").get_by_role("button", name="where did 10432 go").click()
    await opens(page, "where did 10432 go")
    await expect(page.locator("review-card")).to_contain_text("Lena: Track refund")
    await keys.press("/")
    await field.fill("track refund")
    await field.press("Enter")
    await expect(page.locator("review-standing")).not_to_contain_text("disagree")


async def test_a_thumb_labels_on_a_phone(
    stage: Stage, warmline: Warmline, services: Services
) -> None:
    await warmline.rest("ada", "hello")
    lead = await warmline.staff(LEAD)
    (conversation,) = (await lead.get("/conversations"))["items"]
    await logged(services, conversation["id"])
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    liam = Staff(await stage.window(**phone), LEAD)
    await liam.sign_in(address(warmline, "/console"))
    page = liam.page
    rows = page.locator("review-list li")
    await expect(rows).to_have_count(5)
    await row_of(rows, "give me my money").tap()
    words = page.locator("message-words")
    await expect(words).to_have_text("give me my money")
    await expect(words).to_be_in_viewport()
    await page.locator("review-card").get_by_role("button", name="Get refund").tap()
    await expect(rows).to_have_count(4)
    await expect(words).to_be_in_viewport()
    await page.get_by_role("button", name="Undo").tap()
    await expect(words).to_have_text("give me my money")
    assert await page.evaluate("document.documentElement.scrollWidth") == 390


def row_of(rows: Locator, text: str) -> Locator:
    return rows.filter(has_text=text).get_by_role("button")


async def are_given(services: Services, turns: list[Turn], wanted: dict[str, str]) -> None:
    """The messages have these labels, by their words, once the server was told: the page goes on
    before."""

    async def told() -> bool | None:
        async with services.database.read() as uow:
            found = await uow.labels.of_turns([turn.id for turn in turns])
        has = {turn.text: one.intent for turn in turns for one in found.get(turn.id, [])}
        return wanted.items() <= has.items() or None

    assert await eventually(told)
