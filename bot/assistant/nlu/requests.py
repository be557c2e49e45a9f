"""Several requests in one message, "cancel it and send me the invoice", as a Rasa component.

It stands behind the classifier and has the same model read each clause. Only what is surely two
different requests becomes `requests` in the parse data, in the order in which they were asked; the
rest of the parse stays what it is of the whole message, and one clause costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.assistant.nlu.classifier import READER, IntentClassifier
from bot.assistant.nlu.clauses import Clause, clauses
from bot.assistant.reply import NOT_SURE, NOT_UNDERSTOOD

REQUESTS = "requests"
# More is a story, not a list; and each clause takes the time of a message, a long one of several.
MOST_CLAUSES = 8
LONGEST_CLAUSE = 160
# How foreign a clause may be, as a share of what is refused: a few words out of their context are
# often taken for something else, and what is told is mostly the background of what is asked.
LARGEST_SHARE = {"asked": 0.75, "told": 0.0}
REFERRING_SHARE = 0.25  # "how long does it take" depends on what "it" is
REFERRING = re.compile(r"\b(?:it|them|they|that|this|ones?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A clause that is a request by itself."""

    clause: Clause
    intent: str
    confidence: float


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Requests(GraphComponent):  # type: ignore[misc]
    """Adds `requests` where a message holds two or more."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # Intents that ask for nothing, or for what comes before any request.
            "ignored": [],
            # Intents that are one request when asked for together: "return it and refund me".
            "together": [],
            # Intents of which one, when it is only told, is the background of another that is
            # asked for: "my order has not come, and I want to cancel".
            "topics": [],
        }

    @classmethod
    def required_components(cls) -> list[type]:
        """Rasa refuses a pipeline in which it does not stand before this one."""
        return [IntentClassifier]

    def __init__(self, config: dict[str, Any]) -> None:
        self._ignored = NOT_UNDERSTOOD.union(config["ignored"])
        self._together = [frozenset(group) for group in config["together"]]
        self._topics = [frozenset(group) for group in config["topics"]]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Requests:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what was found to each message whose text has several clauses."""
        cut = [(message, pieces) for message in messages if (pieces := _pieces(message))]
        asked = [piece for _, pieces in cut for piece in pieces if _may_ask(piece)]
        readings = iter(cut[0][0].get(READER)([piece.text for piece in asked]) if asked else ())
        for message, pieces in cut:
            mine = [(piece, next(readings)) for piece in pieces if _may_ask(piece)]
            found = self._distinct(self._requests(mine))
            if len(found) >= 2:
                entities = message.get(ENTITIES) or []
                requests = list(_told(found, pieces, str(message.get(TEXT)), entities))
                message.set(REQUESTS, requests, add_to_output=True)
                _understood_by_its_parts(message, found[0])
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing here is learned from."""
        return training_data

    def _requests(self, read: Iterable[tuple[Clause, dict[str, Any]]]) -> Iterator[Found]:
        for clause, reading in read:
            intent, scope = reading[INTENT], reading["out_of_scope"]
            share = LARGEST_SHARE[clause.kind]
            if REFERRING.search(clause.text):
                share = min(share, REFERRING_SHARE)
            if intent["name"] not in self._ignored and scope["score"] <= share * scope["threshold"]:
                yield Found(clause, intent["name"], intent["confidence"])

    def _distinct(self, found: Iterator[Found]) -> list[Found]:
        """Those that are not part of one before them."""
        kept: list[Found] = []
        for one in found:
            if not any(self._is_one(one, other) for other in kept):
                kept.append(one)
        return kept

    def _is_one(self, one: Found, other: Found) -> bool:
        both = {one.intent, other.intent}
        groups = self._together
        if "told" in (one.clause.kind, other.clause.kind):
            groups = [*groups, *self._topics]
        return len(both) == 1 or any(both <= group for group in groups)


def _pieces(message: Message) -> list[Clause]:
    """The clauses of a text that has several; of a pressed button's payload there are none."""
    text = message.get(TEXT)
    pieces = [] if text is None or text.startswith("/") else clauses(text)
    return pieces if 2 <= len(pieces) <= MOST_CLAUSES else []


def _may_ask(clause: Clause) -> bool:
    return clause.kind != "part" and len(clause.text) <= LONGEST_CLAUSE


def _understood_by_its_parts(message: Message, first: Found) -> None:
    """Of two requests that are sure neither need be likely for the whole: then the first is it."""
    if message.get(INTENT)["name"] == NOT_SURE:
        read = {"name": first.intent, "confidence": first.confidence}
        ranking = [
            other
            for other in message.get(INTENT_RANKING_KEY)
            if other["name"] not in (NOT_SURE, first.intent)
        ]
        message.set(INTENT, read, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [read, *ranking], add_to_output=True)


def _told(
    found: Sequence[Found], pieces: Sequence[Clause], text: str, entities: Sequence[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The requests as the parse data has them, each with the words up to the next."""
    starts = [one.clause.start for one in found]
    for one, start, after in zip(found, starts, [*starts[1:], len(text)], strict=True):
        end = max(piece.end for piece in pieces if piece.start < after)
        yield {
            "intent": one.intent,
            "confidence": one.confidence,
            "text": text[start:end],
            "entities": [
                entity for entity in entities if start <= entity["start"] and entity["end"] <= end
            ],
        }
