"""What every channel with a webhook does with its fixture."""

from __future__ import annotations

import contextlib
import json
import logging
from dataclasses import MISSING, asdict, fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import InvalidInput, NotAllowed
from bot.messages import (
    AnsweringConnector,
    InboundMessage,
    ReceiptConnector,
    ReceiptUpdate,
    WebhookRequest,
)
from bot.receipts import ORDER
from tests.contract.fixtures import WEBHOOK_CHANNELS, as_sent, connector_of, fixture, webhook_url

# What stands between a customer and the database's columns.
LONGEST_ID = 500
LONGEST_ADDRESS = 400
ALWAYS = {"address", "external_id", "text"}
each_channel = pytest.mark.parametrize("channel", WEBHOOK_CHANNELS)


def told(value: InboundMessage | ReceiptUpdate) -> dict[str, Any]:
    """What a fixture says of it: always the essentials, and all that is not as it mostly is."""
    defaults = {
        field.name: field.default_factory()
        if field.default_factory is not MISSING
        else field.default
        for field in fields(value)
    }
    content = {
        field.name: asdict(value)[field.name]
        for field in fields(value)
        if field.name in ALWAYS or getattr(value, field.name) != defaults[field.name]
    }
    content.pop("channel", None)
    shown: dict[str, Any] = json.loads(json.dumps(_without_nothing(content)))
    return shown


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nothing(part) for key, part in value.items() if part is not None}
    if isinstance(value, (list, tuple)):
        return [_without_nothing(part) for part in value]
    return value


@each_channel
def test_what_the_provider_sends_becomes_messages(channel: str) -> None:
    connector = connector_of(channel)
    for request in fixture(channel)["requests"]:
        asked = as_sent(channel, request)
        connector.verify(asked)
        messages = connector.parse(asked)
        wanted = [_without_nothing(message) for message in request["messages"]]
        assert [told(message) for message in messages] == wanted, request["what"]
        assert {message.channel for message in messages} <= {channel}
        if isinstance(connector, ReceiptConnector):
            receipts = [told(receipt) for receipt in connector.receipts(asked)]
            assert receipts == request.get("receipts", []), request["what"]
        if isinstance(connector, AnsweringConnector) and "answer" in request:
            answer = connector.answer(asked)
            assert answer is not None
            assert asdict(answer) == request["answer"], request["what"]


@each_channel
def test_a_second_account_says_whose_messages_they_are(channel: str) -> None:
    connector = connector_of(channel)
    connector.name = f"{channel}.outlet"
    for request in fixture(channel)["requests"]:
        messages = connector.parse(as_sent(channel, request))
        assert {message.channel for message in messages} <= {f"{channel}.outlet"}


@each_channel
def test_a_forged_request_is_refused(channel: str) -> None:
    proof = fixture(channel)["proof"]
    if proof is None:
        return  # the contract of this channel has no proof of the sender
    connector = connector_of(channel)
    for request in fixture(channel)["requests"]:
        asked = as_sent(channel, request)
        if proof not in asked.headers:
            assert asked.method == "GET", "only a handshake is proved otherwise"
            continue
        signature = asked.headers[proof]
        others = {name: value for name, value in asked.headers.items() if name != proof}
        turned = signature[:-1] + ("x" if signature[-1] != "x" else "y")
        for sent in (None, "", turned, signature[:-1], "ключ", "\udcff"):
            forged = others if sent is None else {**others, proof: sent}
            with pytest.raises(NotAllowed):
                connector.verify(replace(asked, headers=forged))
        if asked.body and fixture(channel).get("signs_body", True):
            with pytest.raises(NotAllowed):
                connector.verify(replace(asked, body=asked.body + b" "))


@each_channel
@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"text"', "\x00", "{}", '{"sender": 5}'])
def test_what_is_no_message_is_refused_or_empty_but_never_breaks(channel: str, body: str) -> None:
    assert read(channel, body.encode()) == []


@each_channel
def test_too_deep_a_body_is_refused(channel: str) -> None:
    for opened, closed in (("[", "]"), ('{"entry":', "}")):
        body = opened * 20_000 + "1" + closed * 20_000
        assert read(channel, b'{"message":' + body.encode() + b"}") == []


def read(channel: str, body: bytes, content_type: str = "application/json") -> list[Any]:
    """What a request with this body comes to: nothing, if it cannot be read at all."""
    connector = connector_of(channel)
    headers = {"Content-Type": content_type}
    request = WebhookRequest("POST", webhook_url(channel), headers, {}, body)
    found: list[Any] = []
    with contextlib.suppress(InvalidInput):
        found += connector.parse(request)
    with contextlib.suppress(InvalidInput):
        found += connector.receipts(request) if isinstance(connector, ReceiptConnector) else []
    return found


odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.just("x" * 3_000),
    st.just([]),
    st.just({}),
    st.lists(st.dictionaries(st.text(max_size=5), st.integers(), max_size=2), max_size=2),
)


def changed(value: Any, data: st.DataObject) -> Any:
    """The value with anything at all in some places."""
    if data.draw(st.integers(0, 11)) == 0:
        return data.draw(odd)
    if isinstance(value, dict):
        return {key: changed(part, data) for key, part in value.items()}
    if isinstance(value, list):
        return [changed(part, data) for part in value]
    return value


@each_channel
@given(data=st.data())
@settings(deadline=None)
def test_nothing_a_provider_may_send_breaks_it(channel: str, data: st.DataObject) -> None:
    """Its own requests, with anything at all in any place."""
    request = data.draw(st.sampled_from(fixture(channel)["requests"]))
    body, kind = request.get("body", ""), request.get("content_type", "application/json")
    if isinstance(body, str):
        at = data.draw(st.integers(0, len(body)))
        sent = (body[:at] + data.draw(st.text(max_size=5)) + body[at + 1 :]).encode()
    else:
        sent = json.dumps(changed(body, data)).encode()
    logging.disable(logging.INFO)  # each leaves a line
    try:
        for found in read(channel, sent, kind):
            if isinstance(found, ReceiptUpdate):
                assert found.state in ORDER
                continue
            assert 0 < len(found.external_id) <= LONGEST_ID
            assert 0 < len(found.address) <= LONGEST_ADDRESS
            assert found.address.isprintable()
            assert isinstance(found.text, str)
            assert found.payload is None or isinstance(found.payload, str)
    finally:
        logging.disable(logging.NOTSET)
