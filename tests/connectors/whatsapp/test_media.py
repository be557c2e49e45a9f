"""Typing, and what customers send beside words, on WhatsApp."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web

from bot.errors import NotFound, NotNow, Refused, TooLarge
from bot.messages import Attachment
from connectors.media import LARGEST
from simulator.base import answering
from simulator.picture import PNG
from simulator.whatsapp_limits import error
from tests.connectors.simulated import serving
from tests.connectors.whatsapp.line import (
    ADA,
    Line,
)


async def test_typing_is_shown_under_the_newest_message(line: Line) -> None:
    [message] = line.read(line.provider.says(ADA, "Hello"))
    await line.connector.show_typing(message.address, message.external_id)
    assert line.provider.typing == [message.external_id]
    with pytest.raises(Refused):
        await line.connector.show_typing(message.address, "another provider's 0")


async def test_a_picture_is_fetched(line: Line) -> None:
    [message] = line.read(line.provider.sends_picture(ADA, "Broken"))
    [attachment] = message.attachments
    assert (message.text, attachment.kind, attachment.content_type) == (
        "Broken",
        "image",
        "image/png",
    )
    media = await line.connector.fetch(attachment)
    assert (media.content_type, media.body) == ("image/png", PNG)


@pytest.mark.parametrize(
    ("trouble", "raised"),
    [
        (answering(400, error(100, "Unsupported get request")), NotFound),
        (answering(404, {}), NotFound),
        (answering(401, error(190, "Expired")), NotNow),
        (answering(500, error(131000, "Something went wrong")), NotNow),
        (answering(504, {}), NotNow),
        (answering(200, {}), NotNow),
        (answering(200, []), NotNow),
        (answering(200, {"url": "https://fbsbx.com.evil.test/1"}), NotFound),
        (answering(200, {"url": "http://lookaside.fbsbx.com/1"}), NotFound),
        (answering(200, {"url": "https://[fbsbx.com/"}), NotFound),
    ],
)
async def test_what_cannot_be_fetched_is_told(
    line: Line, trouble: Any, raised: type[Exception]
) -> None:
    line.provider.script.troubles.append(trouble)
    with pytest.raises(raised):
        await line.connector.fetch(Attachment("image", "1"))


async def test_what_is_nowhere_is_not_fetched(line: Line) -> None:
    with pytest.raises(NotFound):
        await line.connector.fetch(Attachment("location", latitude=51.5, longitude=0.0))


async def test_nobody_elses_host_is_asked(line: Line) -> None:
    asked: list[web.Request] = []

    async def elsewhere(request: web.Request) -> web.Response:
        asked.append(request)
        return web.Response(body=b"secret")

    async with serving([web.get("/", elsewhere)]) as url:
        found = answering(200, {"url": f"{line.url}/whatsapp_business/attachments/"})
        line.provider.script.troubles += [
            answering(200, {"url": url}),
            found,
            answering(302, {}, {"Location": url}),
        ]
        for _ in range(2):
            with pytest.raises(NotFound):
                await line.connector.fetch(Attachment("image", "1"))
    assert asked == []


async def test_too_large_a_file_is_not_read(line: Line) -> None:
    def large(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"x" * (LARGEST + 1))

    found = answering(200, {"url": f"{line.url}/whatsapp_business/attachments/"})
    line.provider.script.troubles += [found, large]
    with pytest.raises(TooLarge):
        await line.connector.fetch(Attachment("video", "1"))


async def test_an_id_reaches_no_other_path(line: Line) -> None:
    asked: list[str] = []

    def unknown(request: web.Request) -> web.StreamResponse:
        asked.append(request.match_info["media"] + request.query_string)
        return web.json_response(error(100, "Unsupported get request"), status=400)

    references = ["../106540352242922", "1/../../me", "1?fields=url", "1#"]
    for reference in references:
        line.provider.script.troubles.append(unknown)
        with pytest.raises(NotFound):
            await line.connector.fetch(Attachment("image", reference))
    assert asked == references
