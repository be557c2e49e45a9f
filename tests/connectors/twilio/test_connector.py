"""Twilio's API as the simulated one has it: what is sent, what it refuses, and what is found."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from aiohttp import web

from bot.errors import AnswerLost, NotFound, NotNow, Refused, SendFailed, SetupError, TooLarge
from bot.messages import (
    Attachment,
    Button,
    CallbackConnector,
    MediaConnector,
    PartingConnector,
    ReceiptConnector,
    ReconcilingConnector,
)
from connectors.media import LARGEST
from connectors.twilio.connector import MOST_CHARACTERS, TwilioConnector, can_call
from simulator.base import answering
from simulator.picture import PNG
from tests.connectors.twilio.account import (
    ADA,
    HOOK,
    KEYS,
    SERVICE,
    Account,
    account,
    outbound,
)
from tests.contract.fixtures import received


def test_it_is_all_that_it_says(twilio: Account) -> None:
    connector = twilio.connector()
    for protocol in (
        CallbackConnector,
        MediaConnector,
        PartingConnector,
        ReceiptConnector,
        ReconcilingConnector,
    ):
        assert isinstance(connector, protocol)
    assert not connector.repeatable


async def test_a_text_is_sent_from_the_number(
    twilio: Account, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "connectors"):
        receipt = await twilio.connector().send(outbound("Ihr Paket ist da: 5 € 🙂"))
    (taken,) = twilio.provider.taken
    assert (receipt.state, receipt.provider_id) == ("sent", taken.id)
    expected = {"To": ADA, "From": "+15005550006", "Body": "Ihr Paket ist da: 5 € 🙂"}
    assert taken.content == expected
    assert caplog.messages == ["sms_segments channel=twilio segments=1"]


async def test_a_messaging_service_chooses_the_number() -> None:
    async with account(twilio_number=SERVICE) as twilio:
        connector = twilio.connector()
        await connector.send(outbound("hi"))
        expected = {"To": ADA, "MessagingServiceSid": SERVICE, "Body": "hi"}
        assert twilio.provider.taken[0].content == expected
        assert connector.receives is None
        one_number = TwilioConnector.from_credentials({**KEYS})
        assert one_number.receives == "+15005550006"
        assert connector.limit is not None
        assert one_number.limit is not None
        assert connector.limit.messages_a_second > one_number.limit.messages_a_second == 1


async def test_buttons_are_numbers_and_a_number_is_a_button(twilio: Account) -> None:
    connector = twilio.connector()
    buttons = (Button("Track it", "/track"), Button("Cancel it", "/cancel"))
    await connector.send(outbound("What about your order?", buttons=buttons))
    assert twilio.texts() == ["What about your order?\n1. Track it\n2. Cancel it"]
    request = received(twilio.provider.presses(ADA, "Cancel it", "/cancel"))
    connector.verify(request)
    (message,) = connector.parse(request)
    assert (message.choice, message.text, message.payload) == (2, "2", None)
    assert (message.kind, message.recipient) == ("message", "+15005550006")


async def test_a_picture_goes_with_its_words_or_alone(twilio: Account) -> None:
    connector = twilio.connector()
    for text in ("Here it is", ""):
        await connector.send(outbound(text, image="https://shop.test/map.png"))
    assert [(taken.text, taken.image) for taken in twilio.provider.taken] == [
        ("Here it is", "https://shop.test/map.png"),
        ("", "https://shop.test/map.png"),
    ]


@pytest.mark.parametrize("letter", ["a", "ü", "🙂"])
async def test_a_long_text_is_cut_into_what_twilio_takes(twilio: Account, letter: str) -> None:
    connector = twilio.connector()
    words = " ".join(letter * 7 for _ in range(600))
    buttons = tuple(Button(f"Number {number}", f"/{number}") for number in range(1, 10))
    message = outbound(words, buttons=buttons, image="https://shop.test/map.png")
    parts = connector.parts(message)
    assert parts == connector.parts(message)
    assert [part.part for part in parts] == list(range(len(parts)))
    assert len(parts) == (6 if letter == "🙂" else 4)
    for part in parts:
        await connector.send(part)
    sent = twilio.texts()
    assert " ".join(sent).split() == f"{words} ".split() + [
        word for button in buttons for word in f"{button.payload[1:]}. {button.title}".split()
    ]
    assert sent[-1].endswith("\n8. Number 8\n9. Number 9")
    pictures = [taken.image for taken in twilio.provider.taken]
    assert pictures == ["https://shop.test/map.png", *[None] * (len(parts) - 1)]


def test_what_fits_is_one_part(twilio: Account) -> None:
    connector = twilio.connector()
    button = (Button("A", "/a"),)
    for message in (
        outbound("x" * MOST_CHARACTERS),
        outbound("x" * (MOST_CHARACTERS - len("\n1. A")), buttons=button),
        outbound("", image="https://shop.test/map.png"),
    ):
        assert connector.parts(message) == [message]
    assert len(connector.parts(outbound("x" * (MOST_CHARACTERS + 1)))) == 2


async def test_twilio_reports_where_it_was_told(twilio: Account) -> None:
    connector = twilio.connector()
    await connector.send(outbound("nobody listens"))
    connector.callback_url = HOOK
    await connector.send(outbound("hi"))
    silent, taken = twilio.provider.taken
    assert twilio.provider.reports(silent, "delivered") is None
    assert taken.content["StatusCallback"] == HOOK
    for state, error in (("delivered", None), ("read", None), ("failed", "30003")):
        report = twilio.provider.reports(taken, state)
        assert report is not None
        request = received(report)
        connector.verify(request)
        assert connector.parse(request) == []
        (receipt,) = connector.receipts(request)
        assert (receipt.provider_id, receipt.state) == (taken.id, state)
        assert (receipt.error, receipt.recipient) == (error, "+15005550006")


@pytest.mark.parametrize(
    ("url", "reached"),
    [
        (HOOK, True),
        ("https://8.8.8.8/hook", True),
        ("http://127.0.0.1:8080/hook", False),
        ("http://192.168.0.7/hook", False),
        ("http://[::1]:8080/hook", False),
        ("http://localhost:8080/hook", False),
        ("hook", False),
    ],
)
def test_twilio_is_told_only_of_what_it_can_reach(url: str, reached: bool) -> None:
    assert can_call("https://api.twilio.com", url) is reached
    assert can_call("http://127.0.0.1:8090", url)


@pytest.mark.parametrize(
    ("status", "code", "raised"),
    [
        (400, 21610, Refused("opted_out")),
        (400, 21211, Refused("bad_number")),
        (400, 21217, Refused("bad_number")),
        (400, 21614, Refused("bad_number")),
        (400, 21635, Refused("bad_number")),
        (400, 30006, Refused("bad_number")),
        (403, 21408, Refused("region_not_enabled")),
        (400, 21617, Refused("twilio_21617")),
        (400, 99999, Refused("twilio_99999")),
        (400, "21610", Refused("http_400")),
        (400, [21610], Refused("http_400")),
        (404, 20404, Refused("http_404")),
        (401, 20003, NotNow("credentials", whole_channel=True)),
        (403, 20005, NotNow("account_not_active", whole_channel=True)),
        (400, 21606, NotNow("bad_sender", whole_channel=True)),
        (400, 21659, NotNow("bad_sender", whole_channel=True)),
        (400, 21660, NotNow("bad_sender", whole_channel=True)),
        (400, 21703, NotNow("bad_sender", whole_channel=True)),
        (400, 21705, NotNow("bad_sender", whole_channel=True)),
        (400, 21611, NotNow("queue_full", retry_after=7, whole_channel=True)),
        (429, 20429, NotNow("too_many_requests", retry_after=7, whole_channel=True)),
        (429, None, NotNow("http_429", retry_after=7, whole_channel=True)),
        (503, 20503, NotNow("http_503", retry_after=7)),
        (201, None, AnswerLost("unreadable_answer")),
    ],
)
async def test_what_twilio_refuses(
    twilio: Account, status: int, code: object, raised: SendFailed
) -> None:
    content = {"code": code, "message": "no", "status": status}
    headers = {"Retry-After": "7"} if getattr(raised, "retry_after", None) else None
    twilio.provider.script.troubles.append(answering(status, content, headers))
    with pytest.raises(SendFailed) as refused:
        await twilio.connector().send(outbound("hi"))
    assert type(refused.value) is type(raised)
    assert vars(refused.value) == vars(raised)


async def test_who_opted_out_is_not_written_to_until_they_opt_in(twilio: Account) -> None:
    connector = twilio.connector()
    (message,) = connector.parse(received(twilio.provider.says(ADA, "Stop")))
    assert message.kind == "opt_out"
    with pytest.raises(Refused) as refused:
        await connector.send(outbound("But why?"))
    assert refused.value.code == "opted_out"
    (message,) = connector.parse(received(twilio.provider.says(ADA, "Start")))
    assert message.kind == "opt_in"
    await connector.send(outbound("Welcome back"))
    assert twilio.texts() == ["Welcome back"]


async def test_the_simulated_account_refuses_what_twilio_would(twilio: Account) -> None:
    with pytest.raises(NotNow) as later:
        await twilio.connector(auth_token="x").send(outbound("hi"))
    assert later.value.code == "credentials"
    with pytest.raises(NotNow) as later:
        await twilio.connector(twilio_number="+15005550007").send(outbound("hi"))
    assert later.value.code == "bad_sender"
    connector = twilio.connector()
    for message, code in (
        (replace(outbound("hi"), address="ada"), "bad_number"),
        (outbound(" "), "twilio_21602"),
        (outbound("x" * (MOST_CHARACTERS + 1)), "twilio_21617"),
    ):
        with pytest.raises(Refused) as refused:
            await connector.send(message)
        assert refused.value.code == code
    assert twilio.provider.taken == []


async def picture(twilio: Account) -> Attachment:
    connector = twilio.connector()
    (message,) = connector.parse(received(twilio.provider.sends_picture(ADA, "look")))
    (attachment,) = message.attachments
    assert (message.text, attachment.kind) == ("look", "image")
    return attachment


async def test_a_picture_is_fetched_with_credentials_that_follow_no_redirect(
    twilio: Account,
) -> None:
    # The simulated storage refuses a request that brings some.
    media = await twilio.connector().fetch(await picture(twilio))
    assert (media.content_type, media.body) == ("image/png", PNG)
    with pytest.raises(NotNow):
        await twilio.connector(auth_token="x").fetch(await picture(twilio))


@pytest.mark.parametrize(
    "reference",
    [
        None,
        "",
        "https://media.twiliocdn.com/x",  # may be redirected to, and gets no credentials
        "https://api.twilio.com.shop.test/x",
        "https://api.twilio.com@shop.test/x",
        "https://api.twilio.com:8443/x",
        "http://api.twilio.com/x",
        "http://127.0.0.1:9/x",
        "http://[/x",
        "file:///etc/passwd",
    ],
)
async def test_nothing_is_fetched_from_elsewhere(twilio: Account, reference: str | None) -> None:
    with pytest.raises(NotFound):
        await twilio.connector().fetch(Attachment("image", reference))


@pytest.mark.parametrize(
    "elsewhere", ["http://169.254.169.254/", "https://ec2-10-0-0-1.amazonaws.com/"]
)
async def test_a_redirect_leads_nowhere_but_to_twilios_storage(
    twilio: Account, elsewhere: str
) -> None:
    attachment = await picture(twilio)
    twilio.provider.script.troubles.append(answering(307, {}, {"Location": elsewhere}))
    with pytest.raises(NotFound):
        await twilio.connector().fetch(attachment)


async def test_media_that_is_gone_or_too_large_is_not_fetched(twilio: Account) -> None:
    attachment = await picture(twilio)
    twilio.provider.script.troubles += [
        answering(404, {"code": 20404}),
        lambda request: web.Response(body=b"x" * (LARGEST + 1), content_type="image/png"),
    ]
    for raised in (NotFound, TooLarge):
        with pytest.raises(raised):
            await twilio.connector().fetch(attachment)


@pytest.mark.parametrize("key", sorted(KEYS))
def test_a_key_that_is_missing_or_empty_stops_the_start(key: str) -> None:
    without = {name: value for name, value in KEYS.items() if name != key}
    for block in (without, {**KEYS, key: ""}):
        with pytest.raises(SetupError) as refused:
            TwilioConnector.from_credentials(block)
        assert f"twilio.{key}" in refused.value.where


@pytest.mark.parametrize(
    "number",
    [
        "15005550006",
        "+0155",
        "+1 500 555 0006",
        "whatsapp:+15005550006",
        "SHOP",
        "MG",
        "+1\n",
        "+\uff11",
    ],
)
def test_a_sender_that_twilio_would_not_know_stops_the_start(number: str) -> None:
    with pytest.raises(SetupError) as refused:
        TwilioConnector.from_credentials({**KEYS, "twilio_number": number})
    assert "twilio.twilio_number" in refused.value.where
    assert "+15005550006" in refused.value.cure
