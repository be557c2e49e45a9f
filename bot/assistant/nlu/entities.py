"""Order numbers, postcodes, e-mail addresses, phones, money, dates and products, by spaCy rules.

Rules, because a wrong order number is worse than none and no trained English pipeline of spaCy is
on PyPI. Expressions for what has a shape, a PhraseMatcher for what has a name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.assistant.nlu.dates import DATE_PATTERNS, resolve_date
from bot.assistant.nlu.shapes import SHAPES
from bot.assistant.tensorflow import hidden

with hidden():
    import spacy
    from spacy.matcher import PhraseMatcher

READ_CHARACTERS = 2_000
Found = tuple[int, int, str, str]  # start, end, entity, value


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EntityRules(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]
    """Adds entities; lookup tables of the training data give the names, such as products."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"entities": ["order_number", "postcode", "email", "phone", "money", "date"]}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._wanted = frozenset(config["entities"])
        self._storage = storage
        self._resource = resource
        self._spacy = spacy.blank("en")
        self._names = PhraseMatcher(self._spacy.vocab, attr="LOWER")
        self._lookups: dict[str, list[str]] = {}
        self._beginnings: frozenset[str] = frozenset()  # the names' first words

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityRules:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the lookup tables' names; there is nothing else to learn."""
        lookups: dict[str, list[str]] = {}
        for table in training_data.lookup_tables:
            names = table["elements"]
            if isinstance(names, list):
                lookups.setdefault(str(table["name"]), []).extend(str(name) for name in names)
        self._know(lookups)
        with self._storage.write_to(self._resource) as folder:
            (folder / "lookups.json").write_text(json.dumps(lookups), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EntityRules:
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._know(json.loads((folder / "lookups.json").read_text(encoding="utf-8")))
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT) is not None:
                found = self.add_extractor_name(self.find(str(message.get(TEXT))))
                message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def find(self, text: str, today: date | None = None) -> list[dict[str, Any]]:
        """The entities in reading order; where two overlap the longer stays."""
        text = text[:READ_CHARACTERS]
        found = list(self._shapes(text))
        found += self._dates(text, today or date.today())
        found += self._named(text)
        taken: list[Found] = []
        for one in sorted(found, key=lambda one: (one[0] - one[1], one[0])):
            if all(one[1] <= other[0] or one[0] >= other[1] for other in taken):
                taken.append(one)
        return [
            {"entity": entity, "start": start, "end": end, "value": value}
            for start, end, entity, value in sorted(taken)
        ]

    def _shapes(self, text: str) -> Iterator[Found]:
        for entity, shape in SHAPES:
            if entity in self._wanted:
                for match in shape.finditer(text):
                    yield match.start(), match.end(), entity, match.group().strip()

    def _dates(self, text: str, today: date) -> Iterator[Found]:
        if "date" in self._wanted:
            for shape in DATE_PATTERNS:
                for match in shape.finditer(text):
                    day = resolve_date(match, today)
                    if day is not None and abs(day - today) < timedelta(days=3660):
                        yield match.start(), match.end(), "date", day.isoformat()

    def _know(self, lookups: dict[str, list[str]]) -> None:
        self._lookups = lookups
        for entity, names in lookups.items():
            docs = [self._spacy.make_doc(name) for name in names if name.strip()]
            self._names.add(entity, docs)
            self._beginnings |= {doc[0].lower_ for doc in docs}

    def _named(self, text: str) -> Iterator[Found]:
        plain = text.lower()
        if not any(word in plain for word in self._beginnings):
            return  # most messages name nothing, and to take them apart costs the most
        doc = self._spacy.make_doc(text)
        for key, start, end in self._names(doc):
            span = doc[start:end]
            yield span.start_char, span.end_char, self._spacy.vocab.strings[key], span.text
