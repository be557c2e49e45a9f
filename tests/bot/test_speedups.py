"""The speed-ups give what stock Rasa gives, on the shop's own model and conversations."""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine import loader
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.events import (
    ActionExecutionRejected,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import EndpointConfig

from bot.assistant import speedups
from bot.live_model import Assistant

TEXTS = ("hello", "where is my order 10432?", "zxq wvv krrr", "get me a human", "/restart", "👍")


def load(model: Path, runner: type) -> tuple[Any, Any]:
    with TemporaryDirectory() as folder:
        loaded: tuple[Any, Any] = loader.load_predict_graph_runner(
            Path(folder), model, LocalModelStorage, runner
        )
    return loaded


def test_it_is_written_for_the_rasa_that_is_installed() -> None:
    import rasa

    assert rasa.__version__ == speedups.WRITTEN_FOR


def test_the_planned_runner_understands_and_decides_like_stock_rasas(model: Path) -> None:
    metadata, stock = load(model, DaskGraphRunner)
    _, planned = load(model, speedups.PlannedGraphRunner)
    assert type(stock) is DaskGraphRunner
    for text in TEXTS:
        tracker = DialogueStateTracker.from_events("c", [], metadata.domain.slots)
        message = UserMessage(text)
        inputs = {"__message__": [message], "__tracker__": tracker}
        heard = [
            runner.run(inputs=inputs, targets=[metadata.nlu_target])[metadata.nlu_target][0]
            for runner in (stock, planned)
        ]
        first, second = (parsed.as_dict(only_output_properties=True) for parsed in heard)
        assert first == second
        tracker.update(UserUttered(text, first["intent"], first["entities"]), metadata.domain)
        decided = [
            runner.run(inputs={"__tracker__": tracker}, targets=[metadata.core_target])[
                metadata.core_target
            ]
            for runner in (stock, planned)
        ]
        assert decided[0].probabilities == decided[1].probabilities
        assert decided[0].action_metadata == decided[1].action_metadata
        assert decided[0].policy_name == decided[1].policy_name


def test_every_event_is_found_by_its_name() -> None:
    for event in all_subclasses(Event):
        expected = speedups._stock_resolve(event.type_name)
        assert speedups._resolve_by_type(event.type_name) is expected
    with pytest.raises(ValueError, match="no_such_event"):
        speedups._resolve_by_type("no_such_event")


def test_events_are_of_the_kinds_stock_rasa_takes_them_for() -> None:
    speedups.apply()
    kinds = [Event, *all_subclasses(Event)]
    assert {type(kind) for kind in kinds} == {speedups.PlainKind}
    events = [SlotSet("a", 1), UserUttered("hello"), BotUttered("x"), "slot", None]
    for kind in kinds:
        for event in events:
            assert isinstance(event, kind) is ABCMeta.__instancecheck__(kind, event)
        for other in kinds:
            assert issubclass(other, kind) is ABCMeta.__subclasscheck__(kind, other)
    with pytest.raises(TypeError, match="abstract"):
        Event()


def test_the_default_actions_are_stock_rasas_and_made_once_for_an_endpoint() -> None:
    one, other = EndpointConfig("http://one.test"), EndpointConfig("http://other.test")
    for endpoint in (one, other, None):
        made = speedups._default_actions(endpoint)
        stock = speedups._stock_default_actions(endpoint)
        assert [(type(each), vars(each)) for each in made] == [
            (type(each), vars(each)) for each in stock
        ]
        again = speedups._default_actions(endpoint)
        assert all(first is second for first, second in zip(made, again, strict=True))


def judged(validate: Callable[[RemoteAction, Any], bool], result: Any) -> bool | str:
    """The verdict, or the words of the error."""
    try:
        return validate(RemoteAction("action_x", None), result)
    except ValidationError as error:
        return str(error.message)


SLOT = {"event": "slot", "name": "a", "value": 1}
EVENTS: list[Any] = [
    SLOT,
    {**SLOT, "timestamp": None, "metadata": None},
    {**SLOT, "timestamp": None},
    {**SLOT, "timestamp": None, "name": 1},
    {**SLOT, "timestamp": "now"},
    {**SLOT, "metadata": []},
    {**SLOT, "name": 1},
    {"event": "slot", "name": "a"},
    {"event": "entities", "entities": [{"entity": "city", "value": "Bath"}]},
    {"event": "entities", "entities": [{"entity": "city"}]},
    {"event": "user", "text": "hello", "parse_data": {"intent": {"name": "greet"}}},
    {"event": "user", "text": "hello", "parse_data": {"intent": {"name": 1}}},
    {"event": "action", "hide_rule_turn": "yes"},
    *({"event": cls.type_name} for cls in all_subclasses(Event)),
    {"event": "no_such_event"},
    {"event": None},
    {"event": ["slot"]},
    {"no": "event"},
    "slot",
]


@pytest.mark.parametrize(
    "result",
    [
        {},
        {"events": [], "responses": []},
        {"events": [SLOT], "responses": [{"text": "x"}]},
        {"events": None},
        {"responses": None},
        {"responses": ["x"]},
        {"responses": ({"text": "x"},)},
        {"events": (SLOT,)},
        {"events": "none"},
        [],
        None,
        *({"events": [SLOT, event]} for event in EVENTS),
    ],
    ids=str,
)
def test_answers_of_actions_are_judged_alike(result: Any) -> None:
    stock = judged(speedups._stock_validate, result)
    assert judged(speedups._validate_action_result, result) == stock


def test_the_usual_answers_are_judged_without_stock_rasa() -> None:
    assert speedups._is_well_formed({"events": [SLOT, EVENTS[1]], "responses": [{"text": "x"}]})


@pytest.mark.parametrize("rejected", [False, True])
def test_what_an_action_did_is_put_on_the_tracker_as_by_stock_rasa(
    assistant: Assistant, rejected: bool
) -> None:
    processor: Any = vars(assistant)["_processor"]
    slots = processor.domain.slots
    prediction = PolicyPrediction([1.0], "p", events=[SlotSet("postcode", "BS1 4DJ")])
    action = RemoteAction("action_track_order", None)
    events = [ActionExecutionRejected("action_track_order")] if rejected else [BotUttered("x")]
    for given in (events, None):
        quick = DialogueStateTracker.from_events("c", [], slots)
        stock = DialogueStateTracker.from_events("c", [], slots)
        processor._log_action_on_tracker(quick, action, given, prediction)
        MessageProcessor._log_action_on_tracker(processor, stock, action, given, prediction)
        assert list(quick.events) == list(stock.events)
        assert quick.current_slot_values() == stock.current_slot_values()
