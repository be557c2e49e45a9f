"""What was sent beside words, shown to agents: customers' is fetched from its provider when asked
for, and all of it is handed on so that no browser runs any of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from aiohttp import web
from aiohttp.helpers import content_disposition_header

from bot.errors import NotFound, NotNow, Unavailable
from bot.messages import Attachment, Connector, Media, MediaConnector
from bot.records import Message
from bot.services import Services
from desk.file_routes import send_file
from desk.routes import Call, Route

# What is shown in place, and how it begins: what a provider or a customer calls it proves nothing.
PICTURES = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}
ANYTHING = "application/octet-stream"
AT_ONCE = 4  # each may be as large as connectors read, in memory
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=3600",
}


class AttachmentRoutes:
    def __init__(self, connectors: Mapping[str, Connector]) -> None:
        self._connectors = connectors
        self._places = asyncio.Semaphore(AT_ONCE)

    def table(self) -> list[Route]:
        path = "/messages/{id}/attachments/{number}"
        summary = "A picture or a file of a message's"
        return [Route("GET", path, "agent", summary, self.show, is_file=True)]

    async def show(self, call: Call) -> web.StreamResponse:
        found = call.request.match_info
        message, attachment = await _attachment(call.services, found["id"], found["number"])
        if message.author == "agent":
            return await _ours(call, attachment)
        connector = self._connectors.get(message.channel)
        if not isinstance(connector, MediaConnector) or attachment.reference is None:
            raise NotFound("There is nothing to fetch: this channel is off, or sends none.")
        async with self._places:
            try:
                media = await connector.fetch(attachment)
            except NotNow as error:
                raise Unavailable("The provider does not hand it out now. Try again.") from error
        return _safely(media, attachment)


async def _ours(call: Call, attachment: Attachment) -> web.StreamResponse:
    """What an agent sent is in the database."""
    async with call.services.database.read() as uow:
        file = await uow.files.get(attachment.reference or "")
    if file is None:
        raise NotFound("There is no such attachment.")
    return await send_file(call.services, call.request, file)


async def _attachment(
    services: Services, message_id: str, number: str
) -> tuple[Message, Attachment]:
    async with services.database.read() as uow:
        message = await uow.messages.get(message_id)
    # As written in the link: "-1" would be the last one, and a number can be too long to be one.
    places = [str(place) for place in range(len(message.attachments))] if message else []
    if message is None or number not in places:
        raise NotFound("There is no such attachment.")
    return message, Attachment(**message.attachments[places.index(number)])


def _safely(media: Media, attachment: Attachment) -> web.Response:
    """A picture that is one is shown; anything else is only to be saved."""
    kind = media.content_type.lower()
    shown = any(media.body.startswith(beginning) for beginning in PICTURES.get(kind, ()))
    answer = web.Response(
        body=media.body, content_type=kind if shown else ANYTHING, headers=HEADERS
    )
    if not shown:
        name = attachment.name or attachment.kind
        answer.headers["Content-Disposition"] = content_disposition_header(
            "attachment", filename=name
        )
    return answer
