"""What every channel of CONNECTORS promises; a new one is held to it by being listed."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any, get_args

import pytest

from bot.credentials import load_credentials
from bot.errors import NotNow, SetupError
from bot.messages import (
    Button,
    ClosingConnector,
    Connector,
    Delivery,
    InlineConnector,
    OutboundMessage,
    Receipt,
    ReceiptState,
    SessionConnector,
    WebhookConnector,
)
from connectors import CONNECTORS
from tests.conftest import ROOT

CHANNELS = sorted(CONNECTORS)
LONGEST_NAME = 40  # the width of the column it is stored in


def block(channel: str) -> dict[str, Any]:
    """The channel's block from its fixture, or as this project's own credentials.yml has it."""
    fixture = ROOT / "tests" / "fixtures" / "channels" / f"{channel}.json"
    if fixture.exists():
        credentials: dict[str, Any] = json.loads(fixture.read_text("utf-8"))["credentials"]
        return credentials
    return load_credentials(ROOT / "credentials.yml", CONNECTORS, {}).get(channel, {})


@pytest.fixture(params=CHANNELS)
def channel(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def connector(channel: str) -> Connector:
    return CONNECTORS[channel](block(channel))


def test_it_is_registered_under_its_own_name(channel: str, connector: Connector) -> None:
    assert connector.name == channel
    assert channel.isidentifier()
    assert len(channel) <= LONGEST_NAME


def test_it_says_how_it_delivers(connector: Connector) -> None:
    assert isinstance(connector, Connector)
    assert connector.delivery in get_args(Delivery)


def test_it_says_whether_a_send_may_be_repeated_and_how_many_are_taken(
    connector: Connector,
) -> None:
    if connector.delivery == "pull" or isinstance(connector, SessionConnector):
        assert connector.repeatable
    if connector.limit is not None:
        assert connector.limit.messages_a_second > 0
        assert connector.limit.burst >= 1


def test_one_that_answers_inline_is_fetched_from(connector: Connector) -> None:
    if isinstance(connector, InlineConnector):
        assert isinstance(connector, WebhookConnector)
        assert connector.delivery == "pull"
        assert 0 < connector.wait_seconds <= 30
        assert connector.render("ada", []) == []


def test_one_that_holds_connections_knows_whose(connector: Connector) -> None:
    if isinstance(connector, SessionConnector):
        assert connector.delivery == "push"
        assert not connector.is_here("ada")


def test_an_unknown_key_is_refused_by_name(channel: str) -> None:
    with pytest.raises(SetupError) as refused:
        CONNECTORS[channel]({**block(channel), "acess_token": "x"})
    assert f"{channel}.acess_token" in refused.value.where
    assert "credentials.yml" in refused.value.where
    assert refused.value.cure


def test_a_value_of_the_wrong_type_is_refused_by_name(channel: str) -> None:
    for key in block(channel):
        for wrong in (object(), None):
            with pytest.raises(SetupError) as refused:
                CONNECTORS[channel]({**block(channel), key: wrong})
            assert f"{channel}.{key}" in refused.value.where
            assert refused.value.cure


async def test_a_send_returns_a_receipt(channel: str, connector: Connector) -> None:
    outbound = OutboundMessage(
        id="01",
        channel=channel,
        address="ada",
        author="bot",
        text="Hi",
        buttons=(Button("A", "/a"),),
        heard_at=datetime.now(timezone.utc),
    )
    try:
        if "api_url" in block(channel):
            # The fixture names a port nobody listens on: that must show, and nothing was sent.
            with pytest.raises(NotNow):
                await connector.send(outbound)
            return
        receipt = await connector.send(outbound)
    finally:
        if isinstance(connector, ClosingConnector):
            await connector.aclose()
    assert isinstance(receipt, Receipt)
    assert receipt.state in get_args(ReceiptState)
    assert connector.delivery == "push" or receipt.state == "held"
