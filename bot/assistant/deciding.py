"""What one turn decided and by what, as codes and numbers, from the events that Rasa just made.

It is stored with the turn: the thresholds and rules of that moment cannot be told from the files of
a later one. Nobody's words are in it; those are in the transcript and in a hand-off's evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered

FORM = 1  # of the record; raise it when its keys change their meaning
MOST_STEPS = 12


def decision_of(events: Sequence[Event]) -> dict[str, Any]:
    """The record of the turn that made these events."""
    found: dict[str, Any] = {"form": FORM, "steps": _steps(events)}
    heard = next((one for one in reversed(events) if isinstance(one, UserUttered)), None)
    if heard is not None:
        found |= _read(heard.parse_data or {}, pressed=str(heard.text).startswith("/"))
    for event in events:
        if isinstance(event, ActionExecuted) and (event.metadata or {}).get("handoff"):
            wanted = event.metadata["handoff"]
            found["trigger"] = {"reason": wanted["reason"], **wanted.get("facts", {})}
    changed = {one.key: one.value for one in events if isinstance(one, SlotSet)}
    if changed.get("payload_one") and changed.get("payload_two"):
        found["choice"] = [str(changed[name])[1:] for name in ("payload_one", "payload_two")]
    if isinstance(changed.get("request"), dict):
        found["request"] = _step(changed["request"])
    return found


def _read(parsed: Mapping[str, Any], *, pressed: bool) -> dict[str, Any]:
    read: dict[str, Any] = {"pressed": pressed}
    for name in ("bound", "out_of_scope"):
        if parsed.get(name) and not pressed:
            read[name] = dict(parsed[name])
    knowledge = parsed.get("knowledge")
    if knowledge:
        names = ("article", "heading", "score", "threshold")
        read["knowledge"] = {name: knowledge.get(name) for name in names}
    if parsed.get("frustration") is not None:
        read["mood"] = round(float(parsed["frustration"]), 3)
    language = (parsed.get("language") or {}).get("name")
    if language:
        read["language"] = language
    entities = [
        {"entity": one["entity"], "by": str(one.get("extractor") or "")}
        for one in parsed.get("entities") or ()
    ]
    if entities:
        read["entities"] = entities
    return read


def _steps(events: Sequence[Event]) -> list[dict[str, str]]:
    """The actions in their order, each with the policy that chose it."""
    steps = [
        {"action": str(event.action_name), "policy": str(event.policy or "")}
        for event in events
        if isinstance(event, ActionExecuted) and event.action_name not in (None, ACTION_LISTEN_NAME)
    ]
    return steps[:MOST_STEPS]


def _step(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Where the request at hand stands after the turn; no intent: it is finished."""
    current = stored.get("current") or {}
    reading = current.get("confirming") or {}
    return {
        "intent": current.get("intent"),
        "awaiting": current.get("awaiting"),
        "proposed": (reading.get("change") or {}).get("name"),
        "trouble": current.get("trouble"),
    }
