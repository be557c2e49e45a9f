"""A WhatsApp connector and its simulated Cloud API, with HTTP between them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

from bot.messages import Button, InboundMessage, OutboundMessage, Receipt, WebhookRequest
from connectors.whatsapp.connector import WhatsAppConnector
from simulator.base import ProviderRequest
from simulator.meta import signed
from simulator.whatsapp import WhatsApp
from tests.connectors.simulated import serving
from tests.contract.fixtures import received, webhook_url

ADA = "GB.13491208655302741918"
BLOCK = {
    "phone_number_id": "106540352242922",
    "access_token": "access-token",
    "app_secret": "app-secret",
    "verify_token": "handshake-token",
}
WEBHOOK = webhook_url("whatsapp")


class Line:
    """A connector, and the provider that it talks to."""

    def __init__(self, url: str, provider: WhatsApp) -> None:
        self.url = url
        self.provider = provider
        self.connector = self.connect()

    def connect(self, **keys: str) -> WhatsAppConnector:
        return WhatsAppConnector.from_credentials({**BLOCK, "api_url": self.url, **keys})

    async def send(self, outbound: OutboundMessage) -> list[Receipt]:
        """As the core does: part by part."""
        return [await self.connector.send(part) for part in self.connector.parts(outbound)]

    def read(self, request: ProviderRequest) -> list[InboundMessage]:
        asked = received(request)
        self.connector.verify(asked)
        return self.connector.parse(asked)


def saying(text: str, *titles: str, hours_ago: float | None = 1, **also: Any) -> OutboundMessage:
    heard_at = None
    if hours_ago is not None:
        heard_at = datetime.now(timezone.utc) - timedelta(hours=hours_ago)
    return OutboundMessage(
        **{
            "id": "01J9",
            "channel": "whatsapp",
            "address": ADA,
            "author": "bot",
            "text": text,
            "buttons": tuple(Button(title, f"/{number}") for number, title in enumerate(titles)),
            "heard_at": heard_at,
            **also,
        }
    )


def posted(*values: dict[str, Any]) -> WebhookRequest:
    """A signed request with these values."""
    changes = [{"field": "messages", "value": value} for value in values]
    body = json.dumps({"entry": [{"id": "1", "changes": changes}]}).encode()
    return WebhookRequest("POST", WEBHOOK, signed(body, BLOCK["app_secret"]), {}, body)


@asynccontextmanager
async def calling() -> AsyncIterator[Line]:
    """A line, until the block ends."""
    provider = WhatsApp(BLOCK, WEBHOOK)
    async with serving(provider.routes()) as url:
        opened = Line(url, provider)
        try:
            yield opened
        finally:
            await opened.connector.aclose()
