"""A connector, and the simulated provider that it talks to over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.messages import Button, ClosingConnector, Connector, OutboundMessage
from connectors import CONNECTORS
from simulator import PROVIDERS
from simulator.base import Provider
from tests.contract.fixtures import fixture, webhook_url


@asynccontextmanager
async def simulated(channel: str, **wrong: str) -> AsyncIterator[tuple[Connector, Provider]]:
    """Both, over the channel's own fixture; the connector has what is `wrong` in its place."""
    block: dict[str, Any] = dict(fixture(channel)["credentials"])
    provider = PROVIDERS[channel](block, webhook_url(channel))
    app = web.Application()
    app.add_routes(provider.routes())
    server = TestServer(app)
    await server.start_server()
    block["api_url"] = str(server.make_url("")).rstrip("/")
    connector = CONNECTORS[channel]({**block, **wrong})
    try:
        yield connector, provider
    finally:
        if isinstance(connector, ClosingConnector):
            await connector.aclose()
        await server.close()


def outbound(
    provider: Provider,
    text: str,
    *buttons: Button,
    image: str | None = None,
    address: str | None = None,
    id: str = "0192-01",
) -> OutboundMessage:
    """A message of ours to the provider's customer."""
    return OutboundMessage(
        id=id,
        channel=provider.channel,
        address=address or provider.address,
        author="bot",
        text=text,
        buttons=buttons,
        image=image,
    )
