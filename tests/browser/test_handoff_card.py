"""The hand-off's card: what just happened stands first, and what was prepared is one click away."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Locator, expect
from rasa_sdk.events import SlotSet

from bot.assistant.assistant import Assistant
from tests.browser.people import Shopper, Staff
from tests.browser.stage import Stage
from tests.browser.test_accessibility import judge
from tests.client import Warmline

AXE: dict[str, Any] = {"bypass_csp": True, "reduced_motion": "reduce"}
PROMISED = "Mail the invoice of order 10861"
TOO_MUCH = "Refund £9999.00 of order 10861"
PREPARED = [
    {
        "title": PROMISED,
        "why": "The customer could not be verified",
        "name": "mail_invoice",
        "arguments": {"order": "10861"},
    },
    {
        "title": TOO_MUCH,
        "why": "More than the bot may refund",
        "name": "refund",
        "arguments": {"order": "10861", "amount": "9999.00", "reason": "damaged", "payment": None},
    },
]


@pytest.fixture
def preparing(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is greeted gets a person, with changes prepared."""
    request = {"reason": "needs_approval", "evidence": "Over the limits.", "prepared": PREPARED}

    async def prepare(*_: object) -> list[Any]:
        return [SlotSet("handoff_request", request)]

    executor = assistant._processor.action_endpoint._executor
    monkeypatch.setitem(executor.actions, "action_greet", prepare)


def row(nora: Staff, title: str) -> Locator:
    return nora.card.locator("[data-prepared]").filter(has_text=title)


@pytest.mark.usefixtures("preparing")
async def test_what_was_prepared_is_decided_with_a_click_and_a_key(
    stage: Stage, warmline: Warmline
) -> None:
    base = str(warmline.client.make_url("/")).rstrip("/")
    nora = Staff(await stage.window(**AXE), "agent@demo.test")
    await nora.sign_in(f"{base}/desk")
    ben = Shopper(await stage.window())
    await ben.visit(f"{base}/", customer="Ben Okafor")
    await ben.open_chat()
    await ben.say("hello")
    await nora.rows.filter(has_text="Ben Okafor").click()
    await expect(nora.card).to_contain_text("Claim the conversation to decide.")
    await nora.press("Claim")
    await expect(nora.thread.locator(".badge.owner")).to_have_text("You")
    await judge("desk, something to approve", nora.page)

    await row(nora, PROMISED).get_by_role("button", name="Approve").click()
    await expect(row(nora, PROMISED)).to_contain_text("Made")
    await expect(row(nora, PROMISED).get_by_role("button")).to_have_count(0)
    await expect(nora.thread.locator(".log-event")).to_contain_text([f"approved “{PROMISED}”"])
    panel = nora.page.locator("customer-panel")
    await expect(panel).to_contain_text("Changed in this conversation")
    await expect(panel.locator(".changes li")).to_have_count(1)

    await row(nora, TOO_MUCH).get_by_role("button", name="Approve").focus()
    await nora.page.keyboard.press("Enter")
    await expect(row(nora, TOO_MUCH)).to_contain_text("The shop did not make it")
    await expect(row(nora, TOO_MUCH)).to_be_focused()
    told = f"{TOO_MUCH}: The shop did not make it"
    await expect(nora.page.locator("status-line")).to_contain_text(told)
    await judge("desk, one made and one refused", nora.page)
    await nora.page.keyboard.press("Tab")
    await nora.page.keyboard.press("Tab")
    await nora.page.keyboard.press("Enter")
    await expect(row(nora, TOO_MUCH)).to_contain_text("Declined.")
    await expect(nora.card.locator("[data-prepared] button")).to_have_count(0)
    await expect(ben.line("Made")).to_have_count(0)


async def test_what_just_happened_stands_first_and_comes_by_itself(
    stage: Stage, warmline: Warmline
) -> None:
    base = str(warmline.client.make_url("/")).rstrip("/")
    nora = Staff(await stage.window(**AXE), "agent@demo.test")
    await nora.sign_in(f"{base}/desk")
    ben = Shopper(await stage.window())
    await ben.visit(f"{base}/", customer="Ben Okafor")
    await ben.open_chat()
    await ben.say("I need a human")
    await nora.claim("Ben Okafor")
    await expect(nora.card).not_to_contain_text("Just happened")

    lead = await warmline.staff("lead@demo.test")
    for kind, about in (("page_viewed", "FF-130"), ("payment_failed", "10861")):
        body = {"customer": "C-1012", "kind": kind, "about": about}
        await lead.post("/signals", body, status=202)
    first = nora.card.locator(".handoff-body section").first
    await expect(first).to_contain_text("Just happened")
    await expect(first.locator("li")).to_have_count(2)
    await expect(first.locator("li").first).to_contain_text("Payment failed · 10861 · just now")
    await judge("desk, with signals", nora.page)
    await nora.page.set_viewport_size({"width": 390, "height": 844})
    await nora.card.locator("summary").click()
    await expect(nora.card.locator("summary")).to_contain_text("Payment failed")


async def test_the_card_leads_to_their_words_and_what_it_knows_is_not_asked_again(
    stage: Stage, warmline: Warmline
) -> None:
    base = str(warmline.client.make_url("/")).rstrip("/")
    nora = Staff(await stage.window(**AXE), "agent@demo.test")
    await nora.sign_in(f"{base}/desk")
    ben = Shopper(await stage.window())
    await ben.visit(f"{base}/", customer="Ben Okafor")
    await ben.open_chat()
    await ben.say("where is my order 10861?")
    await ben.hears("10861")
    await ben.say("This is ridiculous, the third time I ask! I want a person")
    await nora.claim("Ben Okafor")
    await expect(nora.card).to_contain_text("Signed in on the shop's site")
    await expect(nora.card).to_contain_text("Annoyed now")
    words = nora.card.locator(".summary-lines .said")
    await expect(words).to_have_text(
        ["where is my order 10861?", "This is ridiculous, the third time I ask!"]
    )
    await words.first.press("Enter")
    await expect(nora.line("where is my order 10861?")).to_be_focused()
    await judge("desk, with their words", nora.page)

    field = nora.thread.locator("#composer-field")
    warning = nora.thread.locator(".composer-asking")
    await field.fill("I see your order number, thank you.")
    await expect(warning).to_have_text("")
    await field.fill("Hi! What is your order number?")
    await expect(warning).to_contain_text("Already known: order number 10861")
    await judge("desk, asking again", nora.page)
    await field.press("Escape")
    await expect(warning).to_have_text("")
    await expect(field).to_have_value("Hi! What is your order number?")
