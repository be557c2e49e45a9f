"""The model that turns begin with, and its change between two turns.

Whoever knows of a better model (bot.model_files, from a folder) loads it, checks it and swaps it
in. A turn keeps the model it began with. The model that was replaced last stays loaded, so that
going back to it takes no time; an older one is closed when its last turn is over.
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
    entities: frozenset[str]
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
    """A model, how many turns are at it, and whether none will begin with it any more."""

    assistant: Assistant
    turns: int = 0
    is_replaced: bool = False

    def close_if_over(self) -> None:
        if self.is_replaced and not self.turns:
            self.assistant.close()


class LiveModel:
    """Holds the model that turns begin with and the one before it, which can be live again at once;
    `refused` names a file that should have replaced it."""

    def __init__(self, assistant: Assistant) -> None:
        self._loaded = _Loaded(assistant)
        self._before: _Loaded | None = None
        self.refused: str | None = None

    @property
    def assistant(self) -> Assistant:
        """The one that the next turn begins with."""
        return self._loaded.assistant

    @property
    def before(self) -> Assistant | None:
        """The one that it replaced."""
        return self._before.assistant if self._before else None

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
        self.refused = None
        if assistant is self.assistant:
            return
        gone = self._before
        if gone is not None and gone.assistant is assistant:
            self._loaded, self._before = gone, self._loaded
        else:
            self.forget_before()
            self._loaded, self._before = _Loaded(assistant), self._loaded
        self.tell()

    def forget_before(self) -> None:
        """Keep the one before no longer: nobody can go back to it."""
        gone, self._before = self._before, None
        if gone is not None:
            gone.is_replaced = True
            gone.close_if_over()

    def close(self) -> None:
        """Both, at the end of the process."""
        self.assistant.close()
        if self._before is not None:
            self._before.assistant.close()

    def tell(self) -> None:
        """Say in the metrics which model is live."""
        metrics.model_info.clear()
        metrics.model_info.labels(model=self.assistant.model).set(1)
