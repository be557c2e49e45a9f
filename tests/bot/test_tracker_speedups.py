"""A tracker copied as it stands is the one stock Rasa gets by playing the conversation again."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    ConversationPaused,
    Event,
    FollowupAction,
    SlotSet,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.assistant import speedups, tracker_speedups
from bot.live_model import Assistant
from tests.bot.test_rule_speedups import CONVERSATIONS, FORM, said

TAKEN_UP: list[Event] = [*FORM, *said("inform"), FollowupAction("track_order_form")]
MORE = {
    "paused": [*said("greet"), ConversationPaused(), ActionExecuted("utter_greet")],
    "a follow-up, to come": TAKEN_UP,
}


@pytest.fixture
def domain(assistant: Assistant) -> Any:
    return vars(assistant)["_domain"]


def all_of(tracker: DialogueStateTracker) -> dict[str, Any]:
    """Everything a tracker holds, with the messages it points to by identity."""
    held = dict(vars(tracker))
    held["slots"] = {name: (type(slot), vars(slot)) for name, slot in tracker.slots.items()}
    held["events"] = [id(event) for event in tracker.events], tracker.events.maxlen
    for name in ("latest_message", "latest_bot_utterance"):
        empty = held[name].timestamp if held[name] not in tracker.events else None
        held[name] = "none yet" if empty else id(held[name])
    return held


@pytest.mark.parametrize(
    "events", [*CONVERSATIONS.values(), *MORE.values()], ids=[*CONVERSATIONS, *MORE]
)
def test_a_copy_is_stock_rasas(domain: Any, events: list[Event]) -> None:
    speedups.apply()
    tracker = DialogueStateTracker.from_events("c", [], domain.slots, sender_source="here")
    for event in events:
        tracker.update(event, domain)
        assert all_of(tracker.copy()) == all_of(tracker_speedups._stock_copy(tracker))


def test_a_follow_up_that_rasa_took_off_unrecorded_is_there_again(domain: Any) -> None:
    tracker = DialogueStateTracker.from_events("c", TAKEN_UP, domain.slots)
    tracker.clear_followup_action()
    assert tracker_speedups._stock_copy(tracker).followup_action == "track_order_form"
    assert tracker_speedups._copy(tracker).followup_action == "track_order_form"


def test_what_becomes_of_a_copy_leaves_the_tracker_alone(domain: Any) -> None:
    tracker = DialogueStateTracker.from_events("c", FORM, domain.slots)
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
    before = all_of(tracker.copy())
    twin = tracker_speedups._copy(tracker)
    twin.active_loop.is_interrupted = True
    twin.latest_action["action_name"] = "utter_greet"
    twin.update_with_events([SlotSet("order_number", "10432"), ActiveLoop(None)], domain)
    assert all_of(tracker.copy()) == before
    assert domain.slots[0].value == tracker.slots[domain.slots[0].name].value


@pytest.mark.parametrize("events", CONVERSATIONS.values(), ids=CONVERSATIONS.keys())
def test_what_an_action_is_told_is_what_stock_rasa_tells(domain: Any, events: list[Event]) -> None:
    tracker = DialogueStateTracker.from_events("c", [], domain.slots)
    for event in events:
        tracker.update(event, domain)
        for verbosity in EventVerbosity:
            told = tracker_speedups._current_state(tracker, verbosity)
            assert told == tracker_speedups._stock_state(tracker, verbosity)
            loop = tracker.active_loop
            assert not loop or told["active_loop"]["trigger_message"] is not loop.trigger_message


def test_it_is_put_in_place_with_the_other_speedups() -> None:
    speedups.apply()
    assert DialogueStateTracker.copy is tracker_speedups._copy
    assert DialogueStateTracker.current_state is tracker_speedups._current_state
    assert vars(Slot)["__copy__"] is tracker_speedups._copied_slot
