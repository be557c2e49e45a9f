"""Rasa's REST contract: what comes in, what goes out, and nothing else for any bytes at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InvalidInput
from bot.messages import Button, InboundMessage, OutboundMessage, WebhookRequest
from connectors.rest import RestConnector

CONNECTOR = RestConnector.from_credentials({})
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
BODIES = st.fixed_dictionaries(
    {}, optional={"sender": JSON, "message": JSON, "metadata": JSON, "input_channel": JSON}
)


def posted(body: bytes) -> WebhookRequest:
    return WebhookRequest("POST", "http://shop.test/webhooks/rest/webhook", {}, {}, body)


def parsed(content: object) -> InboundMessage:
    (message,) = CONNECTOR.parse(posted(json.dumps(content).encode()))
    return message


def test_a_message_as_rasas_clients_send_it() -> None:
    message = parsed({"sender": "ada", "message": "hi", "metadata": {"message_id": "m1"}})
    assert message == InboundMessage("rest", "ada", "ada:m1", "hi")


def test_without_an_id_every_message_is_its_own() -> None:
    first, second = (parsed({"sender": "ada", "message": "hi"}) for _ in range(2))
    assert first.external_id != second.external_id


def test_one_senders_message_id_is_not_anothers() -> None:
    ids = {
        parsed({"sender": sender, "message": "hi", "metadata": {"message_id": "m1"}}).external_id
        for sender in ("ada", "bob")
    }
    assert len(ids) == 2


def test_a_slash_makes_a_payload_that_the_core_still_has_to_allow() -> None:
    assert parsed({"sender": "ada", "message": "/greet"}).payload == "/greet"
    assert parsed({"sender": "ada", "message": "hi /greet"}).payload is None


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"message": "hi"}, "sender"),
        ({"sender": " ", "message": "hi"}, "sender"),
        ({"sender": 7, "message": "hi"}, "sender"),
        ({"sender": "a" * 201, "message": "hi"}, "sender"),
        ({"sender": "a\nb", "message": "hi"}, "sender"),
        ({"sender": "ada"}, "message"),
        ({"sender": "ada", "message": ["hi"]}, "message"),
        ({"sender": "ada", "message": "hi", "metadata": "m1"}, "metadata"),
        ({"sender": "ada", "message": "hi", "metadata": {"message_id": 1}}, "metadata.message_id"),
        (["sender"], "body"),
    ],
)
def test_the_broken_field_is_named(content: object, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parsed(content)
    assert refused.value.detail == {"field": field}
    assert field in refused.value.message


@given(st.binary(max_size=200) | JSON.map(lambda content: json.dumps(content).encode()))
def test_any_bytes_are_refused_by_name_or_understood(body: bytes) -> None:
    _refused_or_understood(body)


@given(BODIES)
def test_any_object_is_refused_by_name_or_understood(content: dict[str, Any]) -> None:
    _refused_or_understood(json.dumps(content).encode())


def _refused_or_understood(body: bytes) -> None:
    try:
        (message,) = CONNECTOR.parse(posted(body))
    except InvalidInput:
        return
    assert message.address.strip()
    assert message.external_id.startswith(f"{message.address}:")
    message.external_id.encode()


def test_replies_are_rendered_as_rasa_renders_them() -> None:
    replies = [
        OutboundMessage("1", "rest", "ada", "bot", "Which one?", (Button("One", "/one"),)),
        OutboundMessage("2", "rest", "ada", "agent", "Nora here"),
    ]
    assert CONNECTOR.render("ada", replies) == [
        {
            "recipient_id": "ada",
            "text": "Which one?",
            "buttons": [{"title": "One", "payload": "/one"}],
        },
        {"recipient_id": "ada", "text": "Nora here"},
    ]


async def test_a_message_is_held_until_it_is_fetched() -> None:
    receipt = await CONNECTOR.send(OutboundMessage("1", "rest", "ada", "bot", "hi"))
    assert receipt.state == "held"
