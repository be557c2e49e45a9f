"""What Meta posts of a WhatsApp number, and how it is known to be Meta."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.errors import NotAllowed
from bot.messages import ReceiptUpdate, WebhookRequest
from simulator.meta import signed
from tests.connectors.whatsapp.line import (
    ADA,
    WEBHOOK,
    Line,
    posted,
    saying,
)
from tests.contract.fixtures import received


async def test_a_conversation_with_the_simulated_provider(line: Line) -> None:
    provider = line.provider
    [hello] = line.read(provider.says(ADA, "Hello", id="wamid.1"))
    assert (hello.address, hello.external_id, hello.text) == (ADA, "wamid.1", "Hello")
    assert hello.claim.name == "Ada Lovelace"
    assert hello.recipient == line.connector.receives
    await line.send(saying("Which one?", "A", "B"))
    [pressed] = line.read(provider.presses(ADA, "B", "/1"))
    assert (pressed.text, pressed.payload, pressed.choice) == ("B", "/1", None)
    await line.send(saying("Which one?", "A", "B", "C", "D"))
    request = provider.presses(ADA, "D", "/3")
    assert b"list_reply" in request.body
    assert [message.payload for message in line.read(request)] == ["/3"]
    taken = provider.taken[-1]
    for state, code in (("delivered", None), ("read", None), ("failed", "whatsapp_131026")):
        report = provider.reports(taken, state)
        assert report is not None
        [update] = line.connector.receipts(received(report))
        assert (update.provider_id, update.state, update.error) == (taken.id, state, code)
        assert line.read(report) == []


async def test_a_customer_who_hides_the_number_stays_the_same(line: Line) -> None:
    before = line.provider.says(ADA, "Hello")
    line.provider.numbers_shown = False
    after = line.provider.says(ADA, "Hello again")
    assert (b'"from"' in before.body, b'"from"' in after.body) == (True, False)
    assert {message.address for message in line.read(before) + line.read(after)} == {ADA}


def test_all_of_a_thousand_updates_are_read(line: Line) -> None:
    people = [
        {"user_id": f"GB.{number}", "wa_id": f"44770{number:06}", "profile": {"name": f"N{number}"}}
        for number in range(500)
    ]
    messages = [
        {
            "from_user_id": f"GB.{n % 500}",
            "id": f"wamid.{n}",
            "type": "text",
            "text": {"body": "Hi"},
        }
        for n in range(750)
    ]
    statuses = [{"id": f"wamid.s{number}", "status": "read"} for number in range(250)]
    metadata = {"phone_number_id": "106540352242922"}
    asked = posted(
        {"metadata": metadata, "contacts": people, "messages": messages[:700]},
        {"metadata": metadata, "contacts": people, "messages": messages[700:]},
        {"metadata": metadata, "statuses": statuses},
    )
    read = line.connector.parse(asked)
    assert [message.external_id for message in read] == [message["id"] for message in messages]
    assert all(message.claim.name == f"N{message.address[3:]}" for message in read)
    assert line.connector.receipts(asked) == [
        ReceiptUpdate(f"wamid.s{number}", "read", None, "106540352242922") for number in range(250)
    ]


def test_a_number_is_the_address_of_whoever_has_no_id(line: Line) -> None:
    written = {"from": "447700900999", "id": "wamid.1", "type": "text", "text": {"body": "Hi"}}
    somebody = {"wa_id": "447700900123", "user_id": ADA, "profile": {"name": "Ada"}}
    [message] = line.connector.parse(posted({"contacts": [somebody], "messages": [written]}))
    assert (message.address, message.claim.name) == ("447700900999", None)


def test_who_of_several_wrote_is_not_guessed(line: Line) -> None:
    written = {"id": "wamid.1", "type": "text", "text": {"body": "Hi"}}
    people = [{"user_id": ADA}, {"user_id": "GB.2"}]
    assert line.connector.parse(posted({"contacts": people, "messages": [written]})) == []
    [message] = line.connector.parse(posted({"contacts": people[1:], "messages": [written]}))
    assert message.address == "GB.2"


@pytest.mark.parametrize("bad", ["", " ", "x" * 300, "a\nb", "a\x00", "\ud800", 7, None, ["a"]])
def test_an_id_that_cannot_be_one_is_left_out(line: Line, bad: Any) -> None:
    written = {"from": "447700900123", "id": "wamid.1", "type": "text", "text": {"body": "Hi"}}
    reaction = {**written, "type": "reaction", "reaction": {"message_id": bad, "emoji": "👍"}}
    picture = {**written, "type": "image", "image": {"id": bad}}
    pressed = {**written, "type": "button", "button": {"payload": bad, "text": "Yes"}}
    value = {
        "messages": [
            {**written, "id": bad},
            {**written, "from": bad},
            reaction,
            picture,
            pressed,
            {**written, "id": "wamid.2"},
        ],
        "statuses": [{"id": bad, "status": "read"}, {"id": "wamid.3", "status": bad}],
    }
    asked = posted(value)
    assert [message.external_id for message in line.connector.parse(asked)] == ["wamid.2"]
    assert line.connector.receipts(asked) == []


def test_a_name_is_shown_without_what_cannot_be(line: Line) -> None:
    written = {"from_user_id": ADA, "id": "wamid.1", "type": "text", "text": {"body": "Hi"}}
    names = {
        " Ada\u202e\x00 \ud800👩\u200d💻 ": "Ada 👩\u200d💻",
        "x" * 300: "x" * 199 + "…",
        "": None,
    }
    for told, shown in names.items():
        person = {"user_id": ADA, "profile": {"name": told}}
        [message] = line.connector.parse(posted({"contacts": [person], "messages": [written]}))
        assert message.claim.name == shown


def test_a_place_that_is_nowhere_is_left_out(line: Line) -> None:
    for latitude in (91, -91, 10**400, float("nan"), float("inf"), "51", None, [51]):
        place = {"latitude": latitude, "longitude": 0}
        written = {"from_user_id": ADA, "id": "wamid.1", "type": "location", "location": place}
        assert line.connector.parse(posted({"messages": [written]})) == []


def test_what_is_left_out_is_logged_without_what_it_holds(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    written = {"from_user_id": ADA, "id": "wamid.1", "type": "SECRET", "SECRET": {"body": "SECRET"}}
    asked = posted({"messages": [written, {**written, "id": None}], "errors": [{"code": 130429}]})
    assert line.connector.parse(asked) == []
    assert [record.getMessage() for record in caplog.records] == [
        f"inbound_left_out channel=whatsapp what={what}" for what in ("kind", "id", "error")
    ]


def shaking(**asked: str) -> WebhookRequest:
    query = {f"hub.{key}": value for key, value in asked.items()}
    return WebhookRequest("GET", WEBHOOK, {}, query, b"")


def test_the_handshake_answers_the_challenge_to_who_knows_the_token(line: Line) -> None:
    asked = shaking(mode="subscribe", verify_token="handshake-token", challenge="42")
    line.connector.verify(asked)
    answer = line.connector.answer(asked)
    assert answer is not None
    assert (answer.body, answer.content_type) == ("42", "text/plain")
    assert line.connector.parse(asked) == []
    assert line.connector.receipts(asked) == []


@pytest.mark.parametrize(
    "asked",
    [
        shaking(mode="subscribe", verify_token="handshake-toke", challenge="42"),
        shaking(mode="subscribe", verify_token="", challenge="42"),
        shaking(mode="subscribe", challenge="42"),
        shaking(mode="unsubscribe", verify_token="handshake-token", challenge="42"),
        shaking(verify_token="handshake-token", challenge="42"),
        shaking(),
    ],
)
def test_nobody_else_makes_the_webhook_known(line: Line, asked: WebhookRequest) -> None:
    for answering_it in (line.connector.verify, line.connector.answer):
        with pytest.raises(NotAllowed):
            answering_it(asked)


def test_a_signature_is_of_our_app_and_of_these_bytes(line: Line) -> None:
    body = b'{"entry": [ ]}'
    line.connector.verify(WebhookRequest("POST", WEBHOOK, signed(body, "app-secret"), {}, body))
    for headers in (
        {},
        signed(body, "access-token"),
        signed(json.dumps(json.loads(body)).encode(), "app-secret"),
        {"X-Hub-Signature-256": signed(body, "app-secret")["X-Hub-Signature-256"][7:]},
        {"X-Hub-Signature": signed(body, "app-secret")["X-Hub-Signature-256"]},
    ):
        with pytest.raises(NotAllowed):
            line.connector.verify(WebhookRequest("POST", WEBHOOK, headers, {}, body))
