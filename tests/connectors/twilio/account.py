"""A simulated account at Twilio that listens, and connectors to it."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.clock import new_id
from bot.messages import OutboundMessage
from connectors.twilio.connector import TwilioConnector
from simulator.twilio import Twilio
from tests.contract.fixtures import webhook_url

HOOK = webhook_url("twilio")
ADA = "+447700900123"
KEYS = {
    "account_sid": "AC00000000000000000000000000000042",
    "auth_token": "the-auth-token-of-the-tests",
    "twilio_number": "+15005550006",
}
SERVICE = "MG00000000000000000000000000000042"
PAST = timedelta(seconds=20)  # longer than a list may be behind


@dataclass
class Account:
    """A simulated account that listens. `lose` says which answers to posts never arrive."""

    provider: Twilio
    block: Mapping[str, str]
    lose: list[bool] = field(default_factory=list)
    opened: list[TwilioConnector] = field(default_factory=list)

    def connector(self, **keys: str) -> TwilioConnector:
        """A connector as another process would have it."""
        self.opened.append(TwilioConnector.from_credentials({**self.block, **keys}))
        return self.opened[-1]

    def texts(self) -> list[str]:
        return [taken.text for taken in self.provider.taken]


@asynccontextmanager
async def account(**keys: str) -> AsyncIterator[Account]:
    port = unused_port()
    block = {**KEYS, **keys, "api_url": f"http://127.0.0.1:{port}"}
    twilio = Account(Twilio(block, HOOK), block)

    @web.middleware
    async def losing(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        answer = await handler(request)
        if request.method == "POST" and twilio.lose and twilio.lose.pop(0):
            assert request.transport is not None
            request.transport.abort()
        return answer

    app = web.Application(middlewares=[losing])
    app.add_routes(twilio.provider.routes())
    async with TestServer(app, port=port):
        try:
            yield twilio
        finally:
            for connector in twilio.opened:
                await connector.aclose()


def outbound(text: str, *, age: timedelta = PAST, **more: Any) -> OutboundMessage:
    """A message of the bot's, written so long ago: that is in its id."""
    written = uuid.UUID(new_id()).int - (age // timedelta(milliseconds=1) << 80)
    return OutboundMessage(str(uuid.UUID(int=written)), "twilio", ADA, "bot", text, **more)
