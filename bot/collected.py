"""What was found out before a person came, and where each of it is from.

A value that the customer wrote is traced to their message, one that an agent set or wrote to the
agent; what nobody in the conversation said is from the account.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from actions.requests.dialogue import dialogue_in, proving_in
from actions.requests.identity import proof_in_words
from bot.records import Message

FEWEST_TELLING = 3  # characters
_SIGNS = re.compile(r"[\W_]+")


def slots_in(events: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The slots as they are after these events of a tracker (JSON)."""
    values = {one["name"]: one.get("value") for one in events if one.get("event") == "slot"}
    return {name: value for name, value in values.items() if value is not None}


def proof_of(slots: Mapping[str, Any]) -> str | None:
    """By what the customer proved in the conversation who they are, in words."""
    return proof_in_words(proving_in(slots.get("proof")))


def collected_facts(
    slots: Mapping[str, Any], names: Iterable[str], transcript: Sequence[Message]
) -> list[dict[str, Any]]:
    """The slots of these names, and the details of the requests that are not finished."""
    facts = {name: slots[name] for name in sorted(names) if name in slots}
    dialogue = dialogue_in(slots.get("request"))
    details: dict[str, Any] = {}
    for pending in (dialogue.current, *dialogue.waiting):
        if pending is None:
            continue
        number = pending.order or pending.number
        if number is not None:
            facts.setdefault("order_number", number)
        details = {**_plain(pending.details), **details}
    return [
        *(_fact(name, value, transcript, "account") for name, value in facts.items()),
        *(
            {**_fact(name, value, transcript, "conversation"), "settable": False}
            for name, value in details.items()
            if name not in facts
        ),
    ]


def _plain(details: Mapping[str, Any]) -> dict[str, Any]:
    """Those that a person can read on one line."""
    shown: dict[str, Any] = {}
    for name, value in details.items():
        if isinstance(value, (list, tuple)) and value and all(isinstance(v, str) for v in value):
            shown[name] = ", ".join(value)
        elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
            shown[name] = value
    return shown


def _fact(
    name: str, value: object, transcript: Sequence[Message], otherwise: str
) -> dict[str, Any]:
    source, message_id = _source(name, value, transcript) or (otherwise, None)
    return {
        "name": name,
        "value": value,
        "source": source,
        "message_id": message_id,
        "settable": True,
    }


def _source(name: str, value: object, transcript: Sequence[Message]) -> tuple[str, str] | None:
    """Who brought the value up last, and in which message."""
    for line in reversed(transcript):
        if line.author == "customer" and _says(line, value):
            return "message", line.id
        if line.author == "agent" and _says(line, value):
            return "agent", line.id
        if line.data.get("event") == "returned" and line.data["slots"].get(name) == value:
            return "agent", line.id
    return None


def is_from(value: object, text: str) -> bool:
    """Whether the text holds the value, however it is spaced; too short a one tells nothing."""
    wanted = _squeezed(str(value))
    return len(wanted) >= FEWEST_TELLING and wanted in _squeezed(text)


def _says(line: Message, value: object) -> bool:
    """Whether its words, or the button that was pressed, hold the value, however it is spaced."""
    wanted = _squeezed(str(value))
    return bool(wanted) and wanted in _squeezed(f"{line.text} {line.payload or ''}")


def _squeezed(text: str) -> str:
    return _SIGNS.sub("", text).casefold()
