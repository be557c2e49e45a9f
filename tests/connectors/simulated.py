"""A connector, and the simulated provider that it talks to over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.messages import Button, ClosingConnector, OutboundMessage
from connectors import CONNECTORS
from simulator.base import Provider
from tests.contract.fixtures import fixture, webhook_url

AnyConnector = TypeVar("AnyConnector", bound=ClosingConnector)
AnyProvider = TypeVar("AnyProvider", bound=Provider)


@asynccontextmanager
async def serving(routes: Iterable[web.AbstractRouteDef]) -> AsyncIterator[str]:
    """Where these routes are served."""
    app = web.Application()
    app.add_routes(routes)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


@asynccontextmanager
async def simulated(
    connector: type[AnyConnector], provider: type[AnyProvider], **wrong: str
) -> AsyncIterator[tuple[AnyConnector, AnyProvider]]:
    """Both, over the channel's own fixture; the connector has what is `wrong` in its place."""
    channel = provider.channel
    block: dict[str, Any] = dict(fixture(channel)["credentials"])
    served = provider(block, webhook_url(channel))
    async with serving(served.routes()) as url:
        block["api_url"] = url
        connected = CONNECTORS[channel]({**block, **wrong})
        assert isinstance(connected, connector)
        try:
            yield connected, served
        finally:
            await connected.aclose()


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
