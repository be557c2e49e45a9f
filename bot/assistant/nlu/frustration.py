"""The pipeline's reading of how annoyed a message sounds."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.assistant.nlu.annoyance import frustration
from bot.assistant.nlu.sign import Sign


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Frustration(Sign):
    """Adds `frustration` to every message that has a text."""

    key = "frustration"

    def read(self, text: str) -> float:
        return frustration(text)
