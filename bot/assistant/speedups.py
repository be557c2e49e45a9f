"""Rasa without six costs it pays for every message; each gives exactly what stock Rasa gives.

Measured on two cores: `Event.resolve_by_type` walks all subclasses for every stored event, and
thousands of times a message Rasa asks of what kind one is, through the detours of abstract classes;
`DaskGraphRunner` plans the graph anew, and writes the whole tracker into a debug line that nobody
reads, for every run; so does the processor with every event and every slot; `RemoteAction` holds
each event of an answer against the schemas of all 23 kinds, and checks the schemas first; whoever
looks for an action makes all twelve default ones to find it. The rules and the tracker have files
of their own, `rule_speedups.py` and `tracker_speedups.py`.
"""

from __future__ import annotations

from abc import ABCMeta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema
import rasa
from rasa.core.actions import action as rasa_actions
from rasa.core.actions.action import Action, RemoteAction
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine import loader
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.events import ActionExecutionRejected, Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import EndpointConfig

from bot.assistant import rule_speedups, tracker_speedups

WRITTEN_FOR = "3.6.21"

_stock_default_actions = rasa_actions.default_actions
_stock_resolve = Event.resolve_by_type
_stock_validate = RemoteAction._validate_action_result
_answers = RemoteAction.action_response_format_spec()
_event = _answers["properties"]["events"]["items"]
# One of the kinds must fit an event, each wants another name: only the one named can.
_kinds = {
    kind["properties"]["event"]["const"]: jsonschema.Draft7Validator({**_event, "oneOf": [kind]})
    for kind in _event["oneOf"]
}
# What rasa_sdk makes of a slot that an action sets: nearly all that actions answer.
_SLOT_SET = {"event", "timestamp", "name", "value"}
_made: dict[int, tuple[EndpointConfig | None, list[Action]]] = {}


class PlannedGraphRunner(DaskGraphRunner):  # type: ignore[misc]
    """Runs the nodes one after the other in an order worked out once for each set of targets."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plans: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = {}

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """The targets' outputs by name, as stock Rasa's runner gives them."""
        wanted = tuple(targets or self._graph_schema.target_names)
        if wanted not in self._plans:
            self._plans[wanted] = self._plan(wanted)
        results = {name: (name, value) for name, value in (inputs or {}).items()}
        for node, needs in self._plans[wanted]:
            # What nobody provides is passed by name: so does stock Rasa.
            given = (results.get(need, need) for need in needs)
            results[node] = self._instantiated_nodes[node](*given)
        return dict(results[target] for target in wanted)

    def _plan(self, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        plan: list[tuple[str, tuple[str, ...]]] = []
        planned: set[str] = set()

        def visit(name: str) -> None:
            if name in planned or name not in nodes:
                return
            planned.add(name)
            needs = tuple(nodes[name].needs.values())
            for need in needs:
                visit(need)
            plan.append((name, needs))

        for target in targets:
            visit(target)
        return plan


class PlainKind(ABCMeta):
    """Kinds of events that nothing is registered as: only their own classes are asked."""

    __instancecheck__ = type.__instancecheck__
    __subclasscheck__ = type.__subclasscheck__


class Processor(MessageProcessor):  # type: ignore[misc]
    """Rasa's message processor over the planned runner; it copies no events for debug lines."""

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, Any, Any]:
        path = Path(model_path)
        with TemporaryDirectory() as folder:
            metadata, runner = loader.load_predict_graph_runner(
                Path(folder), path, LocalModelStorage, PlannedGraphRunner
            )
        return path.name, metadata, runner

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """Nothing is to be seen of customers' slots in a log."""

    def _log_action_on_tracker(
        self,
        tracker: DialogueStateTracker,
        action: Action,
        events: list[Event] | None,
        prediction: PolicyPrediction,
    ) -> None:
        events = events or []
        if not any(isinstance(event, ActionExecutionRejected) for event in events):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)


def apply() -> None:
    """Put the functions in place, in the Rasa they were written for and no other."""
    if rasa.__version__ == WRITTEN_FOR:
        rule_speedups.apply()
        tracker_speedups.apply()
        for kind in (Event, *all_subclasses(Event)):
            kind.__class__ = PlainKind
        Event.resolve_by_type = staticmethod(_resolve_by_type)
        rasa_actions.default_actions = _default_actions
        RemoteAction._validate_action_result = _validate_action_result


def _default_actions(action_endpoint: EndpointConfig | None = None) -> list[Action]:
    """Made once for an endpoint: none of them keeps anything from one run to the next."""
    made = _made.get(id(action_endpoint))
    if made is None:
        # Kept with the endpoint, or another one could get its id; without those of models before.
        _made.clear()
        made = (action_endpoint, _stock_default_actions(action_endpoint))
        _made[id(action_endpoint)] = made
    return list(made[1])


@lru_cache(maxsize=256)
def _resolve_by_type(type_name: str, default: type | None = None) -> type | None:
    resolved: type | None = _stock_resolve(type_name, default)
    return resolved


def _validate_action_result(action: RemoteAction, result: dict[str, Any]) -> bool:
    if _is_well_formed(result):
        return True
    # Stock Rasa raises an error with an explanation: let it, when there is one to raise.
    valid: bool = _stock_validate(action, result)
    return valid


def _is_well_formed(result: Any) -> bool:
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events", []), result.get("responses", [])
    return (
        isinstance(events, list)
        and isinstance(responses, list)
        and all(isinstance(event, dict) and _is_event(event) for event in events)
        and all(isinstance(response, dict) for response in responses)
    )


def _is_event(event: dict[str, Any]) -> bool:
    kind = event.get("event")
    if kind == "slot" and event.keys() == _SLOT_SET and event["timestamp"] is None:
        return isinstance(event["name"], str)
    return isinstance(kind, str) and kind in _kinds and _kinds[kind].is_valid(event)
