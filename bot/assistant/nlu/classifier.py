"""The intent classifier as a Rasa component: registered in `config.yml`, trained by `rasa train`.

To each message it adds the intent, the ranking with calibrated confidences, `out_of_scope` (how
foreign the message is, and above what it is `refused`), and `bound`: the confidence that
`handoff.yml` asks of an answer of its risk class. What is refused, or not sure enough, gets a
verdict in place of an intent, as from Rasa's FallbackClassifier.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from threadpoolctl import threadpool_limits

from bot.assistant import calibration
from bot.assistant.calibration import Threshold
from bot.assistant.model import CARD
from bot.assistant.nlu.bounds import find_bounds, verdict
from bot.assistant.nlu.embedding import shared_embedder
from bot.assistant.nlu.intents import IntentModel, Scores, Unseen, train
from bot.assistant.nlu.model_card import CURVE, load_curve, make_card, save_curve
from bot.assistant.reply import NOT_SURE, OUT_OF_SCOPE
from bot.errors import SetupError
from bot.rules import Rules
from bot.rules_file import current_rules, load_rules

DECIMALS = 5
# More texts than this are read together; what a customer waits for is read one by one.
FEW = 8
# Under this key a message carries the function that reads texts: components after this one ask the
# same model about parts of it. As with spaCy's documents in Rasa's pipelines, it never leaves them.
READER = "intent_reader"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, RasaIntentClassifier):  # type: ignore[misc]
    """Meaning and wording of every example, weighed by a kernel; see `intents.py`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # Examples of this intent teach what to refuse; it is never one of the answers to rank.
            "out_of_scope_intent": OUT_OF_SCOPE,
            # Its risk classes say how often an answer may be wrong; a change needs no training.
            "rules": "handoff.yml",
            "ranking_length": 10,
        }

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._embedder = shared_embedder()
        self._model: IntentModel | None = None
        self._unseen: Unseen | None = None
        self._bounds: tuple[Rules, dict[str, Threshold]] | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """What a trained model depends on besides this file and the examples: Rasa's cache would
        otherwise hand out one that older code, or older rules, made."""
        sources = [*sorted(Path(__file__).parent.glob("*.py")), Path(calibration.__file__)]
        code = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
        rules = {**cls.get_default_config(), **config}["rules"]
        return f"{code} {load_rules(Path(rules)).json()}"

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples and store the model, its card and the evidence behind it."""
        examples = [
            (str(message.get(TEXT)), str(message.get(INTENT)))
            for message in training_data.intent_examples
            if message.get(TEXT)
        ]
        outside = self._config["out_of_scope_intent"]
        inside = [example for example in examples if example[1] != outside]
        foreign = [text for text, intent in examples if intent == outside]
        if len({intent for _, intent in inside}) < 2:
            raise SetupError(
                f"there are examples of {len({intent for _, intent in inside})} intent(s); "
                "to tell intents apart takes two",
                where="the NLU training data",
                cure="Add examples of another intent under data/nlu/.",
            )
        texts, intents = zip(*inside, strict=True)
        self._model, self._unseen = train(self._embedder, texts, intents, foreign)
        rules, bounds = self._promises()
        card = make_card(examples, self._unseen, self._model, bounds, rules)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
            save_curve(folder / CURVE, self._unseen, self._model.names)
            (folder / CARD).write_text(json.dumps(card, indent=2), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        # For the whole process: on one message a second thread of numpy's is no faster, and then
        # spins for milliseconds.
        threadpool_limits(1, "blas")
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model = IntentModel.load(folder)
            component._unseen, _names = load_curve(Path(folder) / CURVE)
        component._promises()  # half a second of its first use, now rather than at a message
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what was understood to each message that has a text."""
        asked = [message for message in messages if message.get(TEXT) is not None]
        texts = [str(message.get(TEXT)) for message in asked]
        for message, read in zip(asked, self._read(texts), strict=True):
            for key, value in read.items():
                message.set(key, value, add_to_output=True)
            # A function, not our method: `rasa test` copies what messages hold, and would copy us.
            message.set(READER, lambda texts: self._read(texts))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Policies learn from the labels, not from what the model would have said."""
        return training_data

    def _read(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """What is understood of each text, by its keys in the parse data."""
        return [self._told(reading) for reading in self._readings(texts)]

    def _readings(self, texts: Sequence[str]) -> list[Scores]:
        if self._model is None:
            raise RuntimeError("the classifier is asked before it was trained or loaded")
        if len(texts) > FEW:
            return self._model.read_all(self._embedder, texts)
        return [self._model.read(self._embedder, text) for text in texts]

    def _told(self, reading: Scores) -> dict[str, Any]:
        if self._model is None or self._unseen is None:
            raise RuntimeError("the classifier is asked before it was trained or loaded")
        order = (-reading.confidences).argsort()[: self._config["ranking_length"]]
        ranking = [
            {
                "name": self._model.names[place],
                "confidence": round(float(reading.confidences[place]), DECIMALS),
            }
            for place in order
        ]
        refused = reading.foreignness > self._model.limit
        rules, bounds = self._promises()
        best = ranking[0]
        bound = verdict(bounds, rules.risk_class(best["name"]), best["confidence"])
        if refused and self._unseen.names_foreign:
            # A project with this intent has rules for it: let them speak.
            ranking.insert(0, {"name": self._config["out_of_scope_intent"], "confidence": 1.0})
        elif refused or not bound["met"]:
            ranking.insert(0, {"name": NOT_SURE, "confidence": best["confidence"]})
        scope = {
            "score": round(reading.foreignness, DECIMALS),
            "threshold": round(self._model.limit, DECIMALS),
            "refused": bool(refused),
        }
        return {
            INTENT: ranking[0],
            INTENT_RANKING_KEY: ranking,
            "out_of_scope": scope,
            "bound": bound,
        }

    def _promises(self) -> tuple[Rules, dict[str, Threshold]]:
        """`handoff.yml` as it is now, and the bounds that follow from it."""
        if self._model is None or self._unseen is None:
            raise RuntimeError("the classifier is asked before it was trained or loaded")
        rules = current_rules(Path(self._config["rules"]))
        # One assignment of the pair: a message in another thread sees the old one or the new one.
        if self._bounds is None or self._bounds[0] is not rules:
            self._bounds = rules, find_bounds(self._unseen, self._model.names, rules)
        return self._bounds
