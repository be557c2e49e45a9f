"""Slack: what is sent within its limits, what its refusals mean, and whose words are for us."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.errors import AnswerLost, InvalidInput, NotAllowed, NotFound, NotNow, Refused, SendFailed
from bot.messages import Attachment, Button, InboundMessage, WebhookAnswer
from connectors.slack.connector import MOST_PAGES, PAGE, SlackConnector
from connectors.slack.markup import escaped, readable
from simulator.base import ProviderRequest, answering
from simulator.picture import JPEG
from simulator.slack import BOT, Slack
from tests.connectors.simulated import outbound, simulated
from tests.contract.fixtures import fixture, received

CREDENTIALS = fixture("slack")["credentials"]
THREAD = "C0HELP/1764000000.000100/U0ADA"
PICTURE = "https://shop.example/boots.jpg"
YES, NO = Button("Yes", "/affirm"), Button("No", "/deny")


Both = tuple[SlackConnector, Slack]


@pytest.fixture
async def both() -> AsyncIterator[Both]:
    async with simulated(SlackConnector, Slack) as pair:
        yield pair


CONNECTOR = SlackConnector.from_credentials(CREDENTIALS)
PROVIDER = Slack(CREDENTIALS, "https://shop.example")


def read(request: ProviderRequest) -> list[InboundMessage]:
    CONNECTOR.verify(received(request))
    return CONNECTOR.parse(received(request))


def read_one(request: ProviderRequest) -> InboundMessage:
    (message,) = read(request)
    return message


# Sending


async def test_a_text_is_shown_letter_for_letter_and_calls_nobody(both: Both) -> None:
    connector, provider = both
    text = "<!channel> <@U0BOB> *5 < 3* & <https://shop.example|here> &lt;"
    receipt = await connector.send(outbound(provider, text))
    (taken,) = provider.taken
    assert taken.text == text
    assert dict(taken.content) == {
        "channel": "D0ADA",
        "text": "&lt;!channel&gt; &lt;@U0BOB&gt; *5 &lt; 3* &amp; "
        "&lt;https://shop.example|here&gt; &amp;lt;",
        "mrkdwn": False,
        "metadata": {"event_type": "warmline_message", "event_payload": {"reference": "0192-01"}},
    }
    assert (receipt.state, receipt.provider_id) == ("sent", f"D0ADA:{taken.id}")


async def test_buttons_stand_below_the_text(both: Both) -> None:
    connector, provider = both
    await connector.send(outbound(provider, "Shall I <!here>?", YES, NO))
    (taken,) = provider.taken
    assert taken.buttons == [("Yes", "/affirm"), ("No", "/deny")]
    section, actions = taken.content["blocks"]
    assert section["text"] == {"type": "plain_text", "text": "Shall I <!here>?", "emoji": False}
    assert {element["text"]["type"] for element in actions["elements"]} == {"plain_text"}
    assert taken.text == "Shall I <!here>?"  # what a notification reads


@pytest.mark.parametrize(
    "buttons",
    [
        [Button(f"Order {number}", f"/order{number}") for number in range(1, 27)],
        [Button("Order 1", "/" + "x" * 2000), YES],
        [Button("Order 1", "")],
    ],
)
async def test_buttons_that_do_not_fit_become_numbers(both: Both, buttons: list[Button]) -> None:
    connector, provider = both
    await connector.send(outbound(provider, "Which?", *buttons))
    (taken,) = provider.taken
    assert taken.text.startswith("Which?\n1. Order 1")
    assert "blocks" not in taken.content
    assert read_one(provider.says(provider.address, "(1)")).choice == 1


async def test_as_many_and_as_long_buttons_as_slack_takes_are_taken(both: Both) -> None:
    connector, provider = both
    buttons = [Button(f"{number} " + "x" * 80, "/" + "x" * 1999) for number in range(25)]
    await connector.send(outbound(provider, "Which?", *buttons))
    titles = [title for title, _ in provider.taken[0].buttons]
    assert [len(title) for title in titles] == [75] * 25
    assert all(title.endswith("…") for title in titles)


async def test_a_picture_is_shown_above_the_text(both: Both) -> None:
    connector, provider = both
    await connector.send(outbound(provider, "Our boots", image=PICTURE))
    await connector.send(outbound(provider, "", image=PICTURE))
    await connector.send(outbound(provider, "x" * 2900, image=PICTURE))
    first, second, third = provider.taken
    assert [block["type"] for block in first.content["blocks"]] == ["image", "section"]
    assert (first.image, first.content["blocks"][0]["alt_text"]) == (PICTURE, "Our boots")
    assert [block["type"] for block in second.content["blocks"]] == ["image"]
    assert len(third.content["blocks"][0]["alt_text"]) == 2000


@pytest.mark.parametrize("word", ["word ", "a & b. ", "<", "😀"])
async def test_a_long_text_goes_in_parts_that_are_taken(both: Both, word: str) -> None:
    connector, provider = both
    text = (word * 3000).strip()
    parts = connector.parts(outbound(provider, text, YES, image=PICTURE))
    for part in parts:
        await connector.send(part)
    assert "".join(taken.text for taken in provider.taken).replace(" ", "") == text.replace(" ", "")
    assert all(len(taken.content["text"]) <= 3000 for taken in provider.taken)
    shown = [(bool(taken.image), bool(taken.buttons)) for taken in provider.taken]
    assert shown == [(True, False), *[(False, False)] * (len(parts) - 2), (False, True)]
    references = {
        taken.content["metadata"]["event_payload"]["reference"] for taken in provider.taken
    }
    assert references == {"0192-01", *(f"0192-01.{number}" for number in range(1, len(parts)))}


async def test_numbers_are_counted_when_a_text_is_cut(both: Both) -> None:
    connector, provider = both
    message = outbound(provider, "x" * 2995, Button("Order", "/" + "x" * 2000))
    for part in connector.parts(message):
        await connector.send(part)
    assert [taken.text for taken in provider.taken] == ["x" * 2995, "1. Order"]


async def test_an_answer_in_a_channel_goes_to_the_thread_it_is_for(both: Both) -> None:
    connector, provider = both
    said = read_one(provider.says(THREAD, "Where is my order?"))
    assert (said.address, said.text) == (THREAD, "Where is my order?")
    await connector.send(outbound(provider, "On its way", YES, address=said.address))
    (taken,) = provider.taken
    assert (taken.address, taken.content["channel"]) == (THREAD, "C0HELP")
    assert taken.content["thread_ts"] == "1764000000.000100"
    pressed = read_one(provider.presses(THREAD, "Yes", "/affirm"))
    assert (pressed.address, pressed.payload) == (THREAD, "/affirm")


# Refusals


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        ("channel_not_found", Refused),
        ("is_archived", Refused),
        ("not_in_channel", Refused),
        ("user_not_found", Refused),
        ("msg_too_long", Refused),
        ("invalid_blocks", Refused),
        ("restricted_action", Refused),
        ("not_authed", NotNow),
        ("invalid_auth", NotNow),
        ("token_revoked", NotNow),
        ("token_expired", NotNow),
        ("account_inactive", NotNow),
        ("missing_scope", NotNow),
        ("ekm_access_denied", NotNow),
        ("service_unavailable", NotNow),
        ("request_timeout", NotNow),
        ("team_added_to_org", NotNow),
        ("internal_error", AnswerLost),
        ("fatal_error", AnswerLost),
    ],
)
async def test_a_refusal_says_what_may_follow(
    both: Both, error: str, raised: type[SendFailed]
) -> None:
    connector, provider = both
    provider.script.troubles.append(answering(200, {"ok": False, "error": error}))
    with pytest.raises(SendFailed) as failed:
        await connector.send(outbound(provider, "Hi"))
    assert type(failed.value) is raised
    assert failed.value.code == error
    await connector.send(outbound(provider, "Hi"))
    assert len(provider.taken) == 1


@pytest.mark.parametrize(
    ("status", "content", "headers", "seconds"),
    [
        (429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "30"}, 30),
        (429, "slow down", {"Retry-After": "30"}, 30),
        (200, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"}, 1),
        (200, {"ok": False, "error": "rate_limited"}, {}, None),
    ],
)
async def test_too_many_messages_make_this_one_wait_and_no_other(
    both: Both, status: int, content: Any, headers: dict[str, str], seconds: float | None
) -> None:
    connector, provider = both
    provider.script.troubles.append(answering(status, content, headers))
    with pytest.raises(NotNow) as failed:
        await connector.send(outbound(provider, "Hi"))
    assert (failed.value.code, failed.value.retry_after) == ("ratelimited", seconds)
    assert not failed.value.whole_channel


@pytest.mark.parametrize(
    "content", [[], "ok", None, {}, {"ok": False}, {"ok": "true"}, {"error": "Text of <U0ADA>"}]
)
async def test_an_answer_that_cannot_be_read_may_have_been_an_acceptance(
    both: Both, content: Any
) -> None:
    connector, provider = both
    provider.script.troubles.append(answering(200, content))
    with pytest.raises(AnswerLost) as failed:
        await connector.send(outbound(provider, "Hi"))
    assert failed.value.code == "unreadable_answer"


@pytest.mark.parametrize(
    ("status", "content", "raised", "code"),
    [
        (503, {}, NotNow, "http_503"),
        (504, {}, AnswerLost, "http_504"),
        (404, {}, Refused, "http_404"),
        (500, {"ok": False, "error": "internal_error"}, AnswerLost, "internal_error"),
        (503, {"ok": False, "error": "service_unavailable"}, NotNow, "service_unavailable"),
        (500, {"ok": False, "error": "channel_not_found"}, NotNow, "http_500"),
    ],
)
async def test_a_status_says_what_may_follow_unless_slack_says_more(
    both: Both, status: int, content: Any, raised: type[SendFailed], code: str
) -> None:
    connector, provider = both
    provider.script.troubles.append(answering(status, content))
    with pytest.raises(raised) as failed:
        await connector.send(outbound(provider, "Hi"))
    assert failed.value.code == code


async def test_an_acceptance_without_an_id_is_one(both: Both) -> None:
    connector, provider = both
    provider.script.troubles.append(answering(200, {"ok": True, "ts": 5}))
    receipt = await connector.send(outbound(provider, "Hi"))
    assert (receipt.state, receipt.provider_id) == ("sent", None)


async def test_what_the_simulated_slack_refuses_is_refused(both: Both) -> None:
    connector, provider = both
    with pytest.raises(Refused) as failed:
        await connector.send(outbound(provider, "Hi", address="ada"))
    assert failed.value.code == "channel_not_found"
    async with simulated(SlackConnector, Slack, slack_token="xoxb-another") as (
        connector,
        provider,
    ):
        with pytest.raises(NotNow) as later:
            await connector.send(outbound(provider, "Hi"))
    assert later.value.code == "invalid_auth"


# A message whose answer was lost


@pytest.mark.parametrize("address", ["D0ADA", THREAD])
async def test_a_message_is_found_by_its_reference(both: Both, address: str) -> None:
    connector, provider = both
    parts = connector.parts(outbound(provider, "x" * 4000, address=address))
    sent = [await connector.send(part) for part in parts]
    assert [await connector.look(part) for part in parts] == sent


@pytest.mark.parametrize("address", ["D0ADA", THREAD])
async def test_a_message_that_never_arrived_is_not_found(both: Both, address: str) -> None:
    connector, provider = both
    message = outbound(provider, "Hi", address=address)
    for other in ("D0BOB", "C0HELP/1764000000.000200/U0BOB"):
        await connector.send(replace(message, address=other))
    await connector.send(replace(message, id="0192-02"))
    assert await connector.look(message) is None


async def fill(provider: Slack, messages: int) -> None:
    for number in range(messages):
        provider.history.add({"channel": "D0ADA", "ts": f"{number}", "text": "x"})


async def test_a_message_is_looked_for_on_several_pages(both: Both) -> None:
    connector, provider = both
    message = outbound(provider, "Hi")
    sent = await connector.send(message)
    await fill(provider, PAGE * 2)
    assert await connector.look(message) == sent
    assert await connector.look(replace(message, id="0192-02")) is None


async def test_what_would_be_too_far_back_stays_unknown(both: Both) -> None:
    connector, provider = both
    message = outbound(provider, "Hi")
    await fill(provider, PAGE * MOST_PAGES)
    assert await connector.look(message) is None
    await fill(provider, 1)
    with pytest.raises(NotNow) as failed:
        await connector.look(message)
    assert failed.value.code == "too_far_back"


@pytest.mark.parametrize(
    "content",
    [{"ok": False, "error": "missing_scope"}, {"ok": True}, {"ok": True, "messages": None}, []],
)
async def test_nothing_is_concluded_from_an_answer_that_does_not_say(
    both: Both, content: Any
) -> None:
    connector, provider = both
    provider.script.troubles.append(answering(200, content))
    with pytest.raises(SendFailed):
        await connector.look(outbound(provider, "Hi"))


async def test_a_lookalike_is_not_ours(both: Both) -> None:
    connector, provider = both
    for metadata in (None, {"event_type": "other", "event_payload": {"reference": "0192-01"}}, {}):
        provider.history.add({"channel": "D0ADA", "ts": "1", "metadata": metadata})
    assert await connector.look(outbound(provider, "Hi")) is None


# Whose requests, and whose words


@pytest.mark.parametrize("seconds", [0, 290, -290])
def test_a_request_of_just_now_is_taken(seconds: float) -> None:
    CONNECTOR.verify(received(PROVIDER.sign(b"{}", seconds_ago=seconds)))


@pytest.mark.parametrize("seconds", [310, -310, 86_400])
def test_a_stale_request_is_refused_although_it_is_slacks_own(seconds: float) -> None:
    with pytest.raises(NotAllowed) as refused:
        CONNECTOR.verify(received(PROVIDER.sign(b"{}", seconds_ago=seconds)))
    assert refused.value.code == "stale"


@pytest.mark.parametrize("timestamp", [None, "", "soon", "9" * 5000, "\udcff"])
def test_the_time_cannot_be_changed(timestamp: str | None) -> None:
    request = received(PROVIDER.sign(b"{}"))
    headers = {"X-Slack-Signature": request.headers["X-Slack-Signature"]}
    if timestamp is not None:
        headers["X-Slack-Request-Timestamp"] = timestamp
    with pytest.raises(NotAllowed) as refused:
        CONNECTOR.verify(replace(request, headers=headers))
    assert refused.value.code == "signature"


def test_the_challenge_is_repeated_and_nothing_else_answered() -> None:
    asked = {"type": "url_verification", "challenge": "abc"}
    request = received(PROVIDER.sign(json.dumps(asked).encode()))
    assert CONNECTOR.answer(request) == WebhookAnswer("abc")
    for content in ({"type": "event_callback", "challenge": "abc"}, {**asked, "challenge": 5}):
        request = received(PROVIDER.sign(json.dumps(content).encode()))
        assert CONNECTOR.answer(request) is None
        assert CONNECTOR.parse(request) == []
    assert CONNECTOR.answer(received(PROVIDER.presses("D0ADA", "Yes", "/affirm"))) is None


@pytest.mark.parametrize("body", [b"payload=", b"payload=%7B", b"payload=%FF%00", b"payload=[]"])
def test_a_form_without_an_object_cannot_be_read(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        CONNECTOR.parse(received(PROVIDER.sign(body)))


def said(text: str, **content: Any) -> ProviderRequest:
    event = {"type": "message", "user": "U0ADA", "ts": "1.1", "channel": "C0HELP", "text": text}
    return PROVIDER.event({**event, **content})


def test_one_message_told_of_in_many_events_is_one() -> None:
    text = f"<@{BOT}> hello"
    told = [said(text) for _ in range(10)]
    told += [said(text, type="app_mention"), said(text, subtype="file_share")]
    bodies = {request.body for request in told}
    messages = [read_one(request) for request in told]
    assert len(bodies) == 12
    assert {message.external_id for message in messages} == {"C0HELP:1.1"}
    assert {message.text for message in messages} == {"hello"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"<@{BOT}> hello", "hello"),
        (f" <@{BOT}|warmline>: hello", "hello"),
        (f"<@{BOT}>, <@{BOT}> hello", f"@{BOT} hello"),
        (f"hello <@{BOT}>", f"hello @{BOT}"),
        (f"<@U0BOB> asks <@{BOT}>", f"@U0BOB asks @{BOT}"),
        (f"<@{BOT}>", f"@{BOT}"),
        (f"<@{BOT}> 2", "2"),
    ],
)
def test_our_name_is_taken_from_the_beginning(text: str, shown: str) -> None:
    assert read_one(said(text, type="app_mention")).text == shown


def test_whoever_an_app_mention_calls_first_is_us_when_nobody_says_who_we_are() -> None:
    event = {"type": "app_mention", "user": "U0ADA", "ts": "1.1", "channel": "C0HELP"}
    content = {"type": "event_callback", "event": {**event, "text": "<@U0APP> hello"}}
    assert read_one(PROVIDER.sign(json.dumps(content).encode())).text == "hello"


@pytest.mark.parametrize(
    ("text", "content", "heard"),
    [
        ("hello", {}, True),
        ("hello", {"thread_ts": "1.0"}, True),
        ("hello", {"thread_ts": "1.0", "parent_user_id": "U0ADA"}, True),
        ("hello", {"thread_ts": "1.0", "parent_user_id": BOT}, True),
        ("hello", {"thread_ts": "1.0", "parent_user_id": "U0BOB"}, False),
        ("hello", {"thread_ts": "1.0", "root": {"user": "U0BOB"}}, False),
        (f"<@{BOT}> hello", {"thread_ts": "1.0", "parent_user_id": "U0BOB"}, True),
        (f"thanks <@{BOT}>", {"thread_ts": "1.0", "parent_user_id": "U0BOB"}, True),
        ("<@U0BOB> hello", {}, False),
        (f"<@U0BOB> ask <@{BOT}>", {}, True),
        ("<@U0BOB> hello", {"channel": "D0ADA"}, True),
        ("hello", {"bot_id": "B0OTHER"}, False),
        ("hello", {"subtype": "bot_message"}, False),
        ("hello", {"user": None}, False),
        ("hello", {"ts": "x" * 201}, False),
        ("hello", {"channel": "C0\n"}, False),
        ("", {}, False),
    ],
)
def test_what_is_said_to_others_is_left_alone(
    text: str, content: dict[str, Any], heard: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    assert bool(read(said(text, **content))) == heard
    assert ("inbound_left_out channel=slack" in caplog.text) != heard
    assert "hello" not in caplog.text


def changed(before: dict[str, Any], after: dict[str, Any]) -> ProviderRequest:
    message = {"user": "U0ADA", "ts": "1.1"}
    return PROVIDER.event(
        {
            "type": "message",
            "subtype": "message_changed",
            "channel": "C0HELP",
            "ts": "2.2",
            "message": {**message, **after},
            "previous_message": {**message, **before},
        }
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"text": "Hi"}, {"text": "Hi"}),
        ({"text": "Hi"}, {"text": ""}),
        ({"text": "Hi", "bot_id": "B0SHOP"}, {"text": "Ho", "bot_id": "B0SHOP"}),
        ({"text": "<@U0BOB> Hi"}, {"text": "<@U0BOB> Ho"}),
    ],
)
def test_what_is_no_edit_of_ours_is_left_out(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert read(changed(before, after)) == []


def test_an_edit_is_about_the_message_also_where_only_the_older_text_has_its_id() -> None:
    original = read_one(said("Hi"))
    edit = read_one(changed({"text": "Hi"}, {"text": f"<@{BOT}> Ho", "ts": "1.1"}))
    assert (edit.kind, edit.text, edit.address) == ("edit", "Ho", original.address)
    assert edit.about == original.external_id != edit.external_id


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("5 &lt; 6 &amp;&amp; 7 &gt; 6", "5 < 6 && 7 > 6"),
        ("&amp;lt; &eacute;", "&lt; &eacute;"),
        ("<https://shop.example>", "https://shop.example"),
        ("<http://shop.example|shop.example>", "shop.example"),
        (
            "<https://shop.example/?a=1&amp;b=2|our boots>",
            "our boots (https://shop.example/?a=1&b=2)",
        ),
        ("<mailto:ada@shop.example|ada@shop.example>", "ada@shop.example"),
        ("<#C0HELP|help> <#C0HELP>", "#help #C0HELP"),
        ("<@U0BOB|bob> <@U0BOB>", "@bob @U0BOB"),
        ("<!here> <!subteam^S0SALES|@sales> <!subteam^S0SALES>", "@here @sales @subteam"),
        ("<!date^1392734382^{date}|18 February>", "18 February"),
        ("a < b > c", "a  b  c"),
        ("<>", ""),
    ],
)
def test_slacks_text_is_made_readable(text: str, shown: str) -> None:
    assert readable(text) == shown


@pytest.mark.parametrize("text", ["", "a & b", "&amp;", "<@U0BOB>", "<!channel>", "a \"b\" 'c'"])
def test_what_is_escaped_is_read_as_it_was(text: str) -> None:
    assert readable(escaped(text)) == text
    assert "<" not in escaped(text)


# Files


async def test_a_picture_is_fetched_with_our_token(both: Both) -> None:
    connector, provider = both
    message = read_one(provider.sends_picture(provider.address, "The sole <came> off"))
    assert message.text == "The sole <came> off"
    (picture,) = message.attachments
    media = await connector.fetch(picture)
    assert (media.content_type, media.body) == ("image/jpeg", JPEG)


async def test_a_file_that_our_token_does_not_open_is_not_found() -> None:
    async with simulated(SlackConnector, Slack, slack_token="xoxb-another") as (
        connector,
        provider,
    ):
        (picture,) = read_one(provider.sends_picture(provider.address)).attachments
        with pytest.raises(NotFound):
            await connector.fetch(picture)


@pytest.mark.parametrize(
    "reference",
    [
        None,
        "https://drive.example/boots.png",
        "https://files.slack.com.example/boots.png",
        "http://files.slack.com/boots.png",
        "https://files.slack.com:8443/boots.png",
        "https://ada@files.slack.com/boots.png",
        "http://127.0.0.1:1/boots.png",
        "file:///etc/passwd",
    ],
)
async def test_only_slacks_own_hosts_are_fetched_from(both: Both, reference: str | None) -> None:
    connector, _ = both
    with pytest.raises(NotFound):
        await connector.fetch(Attachment("image", reference))


def test_a_pressed_button_is_read_where_only_its_message_says_so() -> None:
    content = {
        "type": "block_actions",
        "user": {"id": "U0ADA"},
        "channel": {"id": "C0HELP"},
        "message": {"ts": "2.2", "thread_ts": "1.1"},
        "actions": [
            {"type": "button", "value": "/affirm", "action_ts": "3.3"},
            {"type": "button", "value": "", "action_ts": "3.4"},
            {"type": "button", "value": "/deny", "action_ts": 5},
        ],
    }
    pressed = read_one(PROVIDER.sign(urlencode({"payload": json.dumps(content)}).encode()))
    assert (pressed.address, pressed.payload) == ("C0HELP/1.1/U0ADA", "/affirm")
    assert (pressed.text, pressed.external_id) == ("/affirm", "C0HELP:2.2:U0ADA:3.3")
