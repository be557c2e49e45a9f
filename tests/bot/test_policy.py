"""The shop's own assistant at its limits: nobody is trapped, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import pytest

from bot.assistant.assistant import Assistant
from bot.assistant.policy import ASK_ACTION
from bot.assistant.reply import (
    AssistantReply,
    CustomerMessage,
    HandoffRequest,
    Memory,
    PreparedChange,
    Returned,
)
from bot.clock import new_id

LISTENS: list[dict[str, Any]] = [
    {"event": "session_started"},
    {"event": "action", "name": "action_listen"},
]
PERSON = "/contact_human_agent"


NOBODY = {"reference": None, "verification": "anyone"}
AVA = {"reference": "C-1007", "verification": "known"}


async def say(
    assistant: Assistant,
    *texts: str,
    memory: Memory | None = None,
    customer: dict[str, Any] = NOBODY,
) -> list[AssistantReply]:
    """The replies to messages of one conversation; what begins with a slash is a pressed button."""
    memory = memory or Memory([])
    replies: list[AssistantReply] = []
    for text in texts:
        payload = text if text.startswith("/") else None
        said = CustomerMessage(new_id(), "A button" if payload else text, payload, "web", customer)
        replies.append(await assistant.reply("c", said, memory))
        memory = Memory(replies[-1].events)
    return replies


def open_forms(assistant: Assistant) -> list[tuple[str, str]]:
    """Every form of the domain, at each of its questions."""
    forms = assistant._domain.forms
    return [(form, slot) for form, content in forms.items() for slot in content["required_slots"]]


def asking(form: str, slot: str) -> Memory:
    return Memory(
        [
            *LISTENS,
            {"event": "user", "text": "x", "parse_data": {"intent": {"name": "track_order"}}},
            {"event": "action", "name": form},
            {"event": "active_loop", "name": form},
            {"event": "slot", "name": "requested_slot", "value": slot},
            {"event": "action", "name": "action_listen"},
        ]
    )


@pytest.mark.parametrize(
    "words",
    [
        "a person",
        "I want to talk to a human",
        "0",
        PERSON,
        "10432 and get me an agent",
        "OPERATOR!",
    ],
)
async def test_a_person_comes_at_every_question_of_every_form(
    assistant: Assistant, words: str
) -> None:
    places = open_forms(assistant)
    assert places
    for form, slot in places:
        (reply,) = await say(assistant, words, memory=asking(form, slot))
        assert reply.handoff is not None
        assert reply.handoff.reason == "customer_asked"
        assert not reply.slots
        assert len(reply.messages) == 1
        assert reply.events[-1]["name"] == "action_listen"
        loops = [event["name"] for event in reply.events if event["event"] == "active_loop"]
        assert loops[-1] == form  # suspended, not closed: it goes on when an agent gives it back


async def test_every_action_that_fails_brings_a_person(
    assistant: Assistant, shop_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    executor = assistant._processor.action_endpoint._executor

    def fail(*_: object) -> Awaitable[object]:
        raise RuntimeError("the shop is on fire")

    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    for name in list(executor.actions):
        with monkeypatch.context() as failing:
            failing.setitem(executor.actions, name, fail)
            texts = ("hello", "do you give discounts to nurses", "where is my order", "10432")
            replies = await say(assistant, *texts, customer=AVA)
        handoff = next(reply.handoff for reply in replies if reply.handoff)
        assert handoff.reason == "action_failed"
        assert name in handoff.evidence
        assert "fire" not in handoff.evidence
        assert all(reply.messages for reply in replies)


async def test_who_cannot_be_verified_gets_a_person(
    assistant: Assistant, shop_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    tries = ["BS9 9ZZ", "10432", "BS9 9ZY", "10432", "BS9 9ZX"]
    replies = await say(assistant, "where is my order", "10432", *tries)
    handoff = replies[-1].handoff
    assert handoff is not None
    assert handoff.reason == "verification_failed"
    assert all(reply.handoff is None for reply in replies[:-1])


REFUND: dict[str, Any] = {
    "title": "Refund 129.00 € of order 10432",
    "why": "More than the bot may refund",
    "name": "refund",
    "arguments": {"order": "10432", "amount": "129.00", "reason": "damaged", "payment": None},
}


def asked_for(request: object) -> Memory:
    """An action has asked for a person."""
    return Memory([*LISTENS, {"event": "slot", "name": "handoff_request", "value": request}])


async def test_a_person_that_an_action_asks_for_gets_what_it_prepared(assistant: Assistant) -> None:
    wanted = {
        "reason": "needs_approval",
        "evidence": "129.00 € is over 100 €.",
        "prepared": [REFUND],
    }
    (reply,) = await say(assistant, "thank you", memory=asked_for(wanted))
    assert reply.handoff == HandoffRequest(
        "needs_approval", "129.00 € is over 100 €.", (PreparedChange(**REFUND),)
    )
    returned = Memory(reply.events, (Returned("drop", {}),))
    (answer,) = await say(assistant, "thank you", memory=returned)
    assert answer.handoff is None


@pytest.mark.parametrize(
    "request_",
    [
        "please",
        {"prepared": "all"},
        {"prepared": [{**REFUND, "arguments": []}, {**REFUND, "why": None}, {"title": "x"}]},
    ],
)
async def test_also_a_malformed_wish_of_an_action_brings_a_person(
    assistant: Assistant, request_: object
) -> None:
    (reply,) = await say(assistant, "thank you", memory=asked_for(request_))
    assert reply.handoff is not None
    assert reply.handoff.reason == "action_failed"
    assert reply.handoff.prepared == ()
    assert len(reply.messages) == 1


UNSURE = "I meant to get the blue one, not the green one. Could you correct that"


async def test_in_doubt_it_asks_which_and_the_answer_is_obeyed(assistant: Assistant) -> None:
    (asked,) = await say(assistant, UNSURE)
    assert asked.handoff is None
    assert asked.misunderstood
    assert ASK_ACTION in [event.get("name") for event in asked.events]
    titles = [button.title for button in asked.messages[0].buttons]
    assert len(titles) == 3
    assert titles[2] == "Something else"
    assert all("{" not in title and "_" not in title for title in titles)
    first, _, other = (button.payload for button in asked.messages[0].buttons)
    (answered,) = await say(assistant, first, memory=Memory(asked.events))
    assert answered.handoff is None
    assert answered.understanding is not None
    assert answered.understanding.intent == first.removeprefix("/")
    (given_up,) = await say(assistant, other, memory=Memory(asked.events))
    assert given_up.handoff is not None
    assert given_up.handoff.reason == "misunderstood"


async def test_what_is_none_of_its_business_is_said_once_and_then_handed_off(
    assistant: Assistant,
) -> None:
    first, second = await say(
        assistant, "what is the exchange rate for dollars today", "how do I renew my passport"
    )
    assert first.handoff is None
    assert first.misunderstood
    assert PERSON in [button.payload for button in first.messages[0].buttons]
    assert second.handoff is not None
    assert second.handoff.reason == "out_of_scope"
    assert "passport" in second.handoff.evidence


@pytest.mark.parametrize(
    ("before", "answer", "asks_for"),
    [
        (["where is my order"], "10432", "answer"),
        (["where is my order", "10432"], "BS1 4DJ", None),
    ],
)
async def test_asking_which_in_a_form_does_not_lose_the_answer(
    assistant: Assistant,
    shop_url: str,
    monkeypatch: pytest.MonkeyPatch,
    before: list[str],
    answer: str,
    asks_for: str | None,
) -> None:
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    *_, asked, answered = await say(assistant, *before, UNSURE, answer)
    assert ASK_ACTION in [event.get("name") for event in asked.events]
    requested = [
        event["value"]
        for event in answered.events
        if event["event"] == "slot" and event["name"] == "requested_slot"
    ]
    assert requested[-1] == asks_for
    assert answered.handoff is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("my solicitor will write to you about order 10432", "sensitive_topic"),
        ("you useless thieves, this is disgusting!!!", "frustration"),
        ("wo bleibt eigentlich mein Paket, ich warte schon lange darauf", "language_not_served"),
    ],
)
async def test_a_reason_comes_with_its_evidence(
    assistant: Assistant, text: str, reason: str
) -> None:
    (reply,) = await say(assistant, text)
    assert reply.handoff is not None
    assert reply.handoff.reason == reason
    assert text in reply.handoff.evidence
    assert not reply.slots
