"""The channels' fixtures, tests/fixtures/channels/NAME.json: credentials, and requests as a
provider sends them with what must come out.

A request with `headers` goes out with these; one without is signed by the simulated provider, at
the moment it is asked for.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from multidict import CIMultiDict

from bot.messages import WebhookConnector, WebhookRequest
from connectors import CONNECTORS
from simulator import PROVIDERS
from simulator.base import ProviderRequest

FIXTURES = Path(__file__).parents[1] / "fixtures" / "channels"
SITE = "https://chat.shop.test"


def fixture(channel: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FIXTURES / f"{channel}.json").read_text("utf-8"))
    return content


def has_webhook(channel: str) -> bool:
    path = FIXTURES / f"{channel}.json"
    credentials = fixture(channel)["credentials"] if path.exists() else {}
    return isinstance(CONNECTORS[channel](credentials), WebhookConnector)


WEBHOOK_CHANNELS = [channel for channel in sorted(CONNECTORS) if has_webhook(channel)]


def webhook_url(channel: str) -> str:
    return f"{SITE}/webhooks/{channel}/webhook"


def connector_of(channel: str) -> WebhookConnector:
    built = CONNECTORS[channel](fixture(channel)["credentials"])
    assert isinstance(built, WebhookConnector)
    return built


def as_sent(channel: str, request: dict[str, Any]) -> WebhookRequest:
    """One of a fixture's requests, with its proof."""
    body = request.get("body", "")
    # A text is sent as it is, because a signature covers the bytes; anything else as JSON.
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    query = request.get("query", "")
    if "headers" in request or channel not in PROVIDERS:
        url = webhook_url(channel) + (f"?{query}" if query else "")
        return received(ProviderRequest(request["method"], url, request.get("headers", {}), data))
    provider = PROVIDERS[channel](fixture(channel)["credentials"], webhook_url(channel))
    return received(
        provider.sign(
            data,
            content_type=request.get("content_type", "application/json"),
            method=request["method"],
            query=query,
        )
    )


def received(request: ProviderRequest) -> WebhookRequest:
    """The same as the connector gets it."""
    return WebhookRequest(
        method=request.method,
        url=request.url,
        headers=CIMultiDict(request.headers),
        query=dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True)),
        body=request.body,
    )
