"""An action that refunds, in the place of the one that finishes a request.

Imported only by the processes under test: rasa_sdk registers every action class there is.
"""

from __future__ import annotations

import os
from functools import partial
from typing import Any

import aiohttp
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.effects import effects, once
from actions.requests.form import ActionFinishRequest
from tests.faults.bank import ASKED, KEYED

ARGUMENTS = {"order": "10432", "pence": 500}


class Refund(ActionFinishRequest):
    """Refunds once, or twice where the customer says so."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        turn = effects.get()
        assert turn is not None
        twice = "twice" in str(tracker.latest_message.get("text")).lower()
        can = CAN.get(os.environ["BANK"], {})
        told = []
        for _ in range(2 if twice else 1):
            made = await once(tracker, "refund", ARGUMENTS, partial(make, turn.message_id), **can)
            told.append(made["receipt"])
        dispatcher.utter_message(text=f"Refunded: {' and '.join(told)}")
        return [SlotSet("request", None), SlotSet("answer", None)]


async def make(message_id: str, key: str) -> Any:
    body = {"key": key, "message_id": message_id}
    async with (
        aiohttp.ClientSession(raise_for_status=True) as session,
        session.post(os.environ["BANK_URL"], json=body) as answer,
    ):
        return await answer.json()


async def look(key: str) -> Any:
    async with (
        aiohttp.ClientSession(raise_for_status=True) as session,
        session.get(os.environ["BANK_URL"], params={"key": key}) as answer,
    ):
        return await answer.json()


CAN: dict[str, dict[str, Any]] = {KEYED: {"repeatable": True}, ASKED: {"look": look}}
