"""Why the bot did what it did: from a turn's record to sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.clock import now
from bot.decisions.explanation import Fact, percent
from bot.decisions.facts import facts_of
from bot.decisions.lines import of_line
from bot.decisions.verdict import UNRECORDED, Verdict, verdict
from bot.privacy.cards import CARD_REMOVED
from bot.records import Message, Turn
from bot.redaction import PASSWORD_REMOVED

TURN = Turn(
    id="t1",
    conversation_id="v1",
    customer_id="c1",
    message_id="m1",
    seq=1,
    state="done",
    attempts=1,
    next_attempt_at=None,
    error=None,
    channel="web",
    text="where is my order 10432?",
    parsed=None,
    intent="track_order",
    confidence=0.97,
    ranking=[
        {"intent": "track_order", "confidence": 0.97},
        {"intent": "get_refund", "confidence": 0.02},
    ],
    entities=[{"entity": "order_number", "value": "10432"}],
    outcome="answered",
    reason=None,
    actions=[{"action": "action_request", "error": None}],
    model="20260101-120000",
    duration_ms=12.5,
    created_at=now(),
    finished_at=now(),
)
RECORD: dict[str, Any] = {
    "form": 1,
    "steps": [{"action": "action_request", "policy": "RulePolicy"}],
    "pressed": False,
    "bound": {
        "risk_class": "money",
        "accepted": 0.02,
        "guarantee": 0.95,
        "confidence": 0.83,
        "met": True,
    },
    "out_of_scope": {"score": 1.2, "threshold": 3.5, "refused": False},
    "entities": [{"entity": "order_number", "by": "EntityRules"}],
    "mood": 0.1,
    "mood_limit": 0.75,
    "verification": "known",
    "signals": ["payment_failed"],
}


def told(changed: int = 0, *, record: Mapping[str, Any] = RECORD, **turn: Any) -> Verdict:
    return verdict(replace(TURN, decision=dict(record), **turn), None, changed=changed)


def test_an_answer_says_how_sure_the_bot_was_and_from_where_it_answers() -> None:
    said = told()
    assert (said.decided, said.rule) == ("answered", "RulePolicy")
    assert said.why == "Understood as “track order”, 97% sure; the bot answers from 83%."


@pytest.mark.parametrize(
    ("record", "turn", "decided", "words"),
    [
        ({"choice": ["a_b", "c_d"], "steps": [("utter_ask_which", "H")]}, {}, "asked_which", "a b"),
        ({"steps": [("utter_ask_about_payment_failed", "H")]}, {}, "asked_about_signal", "payment"),
        (
            {
                "steps": [("action_answer_from_knowledge", "H")],
                "knowledge": {"article": "boots", "score": 0.61, "threshold": 0.5},
            },
            {},
            "quoted",
            "boots",
        ),
        ({"request": {"intent": "x", "awaiting": "postcode"}}, {}, "asked_detail", "postcode"),
        (
            {"request": {"intent": "x", "awaiting": "confirm", "proposed": "cancel_order"}},
            {},
            "proposed",
            "cancel order",
        ),
        ({"request": {"intent": "x", "trouble": "no_orders"}}, {}, "stopped", "not finish"),
        ({"steps": [("utter_not_understood_in_form", "R")]}, {}, "asked_again", "asked again"),
        ({}, {"intent": "out_of_scope"}, "out_of_scope", "cannot help"),
        ({}, {"intent": "nlu_fallback", "outcome": "misunderstood"}, "asked_again", "other words"),
        ({}, {"outcome": "observed"}, "observed", "only read"),
        ({}, {"outcome": "resumed"}, "resumed", "went on"),
        ({}, {"state": "dead", "error": "TimeoutError", "outcome": "failed"}, "failed", "person"),
        ({}, {"outcome": "handed_off", "reason": "customer_asked"}, "handed_off", "person"),
    ],
)
def test_each_kind_of_decision_has_its_words(
    record: dict[str, Any], turn: dict[str, Any], decided: str, words: str
) -> None:
    steps = [{"action": one, "policy": by} for one, by in record.get("steps", ())]
    said = told(record={**RECORD, **record, "steps": steps or RECORD["steps"]}, **turn)
    assert said.decided == decided
    assert words in said.summary


def test_a_change_in_the_shop_comes_before_what_was_said_of_it() -> None:
    assert told(1).summary == "The bot changed something in the shop."
    assert told(2).summary == "The bot changed 2 things in the shop."


def test_a_pressed_button_is_certain() -> None:
    assert "pressed a button" in told(record={**RECORD, "pressed": True}).why


def test_a_turn_that_was_not_taken_says_why() -> None:
    folded, blocked, back = (
        told(state="dropped", error=error) for error in ("folded", "blocked", None)
    )
    assert folded.rule == "8 or more waiting messages are one turn"
    assert blocked.rule == "the list of blocked senders"
    assert back.rule == "Warmline"


def test_what_was_removed_is_told_without_it() -> None:
    text = f"my card is {CARD_REMOVED} and my password is {PASSWORD_REMOVED}"
    facts = facts_of(replace(TURN, text=text), [])
    assert [fact.value for fact in facts if fact.name == "Removed before it was kept"] == [
        "card number, by its brand, length and check digit",
        "password, by what it was called",
    ]


def test_the_rule_that_handed_off_is_named() -> None:
    record = {**RECORD, "trigger": {"reason": "sensitive_topic", "rule": "injury"}}
    said = told(record=record, outcome="handed_off", reason="sensitive_topic")
    assert said.rule == "trigger sensitive_topic, “injury” in handoff.yml"


def test_a_turn_of_an_earlier_version_says_that_it_has_no_record() -> None:
    said = verdict(TURN, None, changed=0)
    assert said.why.startswith(UNRECORDED)
    assert said.rule == "not recorded"


def test_the_facts_are_those_of_that_moment() -> None:
    route = {
        "intent": "get_refund",
        "language": "en",
        "channel": "web",
        "tier": None,
        "queue": "payments",
        "rule": 1,
        "conditions": {"intents": ["get_refund"]},
        "priority": "urgent",
        "of_reason": "urgent",
        "of_tier": "normal",
    }
    facts = facts_of(replace(TURN, decision={**RECORD, "route": route}), [])
    named = {fact.name: fact.value for fact in facts}
    assert named["Risk class “money”"] == (
        "answers from 83%: at most 2% of the answers may be wrong, which is sure to 95%"
    )
    assert named["It could also be"] == "get refund 2%"
    assert named["Order number"] == "10432 (from the message, by EntityRules)"
    assert named["Just reported by the shop"] == "payment failed"
    assert named["Queue"] == "payments: by routing rule 1 of handoff.yml (intent get_refund)"
    assert named["Priority"] == "urgent, by the reason"
    assert named["How upset it sounds"] == "0.10 of 1; a person comes from 0.75"


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0%"),
        (0.004, "0.4%"),
        (1e-5, "under 0.1%"),
        (0.99999, "over 99.9%"),
        (0.5, "50%"),
        (0.996, "99.6%"),
        (1, "100%"),
    ],
)
def test_a_share_is_never_rounded_to_none_or_to_all(share: float, words: str) -> None:
    assert percent(share) == words


def test_only_lines_that_nobody_wrote_are_explained() -> None:
    def line(event: str | None, **data: Any) -> Message:
        return Message(
            id="m",
            conversation_id="v",
            customer_id="c",
            seq=3,
            turn_id=None,
            author="system",
            agent_id=None,
            author_name=None,
            text="…",
            payload=None,
            buttons=[],
            channel="web",
            external_id=None,
            in_reply_to=None,
            private=False,
            created_at=now(),
            data={"event": event, **data},
        )

    assert [of_line(line(event)) for event in (None, "claimed", "resolved", "transferred")] == [
        None
    ] * 4
    assert of_line(line("woken", why="agent")) is None
    limit = {"of": "same", "at_once": 10, "a_second": 1 / 15}
    fast = of_line(line("too_fast", limit=limit))
    assert fast is not None
    assert fast.facts[0] == Fact(
        "Limit", "the very same words from one address: 10 at once, then 4 a minute"
    )
    blocked = of_line(line("blocked"))
    assert blocked is not None
    assert blocked.rule == "the list of blocked senders"
    found = of_line(line("woken", why="time"))
    assert found is not None
    assert found.why == "It was snoozed, and its time had come."
    stranded = of_line(line("stranded"))
    assert stranded is not None
    assert "first" in stranded.summary
