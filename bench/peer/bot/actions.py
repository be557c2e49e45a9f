"""The stock bot's order status: the same rows of the same shop that Warmline's action reads."""

from __future__ import annotations

import os
import sqlite3
from typing import Any

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

ORDER = "SELECT number, state, delivery_estimate, postcode FROM orders WHERE number = ?"
ITEMS = "SELECT quantity, name FROM order_items WHERE order_number = ? ORDER BY position"
SCANS = "SELECT at, text, place FROM tracking_events WHERE order_number = ? ORDER BY position"


class ActionTrackOrder(Action):
    """Tells where the order is, to whoever knows its postcode."""

    def __init__(self) -> None:
        self._shop = sqlite3.connect(f"file:{os.environ['SHOP_FILE']}?mode=ro", uri=True)

    def name(self) -> str:
        """Rasa's name for the action."""
        return "action_track_order"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Answers; changes nothing."""
        asked = tracker.get_slot("order_number")
        order = self._shop.execute(ORDER, (asked,)).fetchone()
        if order is None or order[3] != tracker.get_slot("postcode"):
            dispatcher.utter_message(text="There is no order like that.")
            return []
        number, state, estimate, _ = order
        items = ", ".join(
            f"{count} x {name}" for count, name in self._shop.execute(ITEMS, (asked,))
        )
        scans = self._shop.execute(SCANS, (asked,)).fetchall()
        last = f"{scans[-1][1]}, {scans[-1][2]}" if scans else "no scan yet"
        dispatcher.utter_message(
            text=f"Order {number} ({items}) is {state}, expected {estimate}. Last seen: {last}."
        )
        return []
