"""Several requests in one message: found where there are, and never where there are not."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.interfaces import Tracker

from bot.assistant.acting import Acting
from bot.assistant.assistant import Assistant, Collector
from bot.assistant.reply import CustomerMessage, Memory
from tests.understanding.test_bad_input import parse

HERE = Path(__file__).parent
TEXT = "please cancel order 10432 and 10433, and send me the invoice for 10377"


def found_in(assistant: Assistant, text: str) -> list[str]:
    requests: Any = parse(assistant, text).get("requests", [])
    return [str(one["intent"]) for one in requests]


def labelled(name: str) -> list[tuple[str, list[set[str]]]]:
    """Each message, and its requests in order, each as what it may be taken for; none if single."""
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["text"], row["requests"].split()) for row in csv.DictReader(file)]
    return [
        (text, [set(one.split("|")) for one in requests] if len(requests) > 1 else [])
        for text, requests in rows
    ]


@pytest.mark.parametrize("name", ["requests_development", "requests_held_out"])
def test_what_is_found_is_right_and_most_is_found(assistant: Assistant, name: str) -> None:
    several = given = split = exact = 0
    for text, expected in labelled(name):
        found = found_in(assistant, text)
        several += bool(expected)
        given += bool(found)
        split += bool(found and expected)
        exact += bool(found) and [
            intent in one for intent, one in zip(found, expected, strict=False)
        ] == [True] * max(len(found), len(expected))
    assert given >= 45
    assert split / given >= 0.98
    assert exact / given >= 0.975
    assert exact / several >= 0.75


@pytest.mark.parametrize("name", ["development", "held_out"])
def test_what_asks_for_one_thing_is_left_whole(assistant: Assistant, name: str) -> None:
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    assert not [text for text in texts if found_in(assistant, text)]


def test_each_has_its_own_words_and_entities(assistant: Assistant) -> None:
    parsed: Any = parse(assistant, TEXT)
    first, second = parsed["requests"]
    assert (first["intent"], second["intent"]) == ("cancel_order", "get_invoice")
    assert first["text"] == "please cancel order 10432 and 10433"
    assert [one["value"] for one in first["entities"]] == ["10432", "10433"]
    assert second["text"] == "send me the invoice for 10377"
    assert [one["value"] for one in second["entities"]] == ["10377"]
    assert all(0.8 < one["confidence"] <= 1 for one in parsed["requests"])


def test_a_message_with_one_request_and_a_pressed_button_have_none(assistant: Assistant) -> None:
    for text in ("where is my order", "/cancel_order", "thanks, where is my order and goodbye"):
        assert "requests" not in parse(assistant, text)


@pytest.mark.parametrize("again", [False, True])
async def test_an_action_sees_them_also_on_a_second_try(assistant: Assistant, again: bool) -> None:
    parsed: Any = json.loads(json.dumps(parse(assistant, TEXT))) if again else None
    customer = {"reference": None, "verification": "anyone"}
    message = CustomerMessage("m", TEXT, None, "web", customer, parsed)
    tracker, _ = assistant._start("c", Memory([]), Acting("m"))
    await assistant._hear(tracker, message, Collector("web"))
    call = RemoteAction("action_x", EndpointConfig())._action_call_format(
        tracker, assistant._domain
    )
    seen = Tracker.from_dict(call["tracker"]).latest_message["requests"]
    assert [one["intent"] for one in seen] == ["cancel_order", "get_invoice"]
