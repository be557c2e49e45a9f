"""The bounded tracker: Rasa's memory of a conversation at a cost that does not grow with it.

With Rasa's stock stores the 500th message of a conversation costs a second. Here a window of the
newest turns is kept; what lies before it survives as slots (and, if need be, the open form).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.events import deserialise_events as parse_events
from rasa.shared.core.trackers import DialogueStateTracker

from bot.assistant.policy import FAILURE_SLOT, REQUEST_SLOT
from bot.assistant.reply import AgentChanged, AgentSaid, Happening, Returned

WINDOW_TURNS = 10
LARGEST_WINDOW_TURNS = 30  # a form open for longer is cut too, and carried like the slots
KEPT_PARSE_DATA = ("intent", "entities", "intent_ranking", "text")
KEPT_RANKING = 3
VOUCHED = "vouched_"
CHANGED_SLOT = "changed_by_agent"
MOST_CHANGES = 10
STORED = "_warmline_stored"  # where a restored event keeps what it was read from


def restore(
    conversation_id: str, stored: list[dict[str, Any]], domain: Domain
) -> DialogueStateTracker:
    """The tracker as it was when `stored` was dumped; a new one starts a session."""
    events = parse_events(stored) if stored else [SessionStarted(), _listen()]
    if len(events) == len(stored):
        for event, plain in zip(events, stored, strict=True):
            vars(event)[STORED] = plain
    return DialogueStateTracker.from_events(conversation_id, events, domain.slots)


def catch_up(tracker: DialogueStateTracker, since: Sequence[Happening], domain: Domain) -> None:
    """Let the tracker know what agents said, changed and set while the conversation was theirs."""
    for happening in since:
        if isinstance(happening, AgentSaid):
            said = BotUttered(happening.text, {}, {"author": "agent", "name": happening.agent})
            tracker.update(said, domain)
        elif isinstance(happening, AgentChanged):
            if CHANGED_SLOT in tracker.slots:
                tracker.update(_changed(tracker, happening), domain)
        elif isinstance(happening, Returned):
            tracker.update_with_events(_returned(tracker, happening), domain)


def _changed(tracker: DialogueStateTracker, changed: AgentChanged) -> Event:
    before = tracker.get_slot(CHANGED_SLOT) or []
    return SlotSet(CHANGED_SLOT, [*before, asdict(changed)][-MOST_CHANGES:])


def _returned(tracker: DialogueStateTracker, returned: Returned) -> list[Event]:
    events: list[Event] = [
        SlotSet(name, None) for name in (FAILURE_SLOT, REQUEST_SLOT) if name in tracker.slots
    ]
    for name, value in returned.slots.items():
        events.append(SlotSet(name, value))
        # What an agent has checked, an action need not ask the customer to prove.
        if f"{VOUCHED}{name}" in tracker.slots:
            events.append(SlotSet(f"{VOUCHED}{name}", value))
    if tracker.active_loop_name and returned.resume != "continue":
        # `drop` also forgets what the form was about to learn; `done` keeps what it knows.
        events += [ActiveLoop(None), SlotSet("requested_slot", None)]
        if returned.resume == "drop":
            wanted = tracker.get_slot("requested_slot")
            if wanted and wanted not in returned.slots:
                events.append(SlotSet(wanted, None))
    return events


def dump(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """The newest turns of the tracker as JSON, with the state before them carried over."""
    events = list(tracker.events)
    start = _cut(events)
    kept = events[start:]
    if start:
        kept = [*_carried(tracker, events[:start]), *kept]
    return [_as_json(event) for event in kept]


def _cut(events: list[Event]) -> int:
    """Where the window starts: the listen before a customer message, outside any form if it can."""
    turns = [i for i, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(turns) <= WINDOW_TURNS:
        return 0
    starts = [_listen_before(events, i) for i in turns]
    for start in reversed(starts[-LARGEST_WINDOW_TURNS : -WINDOW_TURNS + 1 or None]):
        if not _open_loop(events[:start]):
            return start
    if len(turns) <= LARGEST_WINDOW_TURNS:
        return 0
    return starts[-LARGEST_WINDOW_TURNS]


def _listen_before(events: list[Event], index: int) -> int:
    for i in range(index - 1, -1, -1):
        event = events[i]
        if isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME:
            return i
        if isinstance(event, UserUttered):
            return i + 1
    return 0


def _open_loop(events: list[Event]) -> str | None:
    for event in reversed(events):
        if isinstance(event, ActiveLoop):
            name: str | None = event.name
            return name
    return None


def _carried(tracker: DialogueStateTracker, before: list[Event]) -> list[Event]:
    slots: dict[str, Any] = {}
    for event in before:
        if isinstance(event, SlotSet):
            slots[event.key] = event.value
    carried: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    carried += [SlotSet(name, value) for name, value in slots.items() if name in tracker.slots]
    loop = _open_loop(before)
    if loop:
        carried += [ActionExecuted(loop), ActiveLoop(loop)]
    return carried


def _as_json(event: Event) -> dict[str, Any]:
    stored: dict[str, Any] | None = vars(event).get(STORED)
    if stored is not None and stored.get("timestamp") == event.timestamp:  # no copy made later on
        return stored
    plain: dict[str, Any] = event.as_dict()
    parse_data = plain.get("parse_data")
    if parse_data:
        slim = {key: parse_data[key] for key in KEPT_PARSE_DATA if key in parse_data}
        slim["intent_ranking"] = slim.get("intent_ranking", [])[:KEPT_RANKING]
        plain["parse_data"] = slim
    return plain


def _listen() -> ActionExecuted:
    return ActionExecuted(ACTION_LISTEN_NAME)
