"""Twilio's signatures, and the words that carriers want obeyed."""

from __future__ import annotations

import logging
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from bot.errors import InvalidInput, NotAllowed
from bot.messages import InboundKind, WebhookRequest
from connectors.twilio.connector import TwilioConnector
from simulator.twilio import Twilio
from tests.connectors.twilio.account import HOOK, KEYS, SERVICE
from tests.contract.fixtures import received

# The token is the one of Twilio's own example.
BLOCK = {**KEYS, "auth_token": "12345"}
ADA = "+14155550132"
JSON = b'{"MessageSid": "SM1", "From": "+14155550132", "Body": "hi"}'


def twilio() -> TwilioConnector:
    return TwilioConnector.from_credentials(BLOCK)


def provider(url: str = HOOK) -> Twilio:
    return Twilio(BLOCK, url)


def posted(**fields: str) -> WebhookRequest:
    return received(provider().sign(urlencode(fields).encode()))


def refused(request: WebhookRequest) -> bool:
    with pytest.raises(NotAllowed) as raised:
        twilio().verify(request)
    return raised.value.code == "signature"


def test_the_signature_in_twilios_documentation() -> None:
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+12349013030",
        "Digits": "1234",
        "From": "+12349013030",
        "To": "+18005551212",
    }
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": "0/KCTR6DLpKmkAf8muzZqo1nDgQ=",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    twilio().verify(WebhookRequest("POST", url, headers, {}, urlencode(fields).encode()))


@pytest.mark.parametrize(
    ("called", "configured"),
    [
        ("https://chat.shop.test/hook", "https://chat.shop.test:443/hook"),
        ("https://chat.shop.test:443/hook", "https://chat.shop.test/hook"),
        ("http://chat.shop.test/hook", "http://chat.shop.test:80/hook"),
        ("http://chat.shop.test:80/hook", "http://chat.shop.test/hook"),
        ("https://chat.shop.test:8443/hook", "https://chat.shop.test:8443/hook"),
        ("https://chat.shop.test/hook", "https://chat.shop.test:8443/hook"),
    ],
)
def test_the_port_may_be_in_the_url_that_is_signed_or_not(called: str, configured: str) -> None:
    request = received(provider(called).says(ADA, "hi"))
    twilio().verify(replace(request, url=configured))


@pytest.mark.parametrize(
    "configured",
    [
        "http://chat.shop.test/hook",
        "https://chat.shop.test:80/hook",
        "https://chat.shop.test:8443/hook",
        "https://chat.shop.test/hook/",
        "https://chat.shop.test/hook?a=b",
        "https://shop.test/hook",
    ],
)
def test_another_url_is_not_the_one_that_was_signed(configured: str) -> None:
    request = received(provider("https://chat.shop.test:443/hook").says(ADA, "hi"))
    assert refused(replace(request, url=configured))


def test_every_field_is_signed_with_its_name() -> None:
    request = received(provider().says(ADA, "give me my money back"))
    twilio().verify(request)
    for body in (
        request.body.replace(b"money", b"honey"),
        request.body.replace(b"ApiVersion", b"ApiVersions"),
        request.body.replace(b"&FromZip=", b""),
        request.body + b"&Extra=",
        request.body + b"&Extra=field",
        b"",
    ):
        assert refused(replace(request, body=body))


def test_a_json_body_is_signed_by_its_hash_in_the_url() -> None:
    request = received(provider().sign(JSON, content_type="application/json", query="a=b%20c"))
    twilio().verify(request)
    assert [message.text for message in twilio().parse(request)] == ["hi"]
    assert refused(replace(request, body=JSON.replace(b"hi", b"ho")))
    assert refused(replace(request, url=request.url.replace("a=b", "a=c")))
    form = {**request.headers, "Content-Type": "application/x-www-form-urlencoded"}
    assert refused(replace(request, headers=form))


@pytest.mark.parametrize("query", ["", "bodySHA256=", "bodySHA256=0000"])
def test_a_json_body_without_its_hash_is_refused(query: str) -> None:
    # Signed as a form without fields, the signature covers the URL alone and is right.
    request = received(provider().sign(b"", query=query))
    twilio().verify(request)
    json = {**request.headers, "Content-Type": "application/json; charset=utf-8"}
    assert refused(replace(request, headers=json, body=JSON))


def test_a_get_has_its_fields_in_the_url() -> None:
    query = urlencode({"MessageSid": "SM1", "From": ADA, "Body": "hi"})
    request = received(provider().sign(b"", method="GET", query=query))
    twilio().verify(request)
    assert [message.text for message in twilio().parse(request)] == ["hi"]
    assert refused(replace(request, url=request.url.replace("hi", "ho")))


@pytest.mark.parametrize("signature", [None, "", "x", "ключ", "\udcff"])
def test_a_signature_that_is_none_is_refused(signature: str | None) -> None:
    request = received(provider().says(ADA, "hi"))
    headers = {"Content-Type": request.headers["Content-Type"]}
    if signature is not None:
        headers["X-Twilio-Signature"] = signature
    assert refused(replace(request, headers=headers))


@pytest.mark.parametrize("body", [b"[]", b"{", b"1", b"\xff"])
def test_a_json_body_that_is_no_object_is_refused(body: bytes) -> None:
    request = received(provider().sign(body, content_type="application/json"))
    twilio().verify(request)
    for read in (twilio().parse, twilio().receipts):
        with pytest.raises(InvalidInput):
            read(request)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((word, "opt_out") for word in ("STOP", "StopAll", "unsubscribe", "Cancel", "end")),
        *(
            (word, "opt_out")
            for word in ("quit", "Revoke", "OPTOUT", " stop\n", "Stop!!", "«stop»")
        ),
        *((word, "opt_in") for word in ("START", "unstop", "Start.")),
        *((word, "help") for word in ("HELP", "help?", "Info")),
        *((text, "message") for text in ("cancel my order", "stop the payment", "please stop")),
        *((text, "message") for text in ("St", "ends", "Yes", "yes!", "helpful", "", "!", "st op")),
        ("stop" + "!" * 40, "message"),
    ],
)
def test_a_word_counts_as_the_whole_message(text: str, kind: InboundKind) -> None:
    (message,) = twilio().parse(posted(MessageSid="SM1", From=ADA, Body=text or " .. "))
    assert (message.kind, message.answered) == (kind, False)


@pytest.mark.parametrize(("told", "kind"), [("STOP", "opt_out"), ("START", "opt_in")])
def test_what_twilio_says_of_a_word_counts(told: str, kind: InboundKind) -> None:
    for text in ("Yes", "HELP", "arrêt", "2"):
        request = posted(MessageSid="SM1", From=ADA, Body=text, OptOutType=told)
        (message,) = twilio().parse(request)
        assert (message.kind, message.answered, message.choice) == (kind, True, None)


def test_a_service_says_which_words_it_obeyed() -> None:
    service = {**BLOCK, "twilio_number": SERVICE}
    request = received(Twilio(service, HOOK).says(ADA, "yes"))
    (message,) = TwilioConnector.from_credentials(service).parse(request)
    assert (message.kind, message.answered) == ("opt_in", True)
    (message,) = twilio().parse(received(provider().says(ADA, "yes")))
    assert (message.kind, message.answered) == ("message", False)


@pytest.mark.parametrize(
    "fields",
    [
        {"MessageSid": "", "From": ADA, "Body": "secret"},
        {"MessageSid": "S" * 201, "From": ADA, "Body": "secret"},
        {"MessageSid": "SM\x00", "From": ADA, "Body": "secret"},
        {"MessageSid": "SM1", "Body": "secret"},
        {"MessageSid": "SM1", "From": "+1" * 101, "Body": "secret"},
        {"MessageSid": "SM1", "From": "+1\n2", "Body": "secret"},
        {"MessageSid": "SM1", "From": ADA, "Body": " "},
        {"MessageSid": "SM1", "From": ADA, "NumMedia": "1", "MediaUrl0": "x" * 1001},
        {"MessageSid": "SM1", "From": ADA, "Latitude": "91", "Longitude": "0"},
        {"MessageSid": "SM1", "From": ADA, "Latitude": "inf", "Longitude": "0"},
        {"MessageSid": "SM1", "From": ADA, "Latitude": "north", "Longitude": "0"},
        {"MessageSid": "SM1", "From": ADA, "Latitude": "51.5"},
    ],
)
def test_what_cannot_be_kept_is_left_out_with_a_line_that_holds_none_of_it(
    fields: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert twilio().parse(posted(**fields)) == []
    assert caplog.messages == ["inbound_left_out channel=twilio what=not_a_message"]


@pytest.mark.parametrize("sid", ["", "S" * 201])
def test_a_receipt_of_no_message_is_left_out(sid: str) -> None:
    request = posted(MessageSid=sid, MessageStatus="delivered")
    assert twilio().receipts(request) == []
    assert twilio().parse(request) == []
