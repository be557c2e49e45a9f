"""The assistant's parts that replace or bound something of Rasa's, held against Rasa itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.assistant import tensorflow
from bot.assistant.model import components_of
from bot.assistant.nlu.logistic_regression import LogisticRegression
from bot.assistant.policy import misunderstandings_in_a_row
from bot.assistant.reply import AgentSaid, Returned
from bot.assistant.tracker import LARGEST_WINDOW_TURNS, WINDOW_TURNS, catch_up, dump, restore

DOMAIN = Domain.from_dict(
    {
        "intents": ["greet", "ask", "nlu_fallback"],
        "slots": {
            "number": {"type": "text", "mappings": [{"type": "custom"}]},
            "vouched_number": {"type": "text", "mappings": [{"type": "custom"}]},
            "action_failure": {"type": "any", "mappings": [{"type": "custom"}]},
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
    lost = turn("nlu_fallback")
    assert misunderstandings_in_a_row(tracker_of(*lost, *turn("greet"), *lost)) == 1
    assert misunderstandings_in_a_row(tracker_of(*lost, *lost)) == 2
    handed_off = [said("nlu_fallback"), ActionExecuted("utter_handoff")]
    assert misunderstandings_in_a_row(tracker_of(*lost, *handed_off)) == 0
    answer = [said("nlu_fallback", "the fleece"), SlotSet("number", "1")]
    form = [ActiveLoop("ask_form"), SlotSet("requested_slot", "number")]
    assert misunderstandings_in_a_row(tracker_of(*lost, *form, *answer)) == 0


def test_the_classifier_predicts_what_rasas_own_does(tmp_path: Path) -> None:
    storage = LocalModelStorage.create(tmp_path)
    context = ExecutionContext(GraphSchema({}), node_name="classifier")
    generator = np.random.default_rng(7)
    examples = [message(generator.normal(size=8), f"intent{n % 3}") for n in range(60)]
    ours = LogisticRegression.create(
        LogisticRegression.get_default_config(), storage, Resource("classifier"), context
    )
    rasas = LogisticRegressionClassifier.create(
        LogisticRegressionClassifier.get_default_config(), storage, Resource("rasas"), context
    )
    rasas.clf.fit(*rasas._create_training_matrix(TrainingData(examples)))
    resource = ours.train(TrainingData(examples))
    loaded = LogisticRegression.load(
        LogisticRegression.get_default_config(), storage, resource, context
    )
    for vector in generator.normal(size=(20, 8)):
        one, other = message(vector, None), message(vector, None)
        loaded.process([one])
        rasas.process([other])
        assert one.get("intent_ranking") == other.get("intent_ranking")


def message(vector: np.ndarray, intent: str | None) -> Message:  # type: ignore[type-arg]
    built = Message({TEXT: "x", **({"intent": intent} if intent else {})})
    for kind, features in (("sequence", vector[None]), ("sentence", vector[None])):
        built.add_features(Features(features, kind, TEXT, "test"))
    return built


def test_a_trained_model_says_what_it_consists_of(model: Path) -> None:
    found = components_of(model)
    assert "bot.assistant.nlu.logistic_regression.LogisticRegression" in found
    assert "rasa.core.policies.rule_policy.RulePolicy" in found
    assert not tensorflow.is_needed(found)


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
