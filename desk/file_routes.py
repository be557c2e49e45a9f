"""Files that agents send: added by them, opened by customers with a link that is theirs alone."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import jwt
from aiohttp import web
from aiohttp.helpers import content_disposition_header
from pydantic import BaseModel

from bot.clock import new_id, now
from bot.files import (
    LARGEST,
    check_may_add,
    checked_name,
    content_type_of,
    keep_file,
    too_large,
)
from bot.records import File
from bot.services import Services
from desk.pages import page
from desk.routes import Call, Route

LASTS = timedelta(days=30)
ALGORITHM = "HS256"
UPLOADS_AT_ONCE = 4  # each may be as large as they get, in memory
BLOCK = 128 * 1024  # bytes of a download in memory, however slowly it is read
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
GONE = (
    "This link has ended",
    "A link to a file is good for 30 days. Ask in the chat for a new one.",
)


class Called(BaseModel):
    """What the file is called; the request's body is its bytes."""

    name: str


class AddedFile(BaseModel):
    """A file that can be sent with the next message; `size` is in bytes."""

    id: str
    name: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class FileLinks:
    """Makes and reads links below `site`, signed with `secret`."""

    site: str
    secret: str

    def to(self, file_id: str) -> str:
        content = {"sub": file_id, "exp": now() + LASTS}
        return f"{self.site}/files/{jwt.encode(content, self.secret, ALGORITHM)}"

    def read(self, token: str) -> str | None:
        """The id of the file; None when the token is not one of ours, or has ended."""
        try:
            content = jwt.decode(
                token, self.secret, [ALGORITHM], options={"require": ["exp", "sub"]}
            )
        except (jwt.InvalidTokenError, UnicodeError):
            return None
        return str(content["sub"])


class FileRoutes:
    def __init__(self, links: FileLinks) -> None:
        self._links = links
        self._places = asyncio.Semaphore(UPLOADS_AT_ONCE)

    def table(self) -> list[Route]:
        return [
            Route(
                "POST",
                "/conversations/{id}/files",
                "agent",
                "Add a file, as it is, to be sent with the next message",
                self.add,
                query=Called,
                answer=AddedFile,
                status=201,
            )
        ]

    def mount(self, app: web.Application, services: Services) -> None:
        async def show(request: web.Request) -> web.StreamResponse:
            return await self._show(services, request)

        app.router.add_get("/files/{token}", show)

    async def add(self, call: Call) -> AddedFile:
        name = checked_name(call.query.name)
        conversation_id = call.request.match_info["id"]
        await check_may_add(call.services, conversation_id, call.staff)
        async with self._places:
            try:
                body = await call.request.clone(client_max_size=LARGEST).read()
            except web.HTTPRequestEntityTooLarge as error:
                raise too_large(name) from error
            file_id = new_id()
            file = await keep_file(
                call.services,
                conversation_id,
                call.staff,
                file_id=file_id,
                name=name,
                content_type=content_type_of(name, body),
                body=body,
                link=self._links.to(file_id),
            )
        return AddedFile(id=file.id, name=file.name, content_type=file.content_type, size=file.size)

    async def _show(self, services: Services, request: web.Request) -> web.StreamResponse:
        file_id = self._links.read(request.match_info["token"])
        async with services.database.read() as uow:
            file = await uow.files.get(file_id) if file_id else None
        if file is None or file.message_id is None:
            title, text = GONE
            notice = page("notice.html", title=title, text=text)
            notice.set_status(404)
            notice.headers["Referrer-Policy"] = "no-referrer"
            return notice
        return await send_file(services, request, file)


async def send_file(services: Services, request: web.Request, file: File) -> web.StreamResponse:
    """In blocks, each read when the one before has gone out. A picture is shown, by what its bytes
    are; anything else is only to be saved."""
    shown = "inline" if file.content_type.startswith("image/") else "attachment"
    name = content_disposition_header(shown, filename=file.name)
    answer = web.StreamResponse(headers={**HEADERS, "Content-Disposition": name})
    answer.content_type = file.content_type
    answer.content_length = file.size
    await answer.prepare(request)
    left = 0 if request.method == "HEAD" else file.size
    try:
        while left:
            async with services.database.read() as uow:
                block = await uow.files.block(file.id, file.size - left, BLOCK)
            if not block:
                break  # deleted meanwhile
            try:
                await answer.write(block)
            except ConnectionError:
                break  # whoever asked for it is gone
            left -= len(block)
    finally:
        if left and request.transport is not None:
            request.transport.abort()  # half a file must not look whole, nor anything follow it
    return answer
