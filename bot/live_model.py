"""The model that turns begin with, and its change between two turns.

Whoever knows of a better model (bot.model_files, from a folder) loads it, checks it and swaps it
in. A turn keeps the model it began with, and the old one is closed when its last turn is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from bot import metrics
from bot.assistant.reply import AssistantReply, CustomerMessage, Memory, ReplyMessage, Understanding
from bot.ledger import Ledger


class Assistant(Protocol):
    """The part of bot.assistant.assistant.Assistant that turns use; named here so that nothing
    outside bot.assistant has to import rasa."""

    model: str
    slot_names: frozenset[str]
    intents: frozenset[str]
    domain_slots: frozenset[str]

    async def reply(
        self,
        conversation_id: str,
        message: CustomerMessage,
        memory: Memory,
        ledger: Ledger | None = None,
    ) -> AssistantReply: ...

    async def observe(
        self, conversation_id: str, message: CustomerMessage, memory: Memory
    ) -> AssistantReply: ...

    async def resume(
        self,
        conversation_id: str,
        message: CustomerMessage,
        memory: Memory,
        ledger: Ledger | None = None,
    ) -> AssistantReply: ...

    async def read(self, text: str) -> Understanding: ...

    async def words(
        self, response: str, channel: str, values: Mapping[str, Any] = ...
    ) -> ReplyMessage | None: ...

    def close(self) -> None: ...


@dataclass(slots=True, eq=False)
class _Loaded:
    """A model, how many turns are at it, and whether further ones begin with another."""

    assistant: Assistant
    turns: int = 0
    is_replaced: bool = False

    def close_if_over(self) -> None:
        if self.is_replaced and not self.turns:
            self.assistant.close()


class LiveModel:
    """Holds one loaded model at a time; `refused` names a file that should have replaced it."""

    def __init__(self, assistant: Assistant) -> None:
        self._loaded = _Loaded(assistant)
        self.refused: str | None = None

    @property
    def assistant(self) -> Assistant:
        """The one that the next turn begins with."""
        return self._loaded.assistant

    @contextmanager
    def in_use(self) -> Iterator[Assistant]:
        """The same, for one turn: it is not closed before the block is over."""
        loaded = self._loaded
        loaded.turns += 1
        try:
            yield loaded.assistant
        finally:
            loaded.turns -= 1
            loaded.close_if_over()

    def swap(self, assistant: Assistant) -> None:
        """Begin turns with this one from now on; the caller has checked that it can take them."""
        before, self._loaded = self._loaded, _Loaded(assistant)
        self.refused = None
        before.is_replaced = True
        before.close_if_over()
        self.tell()

    def tell(self) -> None:
        """Say in the metrics which model is live."""
        metrics.model_info.clear()
        metrics.model_info.labels(model=self.assistant.model).set(1)
