"""What a transaction did that other programs may want to be told of, gathered while it is written.

The repositories add to it themselves: no use case can forget to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.records import Message, NoticeEvent


@dataclass(frozen=True, slots=True)
class Occasion:
    """One thing that happened in a conversation; `facts` is what reading it later would not show,
    and holds ids and states, no texts."""

    event: NoticeEvent
    conversation_id: str
    customer_id: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Occasions:
    """Those of one transaction, in order."""

    _gathered: list[Occasion] = field(default_factory=list)

    def __iter__(self) -> Iterator[Occasion]:
        return iter(self._gathered)

    def add(
        self, event: NoticeEvent, conversation_id: str, customer_id: str, **facts: object
    ) -> None:
        self._gathered.append(Occasion(event, conversation_id, customer_id, facts))

    def add_message(self, message: Message) -> None:
        self.add(
            "message_created",
            message.conversation_id,
            message.customer_id,
            message_id=message.id,
        )

    def add_delivery(
        self, conversation_id: str, customer_id: str, message_id: str, state: str, error: str | None
    ) -> None:
        """How far a message got; that somebody is at it is not told."""
        if state not in ("pending", "sending"):
            self.add(
                "message_updated",
                conversation_id,
                customer_id,
                message_id=message_id,
                delivery={"state": state, "error": error},
            )
