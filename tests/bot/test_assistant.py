"""The assistant's parts that replace or bound something of Rasa's, held against Rasa itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.assistant import tensorflow
from bot.assistant.model import components_of
from bot.assistant.policy import filled_by_message, standing_of
from bot.assistant.reply import AgentSaid, Returned
from bot.assistant.tracker import (
    LARGEST_WINDOW_TURNS,
    STORED,
    WINDOW_TURNS,
    catch_up,
    dump,
    restore,
)
from tests.conftest import ROOT

DOMAIN = Domain.from_dict(
    {
        "intents": ["greet", "ask", "nlu_fallback", "out_of_scope"],
        "slots": {
            "number": {"type": "text", "mappings": [{"type": "custom"}]},
            "vouched_number": {"type": "text", "mappings": [{"type": "custom"}]},
            "action_failure": {"type": "any", "mappings": [{"type": "custom"}]},
            "handoff_request": {"type": "any", "mappings": [{"type": "custom"}]},
        },
        "forms": {"ask_form": {"required_slots": ["number"]}},
        "responses": {"utter_greet": [{"text": "Hello"}]},
    }
)


def said(intent: str, text: str = "x") -> UserUttered:
    parse = {"intent": {"name": intent, "confidence": 0.9}, "entities": [], "text": text}
    return UserUttered(text, parse["intent"], [], parse)


def turn(intent: str) -> list[Event]:
    return [
        said(intent),
        ActionExecuted("utter_greet"),
        BotUttered("Hello"),
        ActionExecuted("action_listen"),
    ]


def tracker_of(*events: Event) -> DialogueStateTracker:
    start = [SessionStarted(), ActionExecuted("action_listen")]
    return DialogueStateTracker.from_events("c", [*start, *events], DOMAIN.slots, domain=DOMAIN)


def test_the_stored_tracker_stops_growing_and_keeps_the_slots() -> None:
    tracker = tracker_of(SlotSet("number", "10432"))
    sizes = []
    for _ in range(100):
        for event in turn("greet"):
            tracker.update(event, DOMAIN)
        stored = dump(tracker)
        sizes.append(len(stored))
        tracker = restore("c", stored, DOMAIN)
    assert sizes[20] == sizes[-1] < 6 * WINDOW_TURNS
    assert tracker.get_slot("number") == "10432"
    assert tracker.latest_action_name == "action_listen"


def test_within_the_window_nothing_is_lost() -> None:
    tracker = tracker_of(*(event for _ in range(WINDOW_TURNS) for event in turn("greet")))
    again = restore("c", dump(tracker), DOMAIN)
    assert [type(event) for event in again.events] == [type(event) for event in tracker.events]
    assert again.current_slot_values() == tracker.current_slot_values()


def test_what_was_stored_is_stored_again_as_its_events_would_be_written_anew() -> None:
    form = [ActionExecuted("ask_form"), ActiveLoop("ask_form"), SlotSet("number", "10432")]
    stored = json.loads(json.dumps(dump(tracker_of(*turn("greet"), *form, *turn("ask")))))
    tracker = restore("c", stored, DOMAIN)
    again = dump(tracker)
    assert all(one is other for one, other in zip(again, stored, strict=True))
    repeated = deepcopy(tracker.events[-1])
    tracker.update_with_events([repeated], DOMAIN)
    assert dump(tracker)[-1]["timestamp"] == repeated.timestamp != again[-1]["timestamp"]
    for event in tracker.events:
        del vars(event)[STORED]
    assert dump(tracker)[:-1] == again


def test_a_form_survives_the_cut_however_long_it_stays_open() -> None:
    tracker = tracker_of(ActionExecuted("ask_form"), ActiveLoop("ask_form"))
    for _ in range(3 * LARGEST_WINDOW_TURNS):
        for event in turn("ask"):
            tracker.update(event, DOMAIN)
        tracker = restore("c", dump(tracker), DOMAIN)
    assert tracker.active_loop_name == "ask_form"
    assert len(tracker.events) < 6 * LARGEST_WINDOW_TURNS


def test_the_tracker_learns_what_agents_said_and_set() -> None:
    tracker = tracker_of(
        *turn("greet"),
        SlotSet("action_failure", "action_x"),
        ActiveLoop("ask_form"),
        SlotSet("requested_slot", "number"),
    )
    catch_up(tracker, [AgentSaid("Hi", "Nora"), Returned("done", {"number": "1"})], DOMAIN)
    spoken = [event for event in tracker.events if isinstance(event, BotUttered)][-1]
    assert (spoken.text, spoken.metadata["name"]) == ("Hi", "Nora")
    assert tracker.get_slot("number") == tracker.get_slot("vouched_number") == "1"
    assert tracker.get_slot("action_failure") is None
    assert tracker.active_loop_name is None


@pytest.mark.parametrize(
    ("resume", "loop", "number"),
    [("continue", "ask_form", "1"), ("done", None, "1"), ("drop", None, None)],
)
def test_an_open_form_is_continued_taken_as_done_or_dropped(
    resume: str, loop: str | None, number: str | None
) -> None:
    tracker = tracker_of(
        ActiveLoop("ask_form"), SlotSet("requested_slot", "number"), SlotSet("number", "1")
    )
    catch_up(tracker, [Returned(resume, {})], DOMAIN)  # type: ignore[arg-type]
    assert tracker.active_loop_name == loop
    assert tracker.get_slot("number") == number


def test_misunderstandings_are_counted_in_a_row() -> None:
    def row(*events: Event) -> tuple[int, int, bool]:
        standing = standing_of(tracker_of(*events))
        return standing.misunderstood, standing.out_of_scope, standing.asked_which

    lost, foreign = turn("nlu_fallback"), turn("out_of_scope")
    asked = [said("nlu_fallback"), ActionExecuted("utter_ask_which")]
    assert row(*lost, *turn("greet"), *lost) == (1, 0, False)
    assert row(*lost, *lost) == (2, 0, False)
    assert row(*foreign, *foreign) == (2, 2, False)
    assert row(*foreign, *lost) == (2, 0, False)
    assert row(*asked, said("nlu_fallback")) == (2, 0, True)
    assert row(*asked, said("greet"), *lost) == (1, 0, False)
    assert row(*lost, UserUtteranceReverted(), said("nlu_fallback")) == (2, 0, False)
    assert row(*lost, said("nlu_fallback"), ActionExecuted("utter_handoff")) == (0, 0, False)
    heard = [said("nlu_fallback"), ActionExecuted("action_listen")]  # an agent answered it
    assert row(*heard, *heard, *lost) == (1, 0, False)
    answer = [said("nlu_fallback", "the fleece"), SlotSet("number", "1")]
    form = [ActiveLoop("ask_form"), SlotSet("requested_slot", "number")]
    assert row(*lost, *form, *answer) == (0, 0, False)


def test_what_a_triggering_message_filled_is_set_back() -> None:
    before = [SlotSet("number", "1"), *turn("greet")]
    filled = [said("ask", "a person"), SlotSet("number", "a person")]
    assert filled_by_message(tracker_of(*before, *filled)) == [SlotSet("number", "1")]
    assert filled_by_message(tracker_of(*filled)) == [SlotSet("number", None)]
    acted = [*filled, ActionExecuted("utter_greet")]
    assert filled_by_message(tracker_of(*before, *acted)) == []


@pytest.mark.parametrize(
    ("components", "needed"),
    [
        (["WhitespaceTokenizer", "rasa.nlu.classifiers.fallback_classifier.X"], False),
        (["bot.assistant.policy.HandoffPolicy", "RulePolicy"], False),
        (["DIETClassifier"], True),
        (["rasa.core.policies.ted_policy.TEDPolicy"], True),
        (["somebody.elses.Component"], True),
    ],
)
def test_tensorflow_is_left_out_only_when_nothing_computes_with_it(
    components: list[str], needed: bool
) -> None:
    assert tensorflow.is_needed(components) is needed


@pytest.mark.parametrize("program", ["bot.serving", "bot.working"])
def test_no_program_imports_rasa_before_it_knows_what_its_model_needs(program: str) -> None:
    """Rasa imports TensorFlow at once: 4.5 s of CPU and 255 MB that no model here has a use for."""
    asked = f"import sys, {program}; print('rasa' in sys.modules, 'tensorflow' in sys.modules)"
    command = [sys.executable, "-c", asked]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)  # noqa: S603
    assert done.stdout.decode().strip() == "False False"


RUNS = """
import asyncio
from bot import serving
from bot.cli import main
async def serve(settings):
    print(type(asyncio.get_running_loop()).__module__)
serving.serve = serve
main(["demo"])
"""


def test_a_program_runs_on_the_fast_loop_before_rasa_is_there_to_choose_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", RUNS]
    environment = {**os.environ, "WARMLINE_DATA_DIR": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)  # noqa: S603
    assert done.stdout.decode().strip() == "uvloop"


def test_a_models_components_are_those_it_answers_with(model: Path) -> None:
    found = components_of(model)
    assert "bot.assistant.nlu.classifier.IntentClassifier" in found
    assert "bot.assistant.policy.HandoffPolicy" in found
