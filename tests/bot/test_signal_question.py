"""The shop's own assistant and what its customer just met: greeted with it, or asked, once."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from actions.context import close_shop
from actions.context.demo import seed
from actions.context.model import Signal, SignalKind
from actions.signals import as_json
from bot.assistant.assistant import Assistant
from bot.assistant.reply import AgentSaid, AssistantReply, CustomerMessage, Memory
from bot.clock import new_id

NOBODY: dict[str, Any] = {"reference": None, "verification": "anyone", "name": None, "signals": []}
AVA = {"reference": "C-1007", "verification": "known", "name": "Ava Lindqvist", "signals": []}


def after(*signals: dict[str, Any], customer: dict[str, Any] | None = None) -> dict[str, Any]:
    return {**(customer or NOBODY), "signals": list(signals)}


def just(kind: SignalKind, about: str | None = None, minutes: float = 2) -> dict[str, Any]:
    at = datetime.now(timezone.utc) - timedelta(minutes=minutes)
    return as_json(Signal(kind, at, about))


async def talk(
    assistant: Assistant, customer: dict[str, Any], *texts: str, memory: Memory | None = None
) -> list[AssistantReply]:
    """The replies to this customer's messages; what begins with a slash is a pressed button."""
    replies: list[AssistantReply] = []
    for text in texts:
        payload = text if text.startswith("/") else None
        said = CustomerMessage(new_id(), "A button" if payload else text, payload, "web", customer)
        replies.append(await assistant.reply("c", said, memory or Memory([])))
        memory = Memory(replies[-1].events)
    return replies


def words(reply: AssistantReply) -> str:
    return " ".join(message.text for message in reply.messages)


def read_as(reply: AssistantReply) -> list[str]:
    """The intents of everything the customer said, as the dialogue went on with it."""
    return [
        event["parse_data"]["intent"]["name"] for event in reply.events if event["event"] == "user"
    ]


@pytest.mark.parametrize(
    ("customer", "greeting"),
    [
        (NOBODY, "Hello! I can track"),
        ({}, "Hello! I can track"),
        (AVA, "Hello Ava! I can track"),
        ({**AVA, "name": None}, "Hello! I can track"),
        ({**AVA, "verification": "anyone"}, "Hello! I can track"),
    ],
)
async def test_a_greeting_says_who_it_greets(
    assistant: Assistant, customer: dict[str, Any], greeting: str
) -> None:
    await check_greeting(assistant, customer, greeting)


# What just happened is made in the test: a suite takes longer than a signal stays fresh.
@pytest.mark.parametrize(
    ("signal", "customer", "greeting"),
    [
        (("payment_failed",), AVA, "Hello Ava! I see that your payment just"),
        (("payment_failed",), NOBODY, "Hello! I see that your payment just failed"),
        (("checkout_error",), NOBODY, "Hello! I see that our checkout"),
        (("parcel_delayed", "10432"), NOBODY, "Hello! I see that your parcel is delayed"),
        (("page_viewed", "TENT-2"), NOBODY, "Hello! Is it about the product"),
        (("page_viewed", "/returns"), NOBODY, "Hello! I can track"),
        (("payment_failed", None, 31), NOBODY, "Hello! I can track"),
    ],
)
async def test_a_greeting_says_what_just_happened(
    assistant: Assistant, signal: tuple[Any, ...], customer: dict[str, Any], greeting: str
) -> None:
    await check_greeting(assistant, after(just(*signal), customer=customer), greeting)


async def check_greeting(assistant: Assistant, customer: dict[str, Any], greeting: str) -> None:
    (reply,) = await talk(assistant, customer, "hello")
    assert len(reply.messages) == 1
    assert words(reply).startswith(greeting)
    assert "{" not in words(reply)
    assert reply.handoff is None


@pytest.mark.parametrize(
    ("signal", "request_", "payload"),
    [
        (("payment_failed",), "payment_issue", "/payment_issue"),
        (("parcel_delayed", "10432"), "track_order", '/track_order{"order_number": "10432"}'),
        (
            ("page_viewed", "FF-130"),
            "product_info",
            '/product_info{"choice": "ask FF-130|"}',
        ),
    ],
)
@pytest.mark.parametrize("yes", ["yes", "Yes please", "yep"])
async def test_a_yes_in_words_is_the_press_of_the_button(
    assistant: Assistant, signal: tuple[Any, ...], request_: str, payload: str, yes: str
) -> None:
    customer = after(just(*signal))
    greeted, pressed = await talk(assistant, customer, "hello", payload)
    assert [button.payload for button in greeted.messages[0].buttons] == [payload, "/deny"]
    _, said = await talk(assistant, customer, "hello", yes)
    assert read_as(said) == read_as(pressed) == ["greet", request_]
    assert words(said) == words(pressed)
    # The log keeps what they wrote: a model that learned "yes" as a request would be a bad one.
    assert said.understanding is not None
    assert said.understanding.intent == "affirm"


@pytest.mark.parametrize("no", ["no", "nope, not that", "/deny"])
async def test_a_no_is_asked_what_else_and_nobody_is_asked_twice(
    assistant: Assistant, no: str
) -> None:
    customer = after(just("payment_failed"))
    _, asked, again = await talk(assistant, customer, "hello", no, "hello")
    assert words(asked).startswith("All right. What is it about, then?")
    assert words(again).startswith("Hello! I can track")


async def test_a_no_to_nothing_in_particular_is_none_to_a_signal(assistant: Assistant) -> None:
    _, thanked, denied = await talk(
        assistant, after(just("payment_failed")), "hello", "thank you", "no"
    )
    assert words(thanked).startswith("You're welcome")
    assert words(denied).startswith("All right. I'm here")


@pytest.mark.parametrize(
    "cry", ["it doesn't work", "help", "what is going on", "something is wrong"]
)
@pytest.mark.parametrize("kind", ["payment_failed", "checkout_error", "parcel_delayed"])
async def test_a_cry_for_help_is_first_taken_to_be_about_it(
    assistant: Assistant, cry: str, kind: SignalKind
) -> None:
    (reply,) = await talk(assistant, after(just(kind, "10432")), cry)
    assert "is it about that?" in words(reply)
    assert reply.handoff is None
    _, answered = await talk(assistant, after(just(kind, "10432")), cry, "yes")
    assert read_as(answered)[-1] == ("track_order" if kind == "parcel_delayed" else "payment_issue")


@pytest.mark.parametrize("cry", ["it doesn't work", "help", "what is going on"])
async def test_without_a_signal_a_cry_for_help_is_answered_as_ever(
    assistant: Assistant, cry: str
) -> None:
    (with_none,) = await talk(assistant, NOBODY, cry)
    (with_an_old_one,) = await talk(assistant, after(just("payment_failed", minutes=40)), cry)
    assert words(with_none) == words(with_an_old_one)
    assert "is it about that?" not in words(with_none)


async def test_a_sure_reading_of_something_else_is_never_overridden(assistant: Assistant) -> None:
    customer = after(just("payment_failed"), customer=AVA)
    for text in ("when are you open?", "what is your refund policy", "cancel my order", "thanks"):
        (reply,) = await talk(assistant, customer, text)
        (without,) = await talk(assistant, {**customer, "signals": []}, text)
        assert words(reply) == words(without)
        assert "is it about that?" not in words(reply)


async def test_whoever_asks_for_a_person_gets_one_all_the_same(assistant: Assistant) -> None:
    (reply,) = await talk(assistant, after(just("payment_failed")), "can I speak to a human?")
    assert reply.handoff is not None
    assert reply.handoff.reason == "customer_asked"


async def test_who_is_not_understood_after_the_question_is_not_asked_it_again(
    assistant: Assistant,
) -> None:
    customer = after(just("payment_failed"))
    first, second = await talk(assistant, customer, "it doesn't work", "it doesn't work")
    assert "is it about that?" in words(first)
    assert second.handoff is not None


async def test_a_yes_to_an_agent_is_none_to_the_bot(assistant: Assistant) -> None:
    customer = after(just("payment_failed"))
    (greeted,) = await talk(assistant, customer, "hello")
    memory = Memory(greeted.events, (AgentSaid("Shall I look into it?", "Nora"),))
    (reply,) = await talk(assistant, customer, "yes", memory=memory)
    assert read_as(reply)[-1] == "affirm"
    heard = await assistant.observe(
        "c", CustomerMessage(new_id(), "yes", None, "web", customer), Memory(greeted.events)
    )
    assert read_as(heard)[-1] == "affirm"


async def test_a_second_try_reads_the_same_answer(assistant: Assistant) -> None:
    customer = after(just("parcel_delayed", "10432"))
    (greeted,) = await talk(assistant, customer, "hello")
    yes = {"intent": {"name": "affirm", "confidence": 1.0}, "entities": [], "text": "yes"}
    again = CustomerMessage(new_id(), "yes", None, "web", customer, parsed=yes)
    reply = await assistant.reply("c", again, Memory(greeted.events))
    assert read_as(reply)[-1] == "track_order"


async def test_what_the_shop_itself_saw_leads_as_well(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}"
    await seed(url)  # in which Erin's payment failed a moment ago
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", url)
    erin = {**NOBODY, "reference": "C-1046", "verification": "known"}
    for text in ("hello", "it doesn't work"):
        (reply,) = await talk(assistant, erin, text)
        assert "your payment just failed" in words(reply)
    (greeting,) = await talk(assistant, erin, "hello")
    assert words(greeting).startswith("Hello Erin!")
    newer = {**erin, "signals": [just("parcel_delayed", "10702", minutes=1)]}
    (reply,) = await talk(assistant, newer, "hello")
    assert "your parcel is delayed" in words(reply)
    (reply,) = await talk(assistant, newer, "a human please")
    assert reply.handoff is not None  # and the person gets what the shop saw
    assert [one["kind"] for one in reply.handoff.signals] == ["parcel_delayed", "payment_failed"]
    await close_shop()


async def test_a_shop_that_is_away_is_no_reason_not_to_greet(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", "sqlite+aiosqlite:////nowhere/shop.db")
    (reply,) = await talk(assistant, after(just("payment_failed"), customer=AVA), "hello")
    assert words(reply).startswith("Hello Ava! I see that your payment just failed")
    await close_shop()
