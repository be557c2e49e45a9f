"""Which language a message is in, as a Rasa component."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.assistant.nlu.language_guess import guess_language, language_identifier
from bot.assistant.nlu.sign import Sign


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Language(Sign):
    """Adds `language` to every message with a text: {"name", "confidence"}, name may be None."""

    key = "language"

    def __init__(self) -> None:
        language_identifier()  # half a second: now, not at the first message

    def read(self, text: str) -> dict[str, Any]:
        name, confidence = guess_language(text) or (None, 0.0)
        return {"name": name, "confidence": confidence}
