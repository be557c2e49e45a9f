"""A channel of the Messenger Platform, and the simulated platform that it talks to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from bot.messages import OutboundMessage, Receipt
from connectors.messenger.platform import MessengerPlatformConnector
from simulator.messenger import Messenger
from tests.connectors.simulated import serving
from tests.contract.fixtures import webhook_url


@dataclass(frozen=True, slots=True)
class Line:
    """Both ends; `url` is where the platform's API is."""

    connector: MessengerPlatformConnector
    provider: Messenger
    url: str

    async def deliver(self, outbound: OutboundMessage) -> list[Receipt]:
        """Send every part, as the core does."""
        return [await self.connector.send(part) for part in self.connector.parts(outbound)]

    def write(self, text: str, **more: Any) -> OutboundMessage:
        """A message to the provider's customer, who wrote a minute ago."""
        about: dict[str, Any] = {
            "id": "01JB2",
            "channel": self.connector.name,
            "address": self.provider.address,
            "author": "bot",
            "heard_at": ago(minutes=1),
        }
        return OutboundMessage(text=text, **{**about, **more})

    def sent(self) -> list[Any]:
        """The `message` of each request that was taken."""
        return [taken.content["message"] for taken in self.provider.taken]


def ago(**delta: float) -> datetime:
    return datetime.now(timezone.utc) - timedelta(**delta)


@asynccontextmanager
async def line(
    connector: type[MessengerPlatformConnector], provider: type[Messenger], **more: str
) -> AsyncIterator[Line]:
    """Both, over HTTP; `more` is added to the channel's block."""
    keys = {"verify": "verify-me", "secret": "app-secret", "page-access-token": "EAATestToken"}
    block = {**keys, **more}
    simulated = provider(block, webhook_url(provider.channel))
    async with serving(simulated.routes()) as url:
        block["api_url"] = url
        built = connector.from_credentials(block)
        try:
            yield Line(built, simulated, url)
        finally:
            await built.aclose()
