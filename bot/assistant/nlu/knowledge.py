"""Questions with no intent of their own, answered from the shop's articles, as a Rasa component.

It is asked only about messages that were not understood, and adds `knowledge`: the best passage,
its score, and from which score on it may be quoted. HandoffPolicy reads it before it refuses a
message. Training measures the threshold; the articles are read as their files are now.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import knowledge
from bot.assistant.model import KNOWLEDGE_CARD
from bot.assistant.nlu.embedding import shared_embedder
from bot.assistant.nlu.minilm import SENTENCE, Floats
from bot.assistant.nlu.near_duplicates import groups
from bot.assistant.nlu.passages import best_passage
from bot.assistant.nlu.quoting import Promise, find_promise, pull
from bot.assistant.reply import NOT_UNDERSTOOD, OUT_OF_SCOPE
from bot.knowledge.questions import QUESTIONS, Question, read_questions
from bot.knowledge.search import Index, search_of
from bot.knowledge.shelf import FOLDER, shelf_of

KNOWLEDGE = "knowledge"
FOREIGN = "foreign.npy"
DECIMALS = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Knowledge(GraphComponent):  # type: ignore[misc]
    """Adds the passage that answers best to each message that was not understood."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "articles": str(FOLDER),
            # Of the questions answered, at most so many are from an article that does not answer.
            "accepted_wrong_rate": 0.10,
            # Of the messages that no article is about, at most so many are answered.
            "accepted_foreign_rate": 0.0125,
            "guarantee": 0.95,
            # Its examples are such messages.
            "out_of_scope_intent": OUT_OF_SCOPE,
        }

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._embedder = shared_embedder()
        self._search = search_of(Path(config["articles"]))
        self._foreign: Floats = np.zeros((0, SENTENCE), np.float32)
        self._least: float | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Knowledge:
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """What the threshold depends on besides this file and the examples, for Rasa's cache."""
        folder = Path({**cls.get_default_config(), **config}["articles"])
        read = [
            *sorted(folder.glob("*.md")),
            *sorted(folder.glob("*.csv")),
            *sorted(Path(__file__).parent.glob("*.py")),
            *sorted(Path(knowledge.__file__).parent.glob("*.py")),
        ]
        return hashlib.sha256(b"".join(path.read_bytes() for path in read)).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Measure the threshold; raise SetupError for an article or a question that is wrong."""
        folder = Path(self._config["articles"])
        articles = shelf_of(folder).check()
        questions = read_questions(folder / QUESTIONS, articles)
        answered = {question.text for question in questions}
        foreign = [
            str(message.get(TEXT))
            for message in training_data.intent_examples
            if message.get(INTENT) == self._config["out_of_scope_intent"]
            and message.get(TEXT) not in answered  # refused before, and in an article since
        ]
        self._foreign = self._embedder.embed_all(foreign)
        promise = self._measured(questions, foreign)
        self._least = promise.score
        with self._storage.write_to(self._resource) as storage:
            np.save(storage / FOREIGN, self._foreign.astype(np.float16))
            told = json.dumps(asdict(promise), indent=2)
            (storage / KNOWLEDGE_CARD).write_text(told, encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Knowledge:
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._foreign = np.load(folder / FOREIGN, allow_pickle=False).astype(np.float32)
            card = json.loads((folder / KNOWLEDGE_CARD).read_text(encoding="utf-8"))
        component._least = card["score"]
        component._search.index()  # what has to be embedded is, now rather than at a message
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what was found to each message that has a text and was not understood."""
        asked = [message for message in messages if _is_asked(message)]
        index = self._search.index() if asked else None
        for message in asked:
            found = self._found(str(message.get(TEXT)), index)
            if found is not None and self._least is not None:
                found["threshold"] = round(self._least, DECIMALS)
                message.set(KNOWLEDGE, found, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing of it is anybody else's training data."""
        return training_data

    def _found(self, text: str, index: Index | None) -> dict[str, Any] | None:
        if index is None:
            return None
        meaning = self._embedder.embed(text)
        hit = best_passage(index, text)
        foreign = float(pull((self._foreign @ meaning)[None])[0])
        return {
            "score": round(hit.score - foreign, DECIMALS),
            "article": hit.article.name,
            "title": hit.article.title,
            "url": hit.article.url,
            "heading": hit.passage.heading,
            "passage": hit.quote,
        }

    def _measured(self, questions: Sequence[Question], foreign: Sequence[str]) -> Promise:
        index = self._search.index()
        asked = self._embedder.embed_all([question.text for question in questions])
        scores = np.zeros(len(questions))
        right, exact = np.zeros((2, len(questions)), bool)
        others = np.zeros(len(foreign))
        if index is not None:
            for place, question in enumerate(questions):
                hit = index.find(question.text, asked[place], 1)[0]
                scores[place] = hit.score
                right[place] = hit.article.name == question.article
                exact[place] = right[place] and hit.passage.heading in question.headings
            for place, text in enumerate(foreign):
                others[place] = index.find(text, self._foreign[place], 1)[0].score
        # Each foreign message as if neither it nor its near-duplicates had been known.
        nearness = self._foreign @ self._foreign.T
        for group in groups(self._foreign):
            nearness[np.ix_(group, group)] = -1.0
        return find_promise(
            scores - pull(asked @ self._foreign.T),
            right,
            exact,
            others - pull(nearness),
            wrong_rate=self._config["accepted_wrong_rate"],
            foreign_rate=self._config["accepted_foreign_rate"],
            guarantee=self._config["guarantee"],
        )


def _is_asked(message: Message) -> bool:
    text, intent = message.get(TEXT), (message.get(INTENT) or {}).get("name")
    return text is not None and not text.startswith("/") and intent in NOT_UNDERSTOOD
