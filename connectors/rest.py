"""Rasa's REST channel: one POST a message, answered with the replies themselves.

Contract: Rasa's `rest` channel (`sender`, `message`, `metadata`). `metadata.message_id` makes a
retry harmless: the same id returns the same replies.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from bot.errors import InvalidInput
from bot.messages import Delivery, InboundMessage, Limit, OutboundMessage, Receipt, WebhookRequest
from connectors.base import Block, check_block, json_object
from connectors.fields import LONGEST_ID, identifier_or_none


class RestConnector:
    """The customer's own program posts and reads; nothing is pushed to it."""

    name = "rest"
    delivery: Delivery = "pull"
    repeatable = True
    limit: Limit | None = None
    wait_seconds = 10.0

    @classmethod
    def from_credentials(cls, block: Block) -> RestConnector:
        check_block(cls.name, block, {})
        return cls()

    def verify(self, request: WebhookRequest) -> None:
        """Rasa's REST channel has no credentials: whoever knows a `sender` speaks for it."""

    def parse(self, request: WebhookRequest) -> list[InboundMessage]:
        content = json_object(request.body)
        sender = _identifier(content, "sender")
        message = content.get("message")
        if not isinstance(message, str):
            raise InvalidInput("message", "'message' must be a text.")
        metadata = content.get("metadata") or {}
        if not isinstance(metadata, dict):
            raise InvalidInput("metadata", "'metadata' must be an object.")
        if metadata.get("message_id") is None:
            message_id = str(uuid.uuid4())
        else:
            message_id = _identifier(metadata, "message_id", path="metadata.message_id")
        return [
            InboundMessage(
                channel=self.name,
                address=sender,
                external_id=f"{sender}:{message_id}",
                text=message,
                # Rasa's clients send a pressed button's payload as the message.
                payload=message if message.startswith("/") else None,
            )
        ]

    async def send(self, outbound: OutboundMessage) -> Receipt:
        """The other side fetches with its next POST."""
        return Receipt("held")

    def render(self, address: str, replies: Sequence[OutboundMessage]) -> list[dict[str, Any]]:
        rendered = []
        for reply in replies:
            said: dict[str, Any] = {"recipient_id": address, "text": reply.text}
            if reply.image:
                # As Rasa does: a picture is a message of its own.
                rendered.append({"recipient_id": address, "image": reply.image})
                if not reply.text:
                    continue
            if reply.buttons:
                said["buttons"] = [
                    {"title": button.title, "payload": button.payload} for button in reply.buttons
                ]
            rendered.append(said)
        return rendered


def _identifier(content: dict[str, Any], key: str, *, path: str | None = None) -> str:
    value = content.get(key)
    name = path or key
    if not isinstance(value, str) or not value.strip():
        raise InvalidInput(name, f"'{name}' must be a text that is not empty.")
    if identifier_or_none(value) is None:
        raise InvalidInput(name, f"'{name}' must be at most {LONGEST_ID} printable characters.")
    return value
