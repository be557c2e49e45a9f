"""Rules chosen quickly are the rules stock Rasa chooses, event by event along a conversation."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    BotUttered,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.assistant import rule_speedups, speedups
from bot.live_model import Assistant


def said(intent: str) -> list[Event]:
    return [ActionExecuted(ACTION_LISTEN_NAME), UserUttered(intent, {"name": intent})]


OPENING: list[Event] = [ActionExecuted("action_session_start"), SessionStarted()]
FORM: list[Event] = [
    *said("track_order"),
    ActionExecuted("request_form"),
    ActiveLoop("request_form"),
    SlotSet("requested_slot", "answer"),
    BotUttered("Which order?"),
]
CONVERSATIONS: dict[str, list[Event]] = {
    "small talk": [
        *OPENING,
        *said("greet"),
        ActionExecuted("utter_greet"),
        BotUttered("Hello"),
        *said("goodbye"),
        ActionExecuted("utter_goodbye"),
        *said("greet"),
    ],
    "a form, filled": [
        *OPENING,
        *FORM,
        *said("inform"),
        ActionExecuted("request_form"),
        SlotSet("order_number", "10432"),
        SlotSet("requested_slot", None),
        ActiveLoop(None),
        ActionExecuted("action_finish_request"),
        *said("thank"),
        ActionExecuted("utter_thank"),
    ],
    "a form, interrupted": [
        *OPENING,
        *FORM,
        *said("opening_hours"),
        ActionExecutionRejected("request_form"),
        ActionExecuted("utter_opening_hours"),
        LoopInterrupted(True),
        FollowupAction("request_form"),
        ActionExecuted("request_form"),
        *said("inform"),
        ActionExecuted("request_form"),
    ],
    "taken back": [
        *OPENING,
        *said("greet"),
        ActionExecuted("utter_greet"),
        *said("nlu_fallback"),
        ActionExecuted("action_default_fallback"),
        UserUtteranceReverted(),
        *said("goodbye"),
        ActionExecuted("utter_goodbye"),
        ActionReverted(),
        *said("greet"),
    ],
    "begun anew": [
        *OPENING,
        *said("greet"),
        Restarted(),
        *OPENING,
        *said("greet"),
        ActionExecuted("utter_greet"),
        SessionStarted(),
        *said("bot_challenge"),
    ],
}


@pytest.fixture
def policy(assistant: Assistant) -> RulePolicy:
    """The shop's own rules."""
    processor: Any = vars(assistant)["_processor"]
    nodes = processor.graph_runner._instantiated_nodes
    return next(node._component for node in nodes.values() if type(node._component) is RulePolicy)


@pytest.fixture
def domain(assistant: Assistant) -> Any:
    return vars(assistant)["_domain"]


@pytest.mark.parametrize("events", CONVERSATIONS.values(), ids=CONVERSATIONS.keys())
def test_states_and_rules_are_stock_rasas(
    policy: RulePolicy, domain: Any, events: list[Event]
) -> None:
    tracker = DialogueStateTracker.from_events("c", [], domain.slots)
    for event in events:
        tracker.update(event, domain)
        for by_text in (True, False):
            stock = rule_speedups._stock_states(policy, tracker, domain, by_text)
            quick = rule_speedups._prediction_states(policy, tracker, domain, by_text)
            assert quick == stock[-4:]  # the shop's longest rules are three states long
            for rules in policy.lookup.values():
                if isinstance(rules, dict):
                    expected = rule_speedups._stock_keys(policy, rules, stock)
                    assert rule_speedups._possible_keys(policy, rules, quick) == expected


def test_what_a_policy_does_to_the_states_is_not_kept(policy: RulePolicy, domain: Any) -> None:
    tracker = DialogueStateTracker.from_events("c", CONVERSATIONS["small talk"], domain.slots)
    states = rule_speedups._prediction_states(policy, tracker, domain)
    del states[-1]["user"]["intent"]
    states.pop(0)
    stock = rule_speedups._stock_states(policy, tracker, domain)
    assert rule_speedups._prediction_states(policy, tracker, domain) == stock[-4:]


RULES: list[list[rule_speedups.State]] = [
    [{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "greet"}}],
    [{"prev_action": {"action_name": "action_listen"}}],
    [{"prev_action": {"action_text": "Hello"}, "user": {"intent": "greet"}}],
    [{"user": {"intent": "greet"}}],
    [{"slots": {"name": "should_not_be_set"}}],
    [
        {
            "prev_action": {"action_name": "action_listen"},
            "user": {"intent": "should_not_be_set", "entities": ["name"]},
        }
    ],
    [
        {"prev_action": {"action_name": "action_listen"}, "user": {"intent": "greet"}},
        {"prev_action": {"action_name": "utter_greet"}, "user": {"intent": "greet"}},
    ],
]


def test_rules_of_every_kind_are_found_as_stock_rasa_finds_them(policy: RulePolicy) -> None:
    rules = [json.dumps(rule) for rule in RULES]
    listened: rule_speedups.State = {"prev_action": {"action_name": "action_listen"}}
    users: list[dict[str, Any]] = [
        {},
        {"intent": "greet"},
        {"intent": "thank"},
        {"intent": "greet", "entities": ("name",)},
        {"entities": ("name",)},
    ]
    newest = [
        {**action, "user": user, "slots": slots}
        for action in ({}, listened, RULES[2][0], RULES[6][1])
        for user in users
        for slots in ({}, {"name": (1.0,)})
    ]
    found = set()
    for state in newest:
        for states in ([state], [{}, state], [RULES[6][0], state]):
            expected = rule_speedups._stock_keys(policy, rules_of(rules), states)
            assert rule_speedups._possible_keys(policy, rules_of(rules), states) == expected
            found |= expected
    assert found == set(rules)


def rules_of(keys: list[str]) -> dict[str, str]:
    return dict.fromkeys(keys, "utter_greet")


@pytest.mark.parametrize("events", CONVERSATIONS.values(), ids=CONVERSATIONS.keys())
def test_predictions_are_stock_rasas(
    policy: RulePolicy, domain: Any, events: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    def predictions() -> list[Any]:
        tracker = DialogueStateTracker.from_events("c", [], domain.slots)
        found = []
        for event in events:
            tracker.update(event, domain)
            prediction = policy.predict_action_probabilities(tracker, domain)
            found.append((prediction.probabilities, prediction.is_no_user_prediction))
            found.append(prediction.hide_rule_turn)
        return found

    quick = predictions()
    stock: dict[tuple[type, str], Callable[..., Any]] = {
        (RulePolicy, "_get_possible_keys"): rule_speedups._stock_keys,
        (RulePolicy, "_prediction_states"): rule_speedups._stock_states,
    }
    for (owner, name), function in stock.items():
        assert getattr(owner, name) is not function
        monkeypatch.setattr(owner, name, function)
    assert predictions() == quick


def test_it_is_put_in_place_with_the_other_speedups() -> None:
    speedups.apply()
    assert RulePolicy._get_possible_keys is rule_speedups._possible_keys
