"""A shop's documents by the links the assistant gives out: no sign-in, but a token that ends."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from aiohttp import web
from aiohttp.helpers import content_disposition_header

from desk.pages import page

log = logging.getLogger(__name__)

HEADERS = {
    # Chromium shows a PDF as an object; `object-src 'none'` or `sandbox` would leave it blank.
    "Content-Security-Policy": "default-src 'none'; object-src 'self'; frame-ancestors 'none'",
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
GONE = (
    "This link has ended",
    "A link to a document is good for a day. Ask in the chat for a new one.",
)
AWAY = ("Not right now", "The shop does not answer at the moment. Please try again in a minute.")
RETRY_AFTER_SECONDS = 60


class Document(Protocol):
    """What is in a file, and what it is called."""

    @property
    def name(self) -> str: ...

    @property
    def body(self) -> bytes: ...


class DocumentRoutes:
    """`fetch` gives the document of a token, None for a token that is good for none."""

    def __init__(self, fetch: Callable[[str], Awaitable[Document | None]]) -> None:
        self._fetch = fetch

    def mount(self, app: web.Application) -> None:
        app.router.add_get("/documents/{token}", self.show)

    async def show(self, request: web.Request) -> web.Response:
        try:
            document = await self._fetch(request.match_info["token"])
        except Exception as error:
            log.error("document_unavailable error=%s", type(error).__name__)
            return _told(503, AWAY, {"Retry-After": str(RETRY_AFTER_SECONDS)})
        if document is None:
            return _told(404, GONE)
        return shown(document, "application/pdf")


def shown(document: Document, content_type: str) -> web.Response:
    """The file, to be looked at and kept by nobody on the way."""
    name = content_disposition_header("inline", filename=document.name)
    headers = {**HEADERS, "Content-Disposition": name}
    return web.Response(body=document.body, content_type=content_type, headers=headers)


def _told(
    status: int, words: tuple[str, str], headers: dict[str, str] | None = None
) -> web.Response:
    """A page for a person, who has followed a link."""
    title, text = words
    notice = page("notice.html", title=title, text=text)
    notice.set_status(status)
    notice.headers.update({"Referrer-Policy": "no-referrer", **(headers or {})})
    return notice
