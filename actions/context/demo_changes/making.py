"""What a change of the demo shop is made with, and what stops one."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from actions.context import tables

#: Its days begin at midnight there.
SHOPS_ZONE = ZoneInfo("Europe/London")


class Refused(Exception):
    """The shop does not make this change; the code is one of `Changed.refused`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail. It is drawn when the change is made, but not by whoever holds
    the event loop."""

    name: str
    draw: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that a change sends; `template` is its kind."""

    customer: str
    to: str
    template: str
    subject: str
    body: str
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Making:
    """The shop's open transaction, the change's key, the moment (UTC), and the mails that go out
    with the change."""

    connection: sa.Connection
    key: str
    now: datetime
    mails: list[Mail] = field(default_factory=list)

    @property
    def moment(self) -> datetime:
        """The moment as the tables keep it."""
        return self.now.astimezone(timezone.utc).replace(tzinfo=None)

    @property
    def today(self) -> date:
        """The shop's own day."""
        return self.now.astimezone(SHOPS_ZONE).date()

    def order(self, number: str) -> Any:
        """The order's row, locked until the transaction ends."""
        return self.locked(sa.select(tables.orders).where(tables.orders.c.number == number))

    def customer(self, reference: str) -> Any:
        """The row of a customer whose account stays, locked likewise."""
        row = self.locked(sa.select(tables.customers).where(_is(reference)))
        if row.closing_on is not None:
            raise Refused("too_late")
        return row

    def locked(self, query: sa.Select[Any]) -> Any:
        """The one row of the query, locked likewise; Refused when there is none. A transaction of
        SQLite locks everything, so there the query says nothing about it."""
        row = self.connection.execute(query.with_for_update()).one_or_none()
        if row is None:
            raise Refused("not_found")
        return row

    def mail(
        self,
        customer: str,
        template: str,
        subject: str,
        text: str,
        attachment: Attachment | None = None,
        *,
        to: str | None = None,
    ) -> None:
        """Have the customer with this reference written to, at the address on file or `to`."""
        row = self.connection.execute(sa.select(tables.customers).where(_is(customer))).one()
        body = f"Hello {row.name},\n\n{text}\n\nFjell & Fjord"
        self.mails.append(Mail(customer, to or row.email, template, subject, body, attachment))


def new_reference(prefix: str) -> str:
    """One that nobody can guess, such as `R-48120397`."""
    return f"{prefix}-{10_000_000 + secrets.randbelow(90_000_000)}"


def _is(reference: str) -> sa.ColumnElement[bool]:
    return tables.customers.c.reference == reference
