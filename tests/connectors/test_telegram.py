"""Telegram: what is sent within its limits, what its refusals mean, and what customers did."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from bot.errors import (
    AnswerLost,
    NotAllowed,
    NotFound,
    NotNow,
    Refused,
    SendFailed,
    SetupError,
    TooLarge,
)
from bot.messages import Attachment, Button, InboundMessage
from connectors.telegram.connector import TelegramConnector
from connectors.text import utf16
from simulator.base import ProviderRequest, answering
from simulator.picture import JPEG
from simulator.telegram import Telegram, error
from tests.connectors.simulated import outbound, simulated
from tests.contract.fixtures import fixture, received

CREDENTIALS = fixture("telegram")["credentials"]
TOKEN = CREDENTIALS["access_token"]
PICTURE = "https://shop.example/boots.jpg"
YES, NO = Button("Yes", "/affirm"), Button("No", "/deny")
LONG = Button("My order", "/inform" + json.dumps({"order": "x" * 60}))


Both = tuple[TelegramConnector, Telegram]


@pytest.fixture
async def both() -> AsyncIterator[Both]:
    async with simulated(TelegramConnector, Telegram) as pair:
        yield pair


def read(connector: TelegramConnector, request: ProviderRequest) -> InboundMessage:
    connector.verify(received(request))
    (message,) = connector.parse(received(request))
    return message


# Sending


async def test_a_text_is_sent_as_it_is(both: Both) -> None:
    connector, provider = both
    text = "<b>5 * 3_000</b> [all](https://shop.example) & `more` 😀"
    receipt = await connector.send(outbound(provider, text))
    (taken,) = provider.taken
    assert dict(taken.content) == {"chat_id": provider.address, "text": text}
    assert receipt.state == "sent"
    assert receipt.provider_id == f"{provider.address}:{taken.id}"


async def test_buttons_stand_below_the_text(both: Both) -> None:
    connector, provider = both
    await connector.send(outbound(provider, "Shall I?", YES, NO))
    assert provider.taken[0].text == "Shall I?"
    assert provider.taken[0].buttons == [("Yes", "/affirm"), ("No", "/deny")]


@pytest.mark.parametrize("payload", [LONG.payload, "", "/" + "é" * 32])
async def test_a_button_that_does_not_fit_makes_all_of_them_numbers(
    both: Both, payload: str
) -> None:
    connector, provider = both
    await connector.send(outbound(provider, "Which?", YES, Button("My order", payload)))
    assert provider.taken[0].text == "Which?\n1. Yes\n2. My order"
    assert not provider.taken[0].buttons
    assert read(connector, provider.says(provider.address, "2.")).choice == 2


async def test_a_payload_of_64_bytes_fits(both: Both) -> None:
    connector, provider = both
    payload = "/" + "é" * 31 + "x"
    await connector.send(outbound(provider, "Which?", Button("This", payload)))
    assert provider.taken[0].buttons == [("This", payload)]


@pytest.mark.parametrize("word", ["word ", "Ä. ", "😀", "x"])
async def test_a_long_text_goes_in_parts_that_are_taken(both: Both, word: str) -> None:
    connector, provider = both
    text = (word * 10_000).strip()
    parts = connector.parts(outbound(provider, text, YES))
    for part in parts:
        await connector.send(part)
    assert "".join(taken.text for taken in provider.taken).replace(" ", "") == text.replace(" ", "")
    assert all(utf16(taken.text) <= 4096 for taken in provider.taken)
    assert [bool(taken.buttons) for taken in provider.taken] == [*[False] * (len(parts) - 1), True]
    assert [part.part for part in parts] == list(range(len(parts)))
    assert utf16(text) / 4096 <= len(parts) <= utf16(text) / 4096 * 1.1 + 1


async def test_numbers_are_counted_when_a_text_is_cut(both: Both) -> None:
    connector, provider = both
    message = outbound(provider, "x" * 4090, LONG)
    for part in connector.parts(message):
        await connector.send(part)
    assert [taken.text for taken in provider.taken] == ["x" * 4090, "1. My order"]


async def test_a_picture_has_the_text_below_it(both: Both) -> None:
    connector, provider = both
    (part,) = connector.parts(outbound(provider, "x" * 1024, YES, image=PICTURE))
    await connector.send(part)
    (taken,) = provider.taken
    assert (taken.image, taken.text) == (PICTURE, "x" * 1024)
    assert taken.buttons == [("Yes", "/affirm")]


async def test_a_text_too_long_for_a_picture_follows_it(both: Both) -> None:
    connector, provider = both
    for part in connector.parts(outbound(provider, "x" * 1025, YES, image=PICTURE)):
        await connector.send(part)
    picture, text = provider.taken
    assert (picture.image, picture.text, list(picture.buttons)) == (PICTURE, "", [])
    assert (text.image, text.text) == (None, "x" * 1025)
    assert text.buttons == [("Yes", "/affirm")]


async def test_typing_is_shown(both: Both) -> None:
    connector, provider = both
    await connector.show_typing(provider.address, "1:1:1")
    assert provider.typing == [provider.address]


# Refusals


@pytest.mark.parametrize(
    ("status", "said", "raised", "code"),
    [
        (403, "Forbidden: bot was blocked by the user", Refused, "blocked"),
        (403, "Forbidden: user is deactivated", Refused, "deactivated"),
        (403, "Forbidden: bot can't initiate conversation with a user", Refused, "http_403"),
        (400, "Bad Request: chat not found", Refused, "chat_not_found"),
        (400, "Bad Request: message is too long", Refused, "too_long"),
        (400, "Bad Request: failed to get HTTP URL content", Refused, "picture"),
        (400, "Bad Request: wrong type of the web page content", Refused, "picture"),
        (400, "Bad Request: BUTTON_DATA_INVALID", Refused, "http_400"),
        (401, "Unauthorized", NotNow, "http_401"),
        (404, "Not Found", NotNow, "http_404"),
        (409, "Conflict: terminated by other getUpdates request", NotNow, "http_409"),
        (500, "Internal Server Error", NotNow, "http_500"),
        (502, "Bad Gateway", NotNow, "http_502"),
        (504, "Gateway Timeout", AnswerLost, "http_504"),
    ],
)
async def test_a_refusal_says_what_may_follow(
    both: Both, status: int, said: str, raised: type[SendFailed], code: str
) -> None:
    connector, provider = both
    provider.script.troubles.append(answering(status, error(status, said)))
    with pytest.raises(raised) as failed:
        await connector.send(outbound(provider, "Hi"))
    assert type(failed.value) is raised
    assert failed.value.code == code
    await connector.send(outbound(provider, "Hi"))
    assert len(provider.taken) == 1


@pytest.mark.parametrize(
    ("content", "headers", "seconds"),
    [
        (error(429, "Too Many Requests: retry after 7", retry_after=7), {}, 7),
        (error(429, "Too Many Requests"), {"Retry-After": "5"}, 5),
        (error(429, "Too Many Requests", retry_after="soon"), {"Retry-After": "5"}, 5),
        ([], {}, None),
    ],
)
async def test_too_many_messages_make_this_one_wait_and_no_other(
    both: Both, content: Any, headers: dict[str, str], seconds: float | None
) -> None:
    connector, provider = both
    provider.script.troubles.append(answering(429, content, headers))
    with pytest.raises(NotNow) as failed:
        await connector.send(outbound(provider, "Hi"))
    assert failed.value.retry_after == seconds
    assert not failed.value.whole_channel


@pytest.mark.parametrize("content", [[], "ok", None, {}, {"ok": False}, {"result": {}}])
async def test_an_answer_that_cannot_be_read_may_have_been_an_acceptance(
    both: Both, content: Any
) -> None:
    connector, provider = both
    provider.script.troubles.append(answering(200, content))
    with pytest.raises(AnswerLost):
        await connector.send(outbound(provider, "Hi"))


@pytest.mark.parametrize("result", [{}, True, {"message_id": "7"}, None])
async def test_an_acceptance_without_an_id_is_one(both: Both, result: Any) -> None:
    connector, provider = both
    provider.script.troubles.append(answering(200, {"ok": True, "result": result}))
    receipt = await connector.send(outbound(provider, "Hi"))
    assert (receipt.state, receipt.provider_id) == ("sent", None)


async def test_a_number_that_never_wrote_is_refused(both: Both) -> None:
    connector, provider = both
    with pytest.raises(Refused) as failed:
        await connector.send(outbound(provider, "Hi", address="ada"))
    assert failed.value.code == "chat_not_found"


def chain(raised: BaseException | None) -> Iterator[BaseException]:
    while raised is not None:
        yield raised
        raised = raised.__cause__ or raised.__context__


async def test_the_token_stands_in_no_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="connectors")
    wrong = f"{TOKEN}x"
    photo = Attachment("image", "AgAC1")
    async with simulated(TelegramConnector, Telegram, access_token=wrong) as (connector, provider):
        for call in (connector.send(outbound(provider, "Hi")), connector.fetch(photo)):
            with pytest.raises(NotNow) as failed:
                await call
            assert failed.value.code == "http_401"
    for url in ("http://127.0.0.1:9", "http://nowhere.invalid"):
        connector = TelegramConnector.from_credentials({**CREDENTIALS, "api_url": url})
        for call in (connector.send(outbound(provider, "Hi")), connector.fetch(photo)):
            with pytest.raises(NotNow) as failed:
                await call
            assert failed.value.code == "unreachable"
            for one in chain(failed.value):
                assert TOKEN not in f"{one!s} {one!r}"
        await connector.aclose()
    assert TOKEN not in caplog.text


# What customers do


async def test_a_pressed_button_is_read_and_acknowledged(both: Both) -> None:
    connector, provider = both
    await connector.send(outbound(provider, "Shall I?", YES, NO))
    pressed = provider.presses(provider.address, "No", "/deny")
    message = read(connector, pressed)
    assert (message.text, message.payload) == ("No", "/deny")
    await connector.acknowledge(received(pressed))
    query = json.loads(pressed.body)["callback_query"]
    assert provider.acknowledged == [query["id"]]


async def test_what_is_no_pressed_button_is_not_acknowledged(both: Both) -> None:
    connector, provider = both
    await connector.acknowledge(received(provider.says(provider.address, "Hi")))
    assert provider.acknowledged == []


def test_a_retry_is_the_same_and_everything_else_is_not() -> None:
    connector = TelegramConnector.from_credentials(CREDENTIALS)
    provider = Telegram(CREDENTIALS, "https://shop.example")
    first, again = (read(connector, provider.says("5", "Hi", id="7")) for _ in range(2))
    assert first == again
    said = [read(connector, provider.says(chat, "Hi")) for chat in ("5", "5", "6")]
    pressed = [read(connector, provider.presses("5", "Yes", "/affirm")) for _ in range(2)]
    ids = {message.external_id for message in (first, *said, *pressed)}
    assert len(ids) == 6


def update(**content: Any) -> ProviderRequest:
    provider = Telegram(CREDENTIALS, "https://shop.example")
    return provider.sign(json.dumps({"update_id": 1, **content}).encode())


def message(**content: Any) -> dict[str, Any]:
    return {"message_id": 2, "chat": {"id": 5, "type": "private"}, **content}


def test_an_edit_and_a_reaction_name_the_beginning_of_the_messages_id() -> None:
    connector = TelegramConnector.from_credentials(CREDENTIALS)
    original = read(connector, update(message=message(text="Hi")))
    edit = read(connector, update(update_id=3, edited_message=message(text="Ho")))
    reaction = read(
        connector, update(update_id=4, message_reaction=message(new_reaction=[{"emoji": "👍"}]))
    )
    for later in (edit, reaction):
        assert original.external_id.startswith(f"{later.about}:")
        assert later.external_id != original.external_id


@pytest.mark.parametrize(
    "content",
    [
        {"message": message(text="Hi", chat={"id": 5})},
        {"message": message(text="Hi", chat={"id": "5", "type": "private"})},
        {"message": message(text="Hi", chat={"id": 2**64, "type": "private"})},
        {"message": message(text="Hi", message_id=None)},
        {"message": message(text="Hi"), "update_id": "1"},
        {"message": message(text="Hi"), "update_id": True},
        {"message": message(text=["Hi"])},
        {"message": message(photo=[])},
        {"message": message(photo=[{"file_id": 5, "width": 5}])},
        {"message": message(location={"latitude": 91, "longitude": 0})},
        {"message": message(location={"latitude": float("nan"), "longitude": 0})},
        {"message": message(location={"latitude": True, "longitude": 0})},
        {"message": message(contact={})},
        {"message": []},
        {"edited_message": message(caption="")},
        {"callback_query": {"id": "1", "data": "/affirm"}},
        {"callback_query": {"id": "1", "data": 5, "from": {"id": 5}}},
        {"message_reaction": message(new_reaction=None)},
    ],
)
def test_what_has_another_shape_is_left_out_with_a_line_in_the_log(
    content: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    connector = TelegramConnector.from_credentials(CREDENTIALS)
    assert connector.parse(received(update(**content))) == []
    assert "inbound_left_out channel=telegram what=" in caplog.text
    assert "Hi" not in caplog.text


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ({"first_name": " Ada  Maria\n", "last_name": "Lovelace"}, "Ada Maria Lovelace"),
        ({"first_name": "x" * 300}, "x" * 199 + "…"),
        ({"first_name": "A\ud800da"}, "A?da"),
        ({"first_name": ""}, None),
        ("Ada", None),
    ],
)
def test_the_accounts_name_is_the_customers(sender: Any, name: str | None) -> None:
    connector = TelegramConnector.from_credentials(CREDENTIALS)
    claim = read(connector, update(message=message(text="Hi", **{"from": sender}))).claim
    assert (claim.name, claim.how) == (name, "Telegram account")
    assert claim.verification == "anyone"


# Files


async def test_a_picture_is_fetched(both: Both) -> None:
    connector, provider = both
    said = read(connector, provider.sends_picture(provider.address, "The sole came off"))
    assert said.text == "The sole came off"
    (picture,) = said.attachments
    media = await connector.fetch(picture)
    assert (media.content_type, media.body) == ("image/jpeg", JPEG)
    assert picture.size == len(JPEG)


GONE = error(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
TOO_BIG = error(400, "Bad Request: file is too big")
NO_PLACE = {"ok": True, "result": {"file_id": "AgAC1"}}
ELSEWHERE = {"ok": True, "result": {"file_path": "../../secrets?"}}


@pytest.mark.parametrize(
    ("status", "content", "raised"),
    [
        (400, GONE, NotFound),
        (400, TOO_BIG, TooLarge),
        (401, error(401, "Unauthorized"), NotNow),
        (429, error(429, "Too Many Requests", retry_after=3), NotNow),
        (500, {}, NotNow),
        (504, {}, NotNow),
        (200, [], NotNow),
        (200, NO_PLACE, NotFound),
        (200, ELSEWHERE, NotFound),
    ],
)
async def test_what_cannot_be_fetched_is_told_apart(
    both: Both, status: int, content: Any, raised: type[Exception]
) -> None:
    connector, provider = both
    provider.script.troubles.append(answering(status, content))
    with pytest.raises(raised):
        await connector.fetch(Attachment("image", "AgAC1"))


async def test_an_attachment_of_which_there_is_no_file_is_not_found(both: Both) -> None:
    connector, _ = both
    with pytest.raises(NotFound):
        await connector.fetch(Attachment("location", latitude=1.0, longitude=2.0))


# Setting up


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("access_token", "110201543:AAE/../made-up"),
        ("access_token", "110201543:AAE made-up\n"),
        ("secret_token", "with a space"),
        ("secret_token", "schlüssel"),
        ("secret_token", "x" * 257),
        ("secret_token", ""),
    ],
)
def test_what_telegram_would_not_take_stops_the_start(key: str, value: str) -> None:
    with pytest.raises(SetupError) as refused:
        TelegramConnector.from_credentials({**CREDENTIALS, key: value})
    assert f"telegram.{key}" in refused.value.where
    assert refused.value.cure
    assert not value or value not in str(refused.value)


def test_another_bots_secret_is_refused() -> None:
    connector = TelegramConnector.from_credentials(CREDENTIALS)
    other = Telegram({**CREDENTIALS, "secret_token": "another"}, "https://shop.example")
    with pytest.raises(NotAllowed):
        connector.verify(received(other.says("5", "Hi")))
