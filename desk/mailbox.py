"""The demo's mailbox: what the demo shop mailed to the customer who is signed in on its page.

Mounted in the demo alone. Who is asking is told by the token that the shop's page holds for them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

import jwt
from aiohttp import web

from bot.clock import iso, now
from bot.errors import NotFound, NotSignedIn, Unavailable
from desk.document_routes import Document, shown
from desk.pages import page
from desk.routes import bearer
from desk.visitors import VisitorTokens

ALGORITHM = "HS256"
#: A page looks again every few seconds, and gets new links then.
LINK_LASTS = timedelta(minutes=15)
TYPES = {"pdf": "application/pdf", "json": "application/json"}
ANYTHING = "application/octet-stream"

T = TypeVar("T")


class Mail(Protocol):
    """A mail that was sent; `attachment` is its file's name."""

    @property
    def id(self) -> int: ...

    @property
    def to(self) -> str: ...

    @property
    def subject(self) -> str: ...

    @property
    def body(self) -> str: ...

    @property
    def at(self) -> datetime: ...

    @property
    def attachment(self) -> str | None: ...


class Mails(Protocol):
    """Where the mails are."""

    async def of(self, customer: str) -> Sequence[Mail]: ...

    async def attachment(self, mail: int) -> Document | None: ...


class MailboxRoutes:
    """`customers` are those who can be signed in as; links to attachments are signed with `secret`,
    because a browser that follows one sends no token."""

    def __init__(
        self,
        mails: Mails,
        visitors: VisitorTokens,
        secret: str,
        customers: Callable[[], Sequence[Mapping[str, str]]],
    ) -> None:
        self._mails = mails
        self._visitors = visitors
        self._secret = secret
        self._customers = customers

    def mount(self, app: web.Application) -> None:
        app.router.add_get("/demo/mailbox", self.show)
        app.router.add_get("/demo/mails", self.list)
        app.router.add_get("/demo/attachments/{token}", self.open)

    async def show(self, request: web.Request) -> web.Response:
        wanted = request.query.get("customer")
        customers = self._customers()
        found = [each for each in customers if each["reference"] == wanted]
        if found:
            return page("mailbox.html", customer=found[0])
        text = "Open a mailbox from the shop's page, signed in as its owner."
        nobodys = page("notice.html", title="This is nobody's mailbox", text=text)
        nobodys.set_status(404)
        return nobodys

    async def list(self, request: web.Request) -> web.Response:
        claim = self._visitors.customer(bearer(request) or "")
        mails = await _answered(self._mails.of(claim.reference or ""))
        return web.json_response({"items": [self._shown(mail) for mail in mails]})

    async def open(self, request: web.Request) -> web.Response:
        try:
            token = request.match_info["token"]
            content = jwt.decode(token, self._secret, [ALGORITHM])
        except (jwt.InvalidTokenError, UnicodeError) as error:
            raise NotSignedIn("This link has ended. Open it from the mailbox.") from error
        file = await _answered(self._mails.attachment(int(content["sub"])))
        if file is None:
            raise NotFound("Nothing came with this mail.")
        return shown(file, TYPES.get(file.name.rpartition(".")[2], ANYTHING))

    def _shown(self, mail: Mail) -> dict[str, Any]:
        return {
            "id": mail.id,
            "to": mail.to,
            "subject": mail.subject,
            "text": mail.body,
            "at": iso(mail.at),
            "attachment": {"name": mail.attachment, "url": self._link(mail)}
            if mail.attachment
            else None,
        }

    def _link(self, mail: Mail) -> str:
        content = {"sub": str(mail.id), "exp": now() + LINK_LASTS}
        return f"/demo/attachments/{jwt.encode(content, self._secret, ALGORITHM)}"


async def _answered(asked: Awaitable[T]) -> T:
    try:
        return await asked
    except Exception as error:
        raise Unavailable("The shop does not answer right now.") from error
