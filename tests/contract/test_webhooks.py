"""What every channel with a webhook does with its fixture, tests/fixtures/channels/NAME.json.

A fixture holds the credentials to test with, requests as the provider sends them with the messages
that must come out, and the header that proves the sender (null where the contract has none).
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import InvalidInput, NotAllowed
from bot.messages import WebhookConnector, WebhookRequest
from connectors import CONNECTORS

FIXTURES = Path(__file__).parents[1] / "fixtures" / "channels"


def fixture(channel: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FIXTURES / f"{channel}.json").read_text("utf-8"))
    return content


def has_webhook(channel: str) -> bool:
    path = FIXTURES / f"{channel}.json"
    credentials = fixture(channel)["credentials"] if path.exists() else {}
    return isinstance(CONNECTORS[channel](credentials), WebhookConnector)


CHANNELS = [channel for channel in sorted(CONNECTORS) if has_webhook(channel)]


def connector_of(channel: str) -> WebhookConnector:
    built = CONNECTORS[channel](fixture(channel)["credentials"])
    assert isinstance(built, WebhookConnector)
    return built


def asked(request: dict[str, Any], headers: dict[str, str] | None = None) -> WebhookRequest:
    body = request["body"]
    return WebhookRequest(
        method=request["method"],
        url="https://chat.shop.test/webhooks/x/webhook",
        headers=request["headers"] if headers is None else headers,
        query=request.get("query", {}),
        # A text is sent as it is, because a signature covers the bytes; anything else as JSON.
        body=body.encode() if isinstance(body, str) else json.dumps(body).encode(),
    )


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_the_provider_sends_becomes_messages(channel: str) -> None:
    connector = connector_of(channel)
    for request in fixture(channel)["requests"]:
        received = asked(request)
        connector.verify(received)
        messages = [
            {
                "address": message.address,
                "external_id": message.external_id,
                "text": message.text,
                "payload": message.payload,
            }
            for message in connector.parse(received)
        ]
        assert messages == request["messages"], request["what"]
        assert {message.channel for message in connector.parse(received)} <= {channel}


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_forged_request_is_refused(channel: str) -> None:
    proof = fixture(channel)["proof"]
    if proof is None:
        return  # the contract of this channel has no proof of the sender
    connector = connector_of(channel)
    for request in fixture(channel)["requests"]:
        missing = {key: value for key, value in request["headers"].items() if key != proof}
        forged = {**missing, proof: request["headers"][proof][:-1] + "x"}
        for headers in (missing, forged):
            with pytest.raises(NotAllowed):
                connector.verify(asked(request, headers))


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"text"', "\x00", "{}", '{"sender": 5}'])
def test_what_is_no_message_is_refused_or_empty_but_never_breaks(channel: str, body: str) -> None:
    connector = connector_of(channel)
    request = {"method": "POST", "headers": {}, "body": body}
    with contextlib.suppress(InvalidInput):
        assert connector.parse(asked(request)) == []
