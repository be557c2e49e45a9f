"""Changes made by an action that runs where nobody remembers them: in an action server."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk.interfaces import Tracker

from actions.effects import effect_key, once

REFUND = {"order": "10432", "pence": 500}


def tracker(message_id: str) -> Tracker:
    return Tracker("ada", {}, {"message_id": message_id}, [], False, None, {}, None)


async def request(message_id: str, *changes: dict[str, Any]) -> list[str]:
    """The keys under which one request to the action server makes these changes."""
    keys: list[str] = []

    async def make(key: str) -> str:
        keys.append(key)
        return "done"

    async def run() -> None:
        for change in changes:
            assert await once(tracker(message_id), "refund", change, make) == "done"

    await asyncio.create_task(run())  # a server gives each request a task, and so a context
    return keys


async def test_a_repeated_request_makes_the_change_under_the_same_key() -> None:
    assert await request("m1", REFUND) == await request("m1", REFUND)


async def test_every_change_has_a_key_of_its_own() -> None:
    keys = [
        *await request("m1", REFUND, REFUND, {**REFUND, "pence": 501}),
        *await request("m2", REFUND),
    ]
    assert len(set(keys)) == 4


def test_the_order_in_which_arguments_are_named_does_not_matter() -> None:
    turned = dict(reversed(REFUND.items()))
    assert effect_key("m1", "refund", 1, REFUND) == effect_key("m1", "refund", 1, turned)
