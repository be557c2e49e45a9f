"""Which messages bring a person in, and with what evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.assistant.triggers import (
    Reading,
    Standing,
    Trigger,
    WhichOne,
    certain_trigger,
    uncertain_trigger,
)
from bot.assistant.wording import asks_for_person, first_word
from bot.rules import Rules

RULES = Rules.parse_obj(
    {
        "triggers": {
            "languages": ["en"],
            "asked": {"keys": ["0"]},
            "out_of_scope_in_a_row": 1,
            "sensitive": {"fraud": {"words": ["fraud*"], "intents": ["report_fraud"]}},
        },
        "rules": [
            {"name": "Gold members", "slots": {"membership": "gold"}, "intents": ["complaint"]},
            {"name": "Trade", "words": ["wholesale"], "channels": ["web"]},
        ],
        "readings": {"track_order": "Where my order is"},
    }
)
UNSURE = Reading(
    text="it is not here",
    intent="nlu_fallback",
    ranking=(("track_order", 0.6), ("missing_package", 0.3)),
    bound=0.8,
)
FOREIGN = replace(UNSURE, intent="out_of_scope", foreignness=4.2, limit=2.8)
ONCE, TWICE = Standing(misunderstood=1, out_of_scope=1), Standing(misunderstood=2)


def sure(text: str, intent: str = "greet", **more: object) -> Reading:
    return Reading(text=text, intent=intent, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reading", "standing", "reason"),
    [
        (sure("a human please", "contact_human_agent"), Standing(), "customer_asked"),
        (sure("where is it? just let me talk to a person", "track_order"), ONCE, "customer_asked"),
        (sure(" 0 ", "affirm"), Standing(), "customer_asked"),
        (sure("Talk to us", "contact_human_agent", typed=False), Standing(), "customer_asked"),
        (replace(UNSURE, ranking=(("contact_human_agent", 0.6),)), ONCE, "customer_asked"),
        (sure("this is FRAUDULENT", "complaint"), Standing(), "sensitive_topic"),
        (sure("someone else's order", "report_fraud"), Standing(), "sensitive_topic"),
        (sure("so slow", "complaint"), Standing(slots={"membership": "gold"}), "rule"),
        (sure("wholesale prices?"), Standing(channel="web"), "rule"),
        (sure("you thieves", frustration=0.75), Standing(), "frustration"),
        (replace(FOREIGN, language="de"), ONCE, "language_not_served"),
    ],
)
def test_a_certain_reason(reading: Reading, standing: Standing, reason: str) -> None:
    trigger = certain_trigger(reading, standing, RULES)
    assert trigger is not None
    assert trigger.reason == reason
    assert reading.text.strip() in trigger.evidence


@pytest.mark.parametrize(
    ("reading", "standing"),
    [
        (sure("hello"), Standing()),
        (sure("10", "track_order"), Standing()),
        (sure("so slow", "complaint"), Standing(slots={"membership": "silver"})),
        (sure("wholesale prices?"), Standing(channel="twilio")),
        (sure("Fraudulent charge?", typed=False), Standing()),
        (sure("wo ist es", "track_order", language="de"), Standing()),
        (sure("hm", frustration=0.69), Standing()),
    ],
)
def test_no_certain_reason(reading: Reading, standing: Standing) -> None:
    assert certain_trigger(reading, standing, RULES) is None


def test_when_unsure_it_asks_once_and_then_hands_off() -> None:
    asked = uncertain_trigger(UNSURE, ONCE, RULES)
    assert asked == WhichOne("track_order", "missing_package")
    other = Reading(text="Something else", intent="nlu_fallback", typed=False)
    face = replace(FOREIGN, text="😀 !?")
    for second, reason in (
        (UNSURE, "low_confidence"),
        (other, "misunderstood"),
        (face, "misunderstood"),
    ):
        again = uncertain_trigger(second, replace(TWICE, asked_which=True), RULES)
        assert isinstance(again, Trigger)
        assert again.reason == reason
        assert second.text in again.evidence


@pytest.mark.parametrize(
    ("reading", "reason", "evidence"),
    [
        (FOREIGN, "out_of_scope", "score 4.2, limit 2.8"),
        (
            replace(UNSURE, frustration=0.4),
            "low_confidence",
            "It could be “Where my order is” (60%) or “Missing package” (30%), and the bot answers "
            "from 80%",
        ),
        (replace(UNSURE, frustration=0.4, bound=None), "low_confidence", "no bound"),
        (replace(UNSURE, text="😡", frustration=0.5), "misunderstood", "Not understood"),
    ],
)
def test_what_cannot_be_asked_is_handed_off(reading: Reading, reason: str, evidence: str) -> None:
    trigger = uncertain_trigger(reading, ONCE, RULES)
    assert isinstance(trigger, Trigger)
    assert trigger.reason == reason
    assert evidence in trigger.evidence


@pytest.mark.parametrize(
    "reading",
    [
        replace(FOREIGN, text="😀 !?"),  # there is nothing in it to hand over
        replace(UNSURE, ranking=(("track_order", 0.3), ("missing_package", 0.1))),  # asks in vain
        sure("hello"),  # understood
        Reading(text="x", intent="nlu_fallback"),  # no scores: as sure as the label
    ],
)
def test_the_projects_own_rules_answer(reading: Reading) -> None:
    assert uncertain_trigger(reading, ONCE, RULES) is None


def test_something_else_ends_the_asking_however_patient_the_bot_is() -> None:
    patient = Rules.parse_obj({"triggers": {"misunderstood_in_a_row": 5}})
    other = Reading(text="Something else", intent="nlu_fallback", typed=False)
    trigger = uncertain_trigger(other, replace(TWICE, asked_which=True), patient)
    assert isinstance(trigger, Trigger)
    assert trigger.reason == "misunderstood"


def test_a_rule_compares_slots_as_texts() -> None:
    rules = Rules.parse_obj({"rules": [{"name": "VIP", "slots": {"order_number": 10432}}]})
    for value, applies in (("10432", True), ("10433", False), (None, False)):
        trigger = certain_trigger(sure("hi"), Standing(slots={"order_number": value}), rules)
        assert (trigger is not None) is applies


def test_the_lead_sets_how_patient_the_bot_is() -> None:
    patient = Rules.parse_obj(
        {"triggers": {"out_of_scope_in_a_row": 2, "misunderstood_in_a_row": 3}}
    )
    assert uncertain_trigger(FOREIGN, ONCE, patient) is None
    second = uncertain_trigger(FOREIGN, Standing(misunderstood=2, out_of_scope=2), patient)
    assert isinstance(second, Trigger)
    assert second.reason == "out_of_scope"
    assert uncertain_trigger(UNSURE, replace(TWICE, asked_which=True), patient) is None
    hasty = Rules.parse_obj({"triggers": {"misunderstood_in_a_row": 1}})
    first = uncertain_trigger(UNSURE, ONCE, hasty)
    assert isinstance(first, Trigger)
    assert first.reason == "low_confidence"


@pytest.mark.parametrize(
    "text",
    [
        "I want to talk to a human",
        "HUMAN!!!",
        "agent, please",
        "get me a real person",
        "can i speak with somebody",
        "let me speak to your manager",
        "put me through to one of your agents",
        "I want to speak to customer support",
        "I don't want a bot, I want a person",
        "i wanna chat w a person",
        "no bots, real people only",
        "is a human available?",
        "Could you escalate this to a supervisor",
        "where is my order? this is hopeless. just let me talk to a human",
        "I dont want a bot i want a human",
        "why can't I talk to a person?",
        "I won't stop until I speak to a manager",
        "transfer this to a human",
        "It began on Monday. " * 200 + "Just let me talk to a human.",
    ],
)
def test_a_person_is_asked_for_in_many_wordings(text: str) -> None:
    assert asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "I don't want to talk to a human",
        "no need to connect me to an agent",
        "am I talking to a person?",
        "the parcel went to somebody else",
        "the delivery person left it with my neighbour",
        "a tent for 4 people",
        "I need a jacket for a very tall person's frame",
        "I got an email from one of your agents",
        "how do I contact customer service",
        "can the courier hand it to someone else at the house?",
        "I was talking to someone yesterday about my refund",
        "change the name of the person on the order",
    ],
)
def test_a_person_is_mentioned_and_not_asked_for(text: str) -> None:
    assert not asks_for_person(text)


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        (["solicitor*"], "My Solicitors will write", "Solicitors"),
        (["sue"], "the issue is pursued", None),
        (["caught fire"], "it caught\n fire!", "caught fire"),
        (["c++ (new)"], "a c++ new one", "c new"),
        (["didn't order"], "I didn\u2019t order this", "didn't order"),
        (["lawyer*"], "It began on Monday. " * 200 + "My lawyers will call.", "lawyers"),
        ([], "anything", None),
    ],
)
def test_listed_words(words: list[str], text: str, found: str | None) -> None:
    assert first_word(text, words) == found
