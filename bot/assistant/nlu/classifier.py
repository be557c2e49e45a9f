"""The intent classifier as a Rasa component: registered in `config.yml`, trained by `rasa train`.

To each message it adds the intent, the ranking with calibrated confidences, and `out_of_scope`:
how foreign the message is (`score`) and above what it is `refused` (`threshold`).
"""

from __future__ import annotations

import json
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

from bot.assistant.model import CARD
from bot.assistant.nlu.embedding import SentenceEmbedder
from bot.assistant.nlu.intents import IntentModel, train
from bot.assistant.nlu.model_card import CURVE, make_card, save_curve
from bot.errors import SetupError

OUT_OF_SCOPE = "out_of_scope"
DECIMALS = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, RasaIntentClassifier):  # type: ignore[misc]
    """Meaning and wording of every example, weighed by a kernel; see `intents.py`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # Examples of this intent teach what to refuse; it is never one of the answers to rank.
            "out_of_scope_intent": OUT_OF_SCOPE,
            # What the model card promises: at most this share of the answers is wrong ...
            "accepted_wrong_rate": 0.05,
            # ... as surely as this.
            "guarantee": 0.95,
            "ranking_length": 10,
        }

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._embedder = SentenceEmbedder()
        self._model: IntentModel | None = None
        self._names_foreign = False
        self.card: dict[str, Any] = {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        return cls(config, model_storage, resource)

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
        self._model, unseen = train(self._embedder, texts, intents, foreign)
        self._names_foreign = bool(foreign)
        self.card = make_card(
            examples,
            unseen,
            self._model,
            accepted_wrong_rate=self._config["accepted_wrong_rate"],
            guarantee=self._config["guarantee"],
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
            save_curve(folder / CURVE, unseen, self._model.names)
            (folder / CARD).write_text(json.dumps(self.card, indent=2), encoding="utf-8")
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
            component.card = json.loads((Path(folder) / CARD).read_text(encoding="utf-8"))
        component._names_foreign = bool(component.card["data"]["out_of_scope_examples"])
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what was understood to each message that has a text."""
        for message in messages:
            if message.get(TEXT) is not None:
                self._understand(message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Policies learn from the labels, not from what the model would have said."""
        return training_data

    def _understand(self, message: Message) -> None:
        if self._model is None:
            raise RuntimeError("the classifier is asked before it was trained or loaded")
        reading = self._model.read(self._embedder, message.get(TEXT))
        order = (-reading.confidences).argsort()[: self._config["ranking_length"]]
        ranking = [
            {
                "name": self._model.names[place],
                "confidence": round(float(reading.confidences[place]), DECIMALS),
            }
            for place in order
        ]
        refused = reading.foreignness > self._model.limit
        if refused and self._names_foreign:
            # A project with this intent has rules for it: let them speak.
            name = self._config["out_of_scope_intent"]
            ranking.insert(0, {"name": name, "confidence": 1.0})
        scope = {
            "score": round(reading.foreignness, DECIMALS),
            "threshold": round(self._model.limit, DECIMALS),
            "refused": bool(refused),
        }
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set("out_of_scope", scope, add_to_output=True)
