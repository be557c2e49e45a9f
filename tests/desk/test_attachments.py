"""What customers send, as an agent's browser gets it: pictures are shown, all else is saved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.errors import NotFound, NotNow, TooLarge
from bot.intake import receive
from bot.messages import Attachment, Media
from bot.services import Services
from desk.attachment_routes import AttachmentRoutes
from desk.routes import Call
from desk.web import errors
from tests.contract.conftest import pair as pair
from tests.contract.test_deliveries import MemoryConnector
from tests.processes import message

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
Client = TestClient[web.Request, web.Application]


@dataclass
class MediaChannel(MemoryConnector):
    """A channel whose provider hands out this, or fails so."""

    media: Media | Exception | None = None

    async def fetch(self, attachment: Attachment) -> Media:
        if isinstance(self.media, Exception):
            raise self.media
        assert self.media is not None
        return self.media


@pytest.fixture
def channel() -> MediaChannel:
    return MediaChannel()


@pytest.fixture
async def browser(pair: tuple[Services, ...], channel: MediaChannel) -> AsyncIterator[Client]:
    routes = AttachmentRoutes({"memory": channel})

    async def show(request: web.Request) -> web.StreamResponse:
        return await routes.show(Call(pair[0], request))

    app = web.Application(middlewares=[errors])
    app.router.add_get("/messages/{id}/attachments/{number}", show)
    async with TestClient(TestServer(app)) as client:
        yield client


async def sent(services: Services, **attachment: object) -> str:
    """A message with this attachment; its id."""
    one = Attachment(**{"kind": "file", "reference": "r", **attachment})  # type: ignore[arg-type]
    return (await receive(services, message("", attachments=(one,), channel="memory"))).message.id


@pytest.mark.parametrize(
    ("media", "shown_as"),
    [
        (Media("image/png", PNG), "image/png"),
        (Media("IMAGE/PNG", PNG), "image/png"),
        (Media("image/jpeg", b"\xff\xd8\xff\xe0"), "image/jpeg"),
        (Media("image/png", b"<script>alert(1)</script>"), None),
        (Media("text/html", b"<script>alert(1)</script>"), None),
        (Media("image/svg+xml", b"<svg onload='alert(1)'/>"), None),
        (Media("application/pdf", b"%PDF-1.7"), None),
        (Media("", b""), None),
    ],
    ids=["png", "PNG", "jpeg", "no png", "page", "svg", "pdf", "nothing"],
)
async def test_only_a_picture_that_is_one_is_shown(
    pair: tuple[Services, ...],
    browser: Client,
    channel: MediaChannel,
    media: Media,
    shown_as: str | None,
) -> None:
    channel.media = media
    one = await sent(pair[0], name='ev"il\r\n<x>.html')
    async with browser.get(f"/messages/{one}/attachments/0") as answer:
        assert answer.status == 200
        assert await answer.read() == media.body
        assert answer.content_type == (shown_as or "application/octet-stream")
        saved = answer.headers.get("Content-Disposition", "")
        assert saved.startswith("attachment") == (shown_as is None)
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("failure", "status"),
    [(NotFound("gone"), 404), (TooLarge("large"), 413), (NotNow("http_500"), 503)],
)
async def test_what_cannot_be_had_is_said(
    pair: tuple[Services, ...],
    browser: Client,
    channel: MediaChannel,
    failure: Exception,
    status: int,
) -> None:
    channel.media = failure
    one = await sent(pair[0])
    async with browser.get(f"/messages/{one}/attachments/0") as answer:
        assert answer.status == status
        assert (await answer.json())["error"]["message"]


async def test_there_is_nothing_elsewhere(
    pair: tuple[Services, ...], browser: Client, channel: MediaChannel
) -> None:
    channel.media = Media("image/png", PNG)
    one, place = await sent(pair[0]), await sent(pair[0], kind="location", reference=None)
    off = await receive(
        pair[0], message("", attachments=(Attachment("file", "r"),), channel="another")
    )
    for path in (
        f"{one}/attachments/1",
        f"{one}/attachments/-1",
        f"{one}/attachments/{'9' * 5_000}",
        f"{one}/attachments/x",
        f"{one}/attachments/²",
        f"{place}/attachments/0",
        f"{off.message.id}/attachments/0",
        "nobody/attachments/0",
    ):
        async with browser.get(f"/messages/{path}") as answer:
            assert answer.status == 404, path
