"""Saying hello to a customer we know something of: their name, and what they just met."""

from __future__ import annotations

from datetime import datetime, timezone

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.caller import caller_of
from actions.signals import leading, not_asked, payload_about, read_signals, with_asked


class ActionGreet(Action):
    """Greets, and asks about the signal that leads, if it was not asked about before."""

    def name(self) -> str:
        """Rasa's name for the action."""
        return "action_greet"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Remembers what it asked about, and what a yes takes up."""
        caller = caller_of(tracker)
        name = caller.name.split()[0] if caller.name else None
        asked = tracker.slots.get("signals_asked")
        signals = not_asked(caller.signals, read_signals(asked))
        signal = leading(signals, datetime.now(timezone.utc))
        if signal is None:
            response = "utter_greet_by_name" if name else "utter_greet"
            dispatcher.utter_message(response=response, name=name)
            return []
        payload = payload_about(signal)
        dispatcher.utter_message(
            response=f"utter_greet_{signal.kind}",
            name=f" {name}" if name else "",
            signal_payload=payload,
        )
        return [
            SlotSet("signal_payload", payload),
            SlotSet("signals_asked", with_asked(asked, signal)),
        ]
