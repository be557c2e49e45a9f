"""What the demo shop mailed to a customer, which in the demo is read here in place of an inbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial

import sqlalchemy as sa

from actions.context.sql.database import ShopDatabase
from actions.context.tables import mails

#: The newest of them; a demo is not played for longer.
SHOWN = 100
READ_TIMEOUT = 3.0
_PLAIN = [column for column in mails.c if column.name != "attachment"]


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail; `attachment` is its file's name."""

    id: int
    to: str
    subject: str
    body: str
    at: datetime
    attachment: str | None


@dataclass(frozen=True, slots=True)
class File:
    """What came with a mail."""

    name: str
    body: bytes


class DemoMailbox:
    """The mails in the demo shop's database; belongs to the event loop that first uses it."""

    def __init__(self, url: str) -> None:
        self._database = ShopDatabase(url, timeout=READ_TIMEOUT)

    async def of(self, customer: str) -> list[Mail]:
        """This customer's mails, newest first. Raises ShopUnavailable."""
        return await self._database.read(partial(_mails, customer=customer))

    async def attachment(self, mail: int) -> File | None:
        """The file that came with a mail. Raises ShopUnavailable."""
        return await self._database.read(partial(_attachment, mail=mail))

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._database.aclose()


def _mails(connection: sa.Connection, *, customer: str) -> list[Mail]:
    newest = sa.select(*_PLAIN).order_by(mails.c.id.desc()).limit(SHOWN)
    return [
        Mail(
            id=row.id,
            to=row.to_address,
            subject=row.subject,
            body=row.body,
            at=row.at.replace(tzinfo=timezone.utc),
            attachment=row.attachment_name,
        )
        for row in connection.execute(newest.where(mails.c.customer == customer))
    ]


def _attachment(connection: sa.Connection, *, mail: int) -> File | None:
    found = sa.select(mails.c.attachment_name, mails.c.attachment).where(mails.c.id == mail)
    row = connection.execute(found).one_or_none()
    return File(row.attachment_name, row.attachment) if row and row.attachment else None
