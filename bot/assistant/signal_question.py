"""Asking whether a message is about what the customer just met, and understanding the answer.

The question offers the signal's request as a button; a "yes" in words is taken as its press, so
that all that follows is the same. What was asked about stays in a slot: nobody is asked twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions.context.model import Signal
from actions.signals import leading, not_asked, payload_about, read_signals, with_asked

ASKED_SLOT = "signals_asked"
PAYLOAD_SLOT = "signal_payload"
ASK_PREFIX = "utter_ask_about_"
GREET_ACTION = "action_greet"
OTHERWISE_ACTION = "utter_what_else"


def caller_in(message: UserUttered | None) -> dict[str, Any]:
    """Who writes, as the server vouches for it beside the message; nobody in `rasa shell`."""
    customer = (message.metadata or {}).get("customer") if message is not None else None
    return customer if isinstance(customer, dict) else {}


def is_expected(tracker: DialogueStateTracker) -> bool:
    """Whether there may be more to say to this customer's greeting than to anybody's."""
    known = caller_in(tracker.latest_message).get("verification") in ("known", "verified")
    return known or leads(tracker) is not None


def leads(tracker: DialogueStateTracker) -> Signal | None:
    """The fresh signal that leads, if this assistant has a question for it that was not asked."""
    if ASKED_SLOT not in tracker.slots:
        return None
    signals = read_signals(caller_in(tracker.latest_message).get("signals"))
    asked = read_signals(tracker.get_slot(ASKED_SLOT))
    return leading(not_asked(signals, asked), datetime.now(timezone.utc)) if signals else None


def asking_about(signal: Signal, tracker: DialogueStateTracker) -> list[Event]:
    """What goes before the question: its button, and that it was asked."""
    return [
        SlotSet(PAYLOAD_SLOT, payload_about(signal)),
        SlotSet(ASKED_SLOT, with_asked(tracker.get_slot(ASKED_SLOT), signal)),
    ]


def open_question(events: Sequence[Event]) -> str | None:
    """What a "yes" to the bot's last words takes up: the payload of the button beside them, if they
    were such a question; `events` end before the customer's answer."""
    for event in reversed(events):
        by_agent = isinstance(event, BotUttered) and event.metadata.get("author") == "agent"
        if by_agent or isinstance(event, UserUttered):
            return None
        if isinstance(event, SlotSet) and event.key == PAYLOAD_SLOT:
            payload: str | None = event.value
            return payload
    return None
