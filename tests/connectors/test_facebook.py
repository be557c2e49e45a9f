"""Messenger over HTTP against the simulated platform, and what it shares with Instagram."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

import pytest
from aiohttp import web

from bot.errors import AnswerLost, InvalidInput, NotAllowed, NotFound, NotNow, Refused, TooLarge
from bot.messages import Attachment, Button, ReceiptUpdate, WebhookRequest
from connectors.facebook import FacebookConnector
from simulator.base import answering
from simulator.messenger import Messenger
from simulator.picture import PNG
from tests.connectors.messenger_line import Line, ago, line
from tests.contract.fixtures import received, webhook_url

YES_NO = (Button("Yes", "/affirm"), Button("No", "/deny"))


@pytest.fixture
async def facebook() -> AsyncIterator[Line]:
    async with line(FacebookConnector, Messenger) as opened:
        yield opened


def refusal(code: object, subcode: int | None = None) -> dict[str, Any]:
    error = {"message": "secret words", "type": "OAuthException", "code": code, "fbtrace_id": "A"}
    return {"error": error if subcode is None else {**error, "error_subcode": subcode}}


# What is sent


async def test_a_text_with_quick_replies(facebook: Line) -> None:
    [receipt] = await facebook.deliver(facebook.write("Is it yours?", buttons=YES_NO))
    [taken] = facebook.provider.taken
    assert (receipt.state, receipt.provider_id) == ("sent", taken.id)
    assert (taken.address, taken.text) == (facebook.provider.address, "Is it yours?")
    assert taken.buttons == [("Yes", "/affirm"), ("No", "/deny")]
    assert taken.content["messaging_type"] == "RESPONSE"
    assert "tag" not in taken.content


async def test_an_echo_brings_back_which_part_of_what_it_was(facebook: Line) -> None:
    await facebook.deliver(facebook.write("A mug", image="https://shop.example/mug.png"))
    assert [message["metadata"] for message in facebook.sent()] == ["01JB2", "01JB2.1"]


async def test_a_long_text_is_cut_and_the_buttons_are_below_its_end(facebook: Line) -> None:
    text = "\n\n".join(f"{number}. {'word ' * 100}".strip() for number in range(9))
    await facebook.deliver(facebook.write(text, buttons=YES_NO))
    taken = facebook.provider.taken
    assert len(taken) == 3
    assert "\n\n".join(one.text for one in taken) == text
    assert [len(one.buttons) for one in taken] == [0, 0, 2]


@pytest.mark.parametrize("character", ["a", "ä", "😀"])
async def test_a_text_has_two_thousand_characters(facebook: Line, character: str) -> None:
    await facebook.deliver(facebook.write(character * 2_001))
    assert [len(taken.text) for taken in facebook.provider.taken] == [2_000, 1]


async def test_a_picture_is_a_message_before_the_text(facebook: Line) -> None:
    url = "https://shop.example/mug.png"
    await facebook.deliver(facebook.write("A blue mug.", image=url, buttons=YES_NO))
    picture, text = facebook.sent()
    assert picture["attachment"] == {"type": "image", "payload": {"url": url}}
    assert "text" not in picture
    assert "quick_replies" not in picture
    assert (text["text"], len(text["quick_replies"])) == ("A blue mug.", 2)
    assert "attachment" not in text


async def test_a_picture_without_words_has_the_buttons_itself(facebook: Line) -> None:
    url = "https://shop.example/mug.png"
    await facebook.deliver(facebook.write("", image=url, buttons=YES_NO))
    [taken] = facebook.provider.taken
    assert (taken.image, taken.text, len(taken.buttons)) == (url, "", 2)


async def test_a_long_title_is_shown_by_its_beginning(facebook: Line) -> None:
    buttons = (Button("Change the address of the order", "/a"), Button("Cancel the order", "/b"))
    await facebook.deliver(facebook.write("What now?", buttons=buttons))
    [taken] = facebook.provider.taken
    assert taken.buttons == [("Change the address…", "/a"), ("Cancel the order", "/b")]
    assert taken.text == "What now?"


ALIKE = [Button(f"Track my order number {number}", f"/track{number}") for number in (1, 2)]


@pytest.mark.parametrize(
    "buttons",
    [
        pytest.param(ALIKE, id="begin alike"),
        pytest.param([Button(f"Size {size}", f"/size{size}") for size in range(14)], id="many"),
        pytest.param([Button("Yes", "/" + "x" * 1_000)], id="long payload"),
        pytest.param([Button("Yes", "")], id="no payload"),
        pytest.param([Button(" ", "/yes")], id="no title"),
    ],
)
async def test_buttons_without_room_are_numbered(facebook: Line, buttons: list[Button]) -> None:
    await facebook.deliver(facebook.write("Which?", buttons=buttons))
    [taken] = facebook.provider.taken
    assert taken.buttons == []
    lines = [f"{number}. {button.title}" for number, button in enumerate(buttons, start=1)]
    assert taken.text == "\n".join(["Which?", *lines]).strip()


async def test_thirteen_quick_replies_are_taken(facebook: Line) -> None:
    buttons = [Button(f"Size {size}", f"/size{size}") for size in range(13)]
    await facebook.deliver(facebook.write("Which?", buttons=buttons))
    assert len(facebook.provider.taken[0].buttons) == 13


async def test_buttons_below_nothing_are_numbered(facebook: Line) -> None:
    await facebook.deliver(facebook.write("", buttons=YES_NO))
    assert [taken.text for taken in facebook.provider.taken] == ["1. Yes\n2. No"]


async def test_the_simulated_platform_has_these_limits(facebook: Line) -> None:
    """What `parts` keeps us from, the platform would refuse."""
    connector, many = facebook.connector, [Button(f"{number}", "/x") for number in range(14)]
    for outbound in (facebook.write("a" * 2_001), facebook.write("?", buttons=many)):
        with pytest.raises(Refused) as refused:
            await connector.send(outbound)
        assert refused.value.code == "facebook_100"
    assert facebook.provider.taken == []


# When it may be sent


@pytest.mark.parametrize(
    ("author", "since", "sent_as"),
    [
        ("bot", timedelta(hours=23, minutes=59), ("RESPONSE", None)),
        ("system", timedelta(hours=23, minutes=59), ("RESPONSE", None)),
        ("agent", timedelta(hours=23, minutes=59), ("RESPONSE", None)),
        ("agent", timedelta(hours=24), ("MESSAGE_TAG", "HUMAN_AGENT")),
        ("agent", timedelta(days=6, hours=23), ("MESSAGE_TAG", "HUMAN_AGENT")),
        ("agent", timedelta(days=7), None),
        ("agent", None, None),
        ("bot", timedelta(hours=24), None),
        ("system", timedelta(hours=24), None),
        ("bot", None, None),
    ],
)
async def test_a_window_is_open_for_whom_and_how_long(
    facebook: Line,
    author: Literal["bot", "agent", "system"],
    since: timedelta | None,
    sent_as: tuple[str, str | None] | None,
) -> None:
    heard_at = None if since is None else ago(seconds=since.total_seconds())
    [receipt] = await facebook.deliver(facebook.write("Hello", author=author, heard_at=heard_at))
    taken = facebook.provider.taken
    if sent_as is None:
        assert (receipt.state, receipt.reason, taken) == ("held", "window_closed", [])
        return
    assert receipt.state == "sent"
    assert (taken[0].content["messaging_type"], taken[0].content.get("tag")) == sent_as


# What the platform may answer


@pytest.mark.parametrize("subcode", [2018065, 2018278, 2534022])
async def test_a_window_that_the_platform_says_is_closed(facebook: Line, subcode: int) -> None:
    facebook.provider.script.troubles.append(answering(400, refusal(10, subcode)))
    [receipt] = await facebook.deliver(facebook.write("Hello"))
    assert (receipt.state, receipt.reason) == ("held", "window_closed")
    assert facebook.provider.taken == []


@pytest.mark.parametrize(
    ("status", "code", "subcode", "named"),
    [
        (400, 551, None, "facebook_551"),
        (400, 551, 1545041, "facebook_551_1545041"),
        (400, 10, 2018108, "facebook_10_2018108"),
        (400, 100, 2018001, "facebook_100_2018001"),
        (403, 200, 1545041, "facebook_200_1545041"),
        (200, 100, 2018001, "facebook_100_2018001"),
    ],
)
async def test_a_refusal_is_for_good(
    facebook: Line, status: int, code: int, subcode: int | None, named: str
) -> None:
    facebook.provider.script.troubles.append(answering(status, refusal(code, subcode)))
    with pytest.raises(Refused) as refused:
        await facebook.deliver(facebook.write("Hello"))
    assert refused.value.code == named
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("code", [4, 17, 32, 341, 368, 613, 80002, 80006])
async def test_too_many_messages_hold_back_the_whole_channel(facebook: Line, code: int) -> None:
    told = answering(400, refusal(code), {"Retry-After": "30"})
    facebook.provider.script.troubles.append(told)
    with pytest.raises(NotNow) as later:
        await facebook.deliver(facebook.write("Hello"))
    assert later.value.code == f"facebook_{code}"
    assert (later.value.whole_channel, later.value.retry_after) == (True, 30)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, 190),
        (401, 190),
        (400, 102),
        (400, 3),
        (400, 10),
        (403, 200),
        (400, -1),
        (500, 1),
        (500, 2),
        (400, 1200),
        (503, 999),
    ],
)
async def test_what_is_not_the_messages_fault_is_tried_again(
    facebook: Line, status: int, code: int
) -> None:
    facebook.provider.script.troubles.append(answering(status, refusal(code)))
    with pytest.raises(NotNow) as later:
        await facebook.deliver(facebook.write("Hello"))
    assert (later.value.code, later.value.whole_channel) == (f"facebook_{code}", False)


async def test_a_wrong_token_is_tried_again_when_it_was_corrected() -> None:
    async with line(FacebookConnector, Messenger) as opened:
        other = FacebookConnector.from_credentials(
            {"verify": "v", "secret": "s", "page-access-token": "old", "api_url": opened.url}
        )
        with pytest.raises(NotNow) as later:
            await other.send(opened.write("Hello"))
        await other.aclose()
    assert later.value.code == "facebook_190"


def reset(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(reset, id="no answer"),
        pytest.param(answering(400, refusal(1, 1357046)), id="an error after it was sent"),
        pytest.param(answering(200, ["?"]), id="unreadable"),
        pytest.param(answering(200, {"message_id": 5}), id="without an id"),
        pytest.param(answering(504, refusal(2)), id="a proxy that did not hear"),
    ],
)
async def test_nobody_knows_whether_it_arrived(
    facebook: Line, trouble: Callable[[web.Request], web.StreamResponse]
) -> None:
    facebook.provider.script.troubles.append(trouble)
    with pytest.raises(AnswerLost):
        await facebook.deliver(facebook.write("Hello"))


async def test_without_codes_the_status_counts(facebook: Line) -> None:
    facebook.provider.script.troubles.append(answering(429, "slow down", {"Retry-After": "5"}))
    with pytest.raises(NotNow) as later:
        await facebook.deliver(facebook.write("Hello"))
    assert (later.value.code, later.value.whole_channel) == ("http_429", True)


async def test_an_account_is_not_named_in_a_code(facebook: Line) -> None:
    facebook.connector.name = "facebook.outlet"
    facebook.provider.script.troubles.append(answering(400, refusal(551)))
    with pytest.raises(Refused, match="facebook_551"):
        await facebook.deliver(facebook.write("Hello"))


# Beside messages


async def test_a_customer_sees_that_an_answer_is_written(facebook: Line) -> None:
    address = facebook.provider.address
    await facebook.connector.show_typing(address, "m_1")
    assert facebook.provider.actions == [(address, "mark_seen"), (address, "typing_on")]
    assert facebook.provider.taken == []


async def test_a_picture_is_fetched_without_our_token(facebook: Line) -> None:
    asked: list[str | None] = []

    def pictured(request: web.Request) -> web.StreamResponse:
        asked.append(request.headers.get("Authorization"))
        return web.Response(body=PNG, content_type="image/png")

    facebook.provider.script.troubles.append(pictured)
    request = received(facebook.provider.sends_picture(facebook.provider.address))
    [message] = facebook.connector.parse(request)
    [attachment] = message.attachments
    media = await facebook.connector.fetch(attachment)
    assert (media.content_type, media.body, asked) == ("image/png", PNG, [None])


@pytest.mark.parametrize(
    "reference",
    [
        None,
        "https://shop.example/a.png",
        "http://scontent.xx.fbcdn.net/a.png",
        "https://fbcdn.net.shop.example/a.png",
        "https://scontent.xx.fbcdn.net:8443/a.png",
        "https://user@scontent.xx.fbcdn.net/a.png",
        "http://127.0.0.1:1/a.png",
        "no address",
    ],
)
async def test_nothing_is_fetched_from_elsewhere(facebook: Line, reference: str | None) -> None:
    with pytest.raises(NotFound):
        await facebook.connector.fetch(Attachment("image", reference=reference))


async def test_a_redirect_is_not_followed_to_elsewhere(facebook: Line) -> None:
    moved = answering(302, {}, {"Location": "http://127.0.0.1:1/a.png"})
    facebook.provider.script.troubles.append(moved)
    with pytest.raises(NotFound):
        await facebook.connector.fetch(Attachment("image", f"{facebook.url}/attachments/1.png"))


async def test_a_redirect_is_followed_on_the_platform(facebook: Line) -> None:
    moved = answering(302, {}, {"Location": "/attachments/2.png"})
    facebook.provider.script.troubles.append(moved)
    media = await facebook.connector.fetch(Attachment("image", f"{facebook.url}/attachments/1.png"))
    assert media.body == PNG


async def test_too_large_an_attachment_is_not_read(facebook: Line) -> None:
    facebook.provider.script.troubles.append(
        lambda _request: web.Response(body=bytes(20 * 1024 * 1024 + 1), content_type="video/mp4")
    )
    with pytest.raises(TooLarge):
        await facebook.connector.fetch(Attachment("video", f"{facebook.url}/attachments/1.mp4"))


@pytest.mark.parametrize(("status", "raised"), [(404, NotFound), (410, NotFound), (500, NotNow)])
async def test_an_attachment_may_be_gone(
    facebook: Line, status: int, raised: type[Exception]
) -> None:
    facebook.provider.script.troubles.append(answering(status, {}))
    with pytest.raises(raised):
        await facebook.connector.fetch(Attachment("file", f"{facebook.url}/attachments/1.pdf"))


# What is received


def handshake(query: dict[str, str]) -> WebhookRequest:
    return WebhookRequest("GET", webhook_url("facebook"), {}, query, b"")


async def test_a_webhook_is_made_known_by_its_token_alone(facebook: Line) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "verify-me", "hub.challenge": "1158"}
    facebook.connector.verify(handshake(asked))
    answer = facebook.connector.answer(handshake(asked))
    assert answer is not None
    assert answer.body == "1158"
    wrong: list[dict[str, str]] = [
        {},
        {**asked, "hub.verify_token": "verify-m"},
        {**asked, "hub.verify_token": ""},
        {**asked, "hub.mode": "unsubscribe"},
    ]
    for query in wrong:
        with pytest.raises(NotAllowed):
            facebook.connector.verify(handshake(query))


async def test_a_signed_request_cannot_be_sent_as_another(facebook: Line) -> None:
    request = received(facebook.provider.says(facebook.provider.address, "hello"))
    facebook.connector.verify(request)
    assert facebook.connector.answer(request) is None
    other = received(facebook.provider.says(facebook.provider.address, "goodbye"))
    with pytest.raises(NotAllowed):
        facebook.connector.verify(replace(other, headers=request.headers))


async def test_a_retry_is_the_same_message(facebook: Line) -> None:
    twice = [facebook.provider.says("7001", "hello", id="m_7") for _ in range(2)]
    [first], [second] = (facebook.connector.parse(received(request)) for request in twice)
    assert (first.address, first.external_id, first.text) == ("7001", "m_7", "hello")
    assert first == second


async def test_a_pressed_quick_reply_brings_its_payload(facebook: Line) -> None:
    await facebook.deliver(facebook.write("Is it yours?", buttons=YES_NO))
    title, payload = facebook.provider.taken[0].buttons[1]
    request = facebook.provider.presses(facebook.provider.address, title, payload)
    [message] = facebook.connector.parse(received(request))
    assert (message.text, message.payload, message.choice) == ("No", "/deny", None)


async def test_a_payload_that_is_a_number_is_no_choice(facebook: Line) -> None:
    request = facebook.provider.presses(facebook.provider.address, "2", "/size2")
    [message] = facebook.connector.parse(received(request))
    assert (message.text, message.payload, message.choice) == ("2", "/size2", None)


async def test_what_was_delivered_is_known_by_its_id(facebook: Line) -> None:
    await facebook.deliver(facebook.write("Hello"))
    [taken] = facebook.provider.taken
    request = facebook.provider.reports(taken, "delivered")
    assert request is not None
    account = facebook.provider.account
    assert facebook.connector.receipts(received(request)) == [
        ReceiptUpdate(taken.id, "delivered", recipient=account)
    ]
    assert facebook.connector.parse(received(request)) == []


async def test_every_reaction_and_press_is_one_of_its_own(facebook: Line) -> None:
    """They have no id: the same at another time is another, and the same again is a retry."""
    reaction = {"reaction": {"action": "react", "emoji": "👍", "mid": "m_1"}}
    postback = {"postback": {"title": "Get Started", "payload": "GET_STARTED"}}
    ids = set()
    for event in (reaction, postback):
        for address in ("7001", "7002"):
            for at in (1_771_840_000_000, 1_771_840_000_001, 1_771_840_000_000):
                request = facebook.provider.happens(address, {**event, "timestamp": at})
                [message] = facebook.connector.parse(received(request))
                ids.add(message.external_id)
    assert len(ids) == 8


async def test_an_account_knows_what_it_receives() -> None:
    keys = {"verify": "v", "secret": "s", "page-access-token": "t"}
    assert FacebookConnector.from_credentials(keys).receives is None
    account = Messenger.account
    async with line(FacebookConnector, Messenger, page_id=account) as opened:
        [message] = opened.connector.parse(received(opened.provider.says("7001", "hello")))
        assert message.recipient == opened.connector.receives == account


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ({"message": {"mid": "m_1", "is_echo": True, "text": "It is on its way"}}, "echo"),
        ({"message": {"text": "no id"}}, "mid"),
        ({"message": {"mid": "m_" + "1" * 199, "text": "too long an id"}}, "mid"),
        ({"message": {"mid": "m_1"}}, "empty"),
        ({"message": {"mid": "m_1", "text": ""}}, "empty"),
        ({"message_edit": {"mid": "m_1", "num_edit": 0}}, "edit"),
        ({"reaction": {"mid": "m_1", "action": "react"}}, "reaction"),
        ({"reaction": {"mid": "m_1", "action": "wave", "emoji": "👋"}}, "reaction"),
        ({"reaction": {"mid": "m_1", "action": "unreact"}, "timestamp": None}, "timestamp"),
        ({"postback": {"mid": "m_1", "title": "Another app's"}}, "postback"),
        ({"optin": {"payload": "news"}}, "event"),
        ({"sender": {"id": " "}, "message": {"mid": "m_1", "text": "Hi"}}, "sender"),
        ({"sender": {"id": "108204117392465"}, "message": {"mid": "m_1", "text": "Hi"}}, "own"),
    ],
)
async def test_what_is_left_out_is_said_in_the_log(
    facebook: Line, caplog: pytest.LogCaptureFixture, event: dict[str, Any], code: str
) -> None:
    request = received(facebook.provider.happens("7001", event))
    with caplog.at_level(logging.INFO):
        assert facebook.connector.parse(request) == []
    assert caplog.messages == [f"inbound_left_out channel=facebook what={code}"]


async def test_what_is_on_standby_is_for_another_app(
    facebook: Line, caplog: pytest.LogCaptureFixture
) -> None:
    said = json.loads(facebook.provider.says("7001", "hello").body)
    [entry] = said["entry"]
    entry["standby"] = entry.pop("messaging")
    request = received(facebook.provider.sign(json.dumps(said).encode()))
    with caplog.at_level(logging.INFO):
        assert facebook.connector.parse(request) == []
    assert caplog.messages == ["inbound_left_out channel=facebook what=standby"]


async def test_one_that_cannot_be_used_does_not_lose_the_others(facebook: Line) -> None:
    said = json.loads(facebook.provider.says("7001", "hello", id="m_1").body)
    [event] = said["entry"][0]["messaging"]
    odd: list[Any] = [None, 5, [], {}, {"sender": 5}, {**event, "message": []}]
    other = {**event, "message": {"mid": "m_2", "text": "and this"}}
    said["entry"] = [
        None,
        {"messaging": 5},
        {**said["entry"][0], "messaging": [*odd, event, other]},
    ]
    request = received(facebook.provider.sign(json.dumps(said).encode()))
    assert [message.text for message in facebook.connector.parse(request)] == ["hello", "and this"]


async def test_what_is_no_object_at_all_is_refused(facebook: Line) -> None:
    for body in (b"", b"{", b"[]", b'"page"'):
        request = received(facebook.provider.sign(body))
        for read in (facebook.connector.parse, facebook.connector.receipts):
            with pytest.raises(InvalidInput):
                read(request)


@pytest.mark.parametrize(
    "attachment",
    [
        {"type": "image"},
        {"type": "image", "payload": {"url": 5}},
        {"type": ["image"], "payload": {"url": None}},
        {"type": "location", "payload": {"coordinates": {"lat": "51", "long": 0}}},
        {"type": "location", "payload": {"coordinates": {"lat": 91, "long": 0}}},
        {"type": "location", "payload": {"coordinates": {"lat": float("nan"), "long": 0}}},
        {"type": "template", "payload": {"product": {"elements": [5, {"title": []}]}}},
        5,
    ],
)
async def test_an_attachment_of_an_odd_shape_was_still_sent(
    facebook: Line, attachment: object
) -> None:
    message = {"message": {"mid": "m_1", "attachments": [attachment]}}
    [read] = facebook.connector.parse(received(facebook.provider.happens("7001", message)))
    assert (read.text, read.attachments) == ("", (Attachment("file"),))
