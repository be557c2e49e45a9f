"""What a component that says one thing of a text, and learns nothing, has in common."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


class Sign(GraphComponent):  # type: ignore[misc]
    """Adds `key` to the parse data of every message that has a text."""

    key: str

    def read(self, text: str) -> Any:
        """What is said of the text."""
        raise NotImplementedError

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Sign:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT) is not None:
                message.set(self.key, self.read(str(message.get(TEXT))), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing here is learned from."""
        return training_data
