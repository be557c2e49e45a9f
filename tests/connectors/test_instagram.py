"""Instagram over HTTP against the simulated platform: what is not as on Messenger."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.errors import NotFound, Refused, SetupError
from bot.messages import Attachment, Button, ReceiptUpdate
from connectors.instagram import InstagramConnector
from simulator.base import answering
from simulator.messenger import Instagram
from simulator.picture import PNG
from tests.connectors.messenger_line import Line, ago, line
from tests.contract.fixtures import received


@pytest.fixture
async def instagram() -> AsyncIterator[Line]:
    async with line(InstagramConnector, Instagram) as opened:
        yield opened


@pytest.mark.parametrize(
    ("character", "lengths"), [("a", [1_000, 1]), ("ä", [500, 500, 1]), ("😀", [250] * 4 + [1])]
)
async def test_a_text_has_a_thousand_bytes(
    instagram: Line, character: str, lengths: list[int]
) -> None:
    await instagram.deliver(instagram.write(character * 1_001))
    assert [len(taken.text) for taken in instagram.provider.taken] == lengths


async def test_the_simulated_platform_counts_bytes(instagram: Line) -> None:
    with pytest.raises(Refused):
        await instagram.connector.send(instagram.write("ä" * 501))
    assert instagram.provider.taken == []


async def test_a_picture_and_quick_replies(instagram: Line) -> None:
    url, buttons = "https://shop.example/mug.png", (Button("Yes", "/affirm"),)
    await instagram.deliver(instagram.write("This one?", image=url, buttons=buttons))
    picture, text = instagram.provider.taken
    assert (picture.image, picture.text, picture.buttons) == (url, "", [])
    assert (text.image, text.text, text.buttons) == (None, "This one?", [("Yes", "/affirm")])


async def test_nothing_is_sent_along_that_only_messengers_echoes_know(instagram: Line) -> None:
    await instagram.deliver(instagram.write("Hello"))
    assert instagram.sent() == [{"text": "Hello"}]


async def test_a_person_may_answer_for_a_week(instagram: Line) -> None:
    late: dict[str, Any] = {"heard_at": ago(days=6)}
    [agents] = await instagram.deliver(instagram.write("Hello", author="agent", **late))
    [bots] = await instagram.deliver(instagram.write("Hello", **late))
    assert (agents.state, bots.state, bots.reason) == ("sent", "held", "window_closed")
    [taken] = instagram.provider.taken
    assert taken.content["tag"] == "HUMAN_AGENT"


async def test_errors_are_named_for_this_channel(instagram: Line) -> None:
    error = {"message": "?", "type": "OAuthException", "code": 100, "error_subcode": 2534014}
    instagram.provider.script.troubles.append(answering(400, {"error": error}))
    with pytest.raises(Refused) as refused:
        await instagram.deliver(instagram.write("Hello"))
    assert refused.value.code == "instagram_100_2534014"


async def test_what_was_read_is_known_by_its_id(instagram: Line) -> None:
    await instagram.deliver(instagram.write("Hello"))
    [taken] = instagram.provider.taken
    assert instagram.provider.reports(taken, "delivered") is None
    request = instagram.provider.reports(taken, "read")
    assert request is not None
    account = instagram.provider.account
    assert instagram.connector.receipts(received(request)) == [
        ReceiptUpdate(taken.id, "read", recipient=account)
    ]
    assert instagram.connector.parse(received(request)) == []


async def test_what_cannot_be_shown_was_still_sent(instagram: Line) -> None:
    event = {"message": {"mid": "aWdf1", "is_unsupported": True}}
    request = received(instagram.provider.happens("1594", event))
    [message] = instagram.connector.parse(request)
    assert message.attachments == (Attachment("file"),)
    with pytest.raises(NotFound):
        await instagram.connector.fetch(message.attachments[0])


async def test_a_picture_is_fetched(instagram: Line) -> None:
    request = received(instagram.provider.sends_picture(instagram.provider.address, "This one"))
    [message] = instagram.connector.parse(request)
    media = await instagram.connector.fetch(message.attachments[0])
    assert (message.text, media.content_type, media.body) == ("This one", "image/png", PNG)


async def test_a_message_taken_back_is_told_of_once(instagram: Line) -> None:
    [said] = instagram.connector.parse(received(instagram.provider.says("1594", "Hi", id="aWdf1")))
    event = {"message": {"mid": "aWdf1", "is_deleted": True}}
    twice = [instagram.provider.happens("1594", event) for _ in range(2)]
    [first], [second] = (instagram.connector.parse(received(request)) for request in twice)
    assert first == second
    assert (first.kind, first.about) == ("deletion", said.external_id)
    assert first.external_id != said.external_id


async def test_the_account_is_instagrams_and_not_the_pages() -> None:
    account = Instagram.account
    async with line(InstagramConnector, Instagram, instagram_id=account) as opened:
        [message] = opened.connector.parse(received(opened.provider.says("1594", "Hi")))
        assert message.recipient == opened.connector.receives == account
    keys = {"verify": "v", "secret": "s", "page-access-token": "t", "page_id": account}
    with pytest.raises(SetupError) as refused:
        InstagramConnector.from_credentials(keys)
    assert "instagram.page_id" in refused.value.where
