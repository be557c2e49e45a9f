"""Which language a message is in, guessed offline from its letters (py3langid, 1 MB, 0.05 ms).

Short messages look like any language ("ok", "W-10432"), so a guess needs three words or a script
of its own, and near certainty; otherwise nothing is said, and the shop's language is assumed.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

READ_CHARACTERS = 500
# Those of Europe's and the largest of Asia's; every rare one added costs common ones guesses.
LANGUAGES = [
    "ar",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "fi",
    "fr",
    "he",
    "hi",
    "hu",
    "it",
    "ja",
    "ko",
    "nl",
    "no",
    "pl",
    "pt",
    "ro",
    "ru",
    "sv",
    "tr",
    "uk",
    "zh",
]
WORD = re.compile(r"[^\W\d_]{2,}")
OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
LEAST_WORDS, CERTAIN = 3, 0.95


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier


def guess_language(text: str) -> tuple[str, float] | None:
    """ISO 639-1 code and certainty, or None when there is too little to go by."""
    words = WORD.findall(text[:READ_CHARACTERS])
    plain = " ".join(words)
    if len(words) < LEAST_WORDS and len(OTHER_SCRIPT.findall(plain)) < LEAST_WORDS:
        return None
    language, certainty = _identifier().classify(plain)
    return (str(language), round(float(certainty), 3)) if certainty >= CERTAIN else None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Language(GraphComponent):  # type: ignore[misc]
    """Adds `language` to every message with a text: {"name", "confidence"}, name may be None."""

    def __init__(self) -> None:
        _identifier()  # half a second: now, not at the first message

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Language:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT) is not None:
                name, confidence = guess_language(str(message.get(TEXT))) or (None, 0.0)
                guess = {"name": name, "confidence": confidence}
                message.set("language", guess, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing here is learned from."""
        return training_data
