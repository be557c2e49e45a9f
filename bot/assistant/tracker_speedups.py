"""Rasa's tracker copied as it stands; stock Rasa plays the conversation again for every copy.

What an action is told of an open form is copied as the plain data it is.
Every action gets a copy, and a form that opens one more, a conversation of a hundred events each.
"""

from __future__ import annotations

from collections import deque
from copy import copy, deepcopy
from typing import Any

from rasa.shared.constants import DEFAULT_SENDER_ID
from rasa.shared.core.constants import ACTIVE_LOOP
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    FollowupAction,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

# These set what follows, or set it back, in ways that only playing them again tells.
STEERING = (ActionReverted, FollowupAction, Restarted, SessionStarted, UserUtteranceReverted)

_stock_copy = DialogueStateTracker.copy
_stock_state = DialogueStateTracker.current_state


def apply() -> None:
    """Put the functions in place; `speedups.apply` knows in which Rasa."""
    Slot.__copy__ = _copied_slot
    DialogueStateTracker.copy = _copy
    DialogueStateTracker.current_state = _current_state


def _copy(tracker: DialogueStateTracker) -> DialogueStateTracker:
    if not _is_settled(tracker):
        replayed: DialogueStateTracker = _stock_copy(tracker)
        return replayed
    twin = DialogueStateTracker(
        tracker.sender_id or DEFAULT_SENDER_ID, None, is_rule_tracker=tracker.is_rule_tracker
    )
    twin.events = deque(tracker.events)
    twin.slots = {name: copy(slot) for name, slot in tracker.slots.items()}
    twin.latest_action = dict(tracker.latest_action)
    twin.latest_message = tracker.latest_message
    twin.latest_bot_utterance = tracker.latest_bot_utterance
    twin.active_loop = copy(tracker.active_loop)
    twin.followup_action = None
    twin._paused = tracker._paused
    return twin


def _is_settled(tracker: DialogueStateTracker) -> bool:
    """Whether the tracker is what its events make of it.

    Not so where Rasa took a follow-up off it unrecorded, or where it forgets its oldest events.
    """
    if type(tracker) is not DialogueStateTracker or tracker._max_event_history is not None:
        return False
    for event in reversed(tracker.events):
        if isinstance(event, (ActionExecuted, UserUttered)):
            return type(tracker.slots) is dict
        if isinstance(event, STEERING):
            return False
    return False


def _copied_slot(slot: Slot) -> Slot:
    # What `copy.copy` makes of an object with nothing but attributes, without looking for more.
    twin: Slot = object.__new__(type(slot))
    vars(twin).update(vars(slot))
    return twin


def _current_state(
    tracker: DialogueStateTracker, event_verbosity: EventVerbosity = EventVerbosity.NONE
) -> dict[str, Any]:
    loop = tracker.active_loop
    tracker.active_loop = None  # or it would be taken apart field by field, deep into the message
    try:
        state: dict[str, Any] = _stock_state(tracker, event_verbosity)
    finally:
        tracker.active_loop = loop
    if loop:
        state[ACTIVE_LOOP] = _copied_json(vars(loop))
    return state


def _copied_json(value: Any) -> Any:
    if type(value) is dict:
        return {key: _copied_json(part) for key, part in value.items()}
    if type(value) is list:
        return [_copied_json(part) for part in value]
    return value if value is None or type(value) in (str, float, int, bool) else deepcopy(value)
