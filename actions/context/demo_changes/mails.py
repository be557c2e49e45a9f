"""What the shop mails on request, and sending: in the demo a mail is a row, read at /demo/mailbox.

What goes to an address comes out the same whether a customer has that address or not.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from functools import partial

import sqlalchemy as sa

from actions.context.changes import Changed
from actions.context.demo_changes.making import Attachment, Making, Refused
from actions.context.demo_documents import drawing
from actions.context.model import CustomerContext
from actions.context.sql.customers import read_context
from actions.context.sql.mapping import demo_mapping
from actions.context.tables import customers, invoices, mails, orders

SITE = "https://fjellfjord.test"


def mail_invoice(making: Making, *, order: str) -> Changed:
    """As a PDF, to the address on file."""
    billed = sa.select(invoices.c.number, orders.c.customer).join_from(orders, invoices)
    found = making.connection.execute(billed.where(orders.c.number == order)).one_or_none()
    draw = drawing(making.connection, "invoice", found.number) if found else None
    if found is None or draw is None:
        raise Refused("not_found")
    name = f"{found.number}.pdf"
    subject = f"Invoice {found.number}"
    text = f"The invoice of your order {order} comes with this mail."
    making.mail(found.customer, "invoice", subject, text, Attachment(name, draw))
    return Changed(found.number, {}, {"invoice": found.number})


def mail_password_link(making: Making, *, email: str) -> Changed:
    """A link that lets its reader choose a new password."""
    link = f"{SITE}/password/{secrets.token_urlsafe(24)}"
    text = f"To choose a new password, open {link} within an hour. Not you? Do nothing."
    _mail_to(making, email, "password_link", "A new password", text)
    return Changed()


def mail_code(making: Making, *, email: str, code: str) -> Changed:
    """The code that our assistant asks for."""
    text = f"Your code is {code}. Give it to nobody but our assistant, who asked for it."
    _mail_to(making, email, "code", "Your code", text)
    return Changed()


def mail_account_data(making: Making, *, customer: str) -> Changed:
    """All the shop knows of this customer, as JSON."""
    context = read_context(making.connection, demo_mapping(), customer)
    if context is None:
        raise Refused("not_found")
    data = Attachment(f"{customer}.json", partial(_as_json, context))
    text = "All that we keep about you comes with this mail."
    making.mail(customer, "account_data", "Your data", text, data)
    return Changed(None, {}, {"file": data.name})


def draw(making: Making) -> list[bytes | None]:
    """What goes with the change's mails; not for the event loop."""
    return [each.attachment.draw() if each.attachment else None for each in making.mails]


def send(making: Making, drawn: Sequence[bytes | None]) -> None:
    """Write the change's mails down, in the transaction that makes the change."""
    for mail, attachment in zip(making.mails, drawn, strict=True):
        making.connection.execute(
            sa.insert(mails).values(
                customer=mail.customer,
                to_address=mail.to,
                template=mail.template,
                subject=mail.subject,
                body=mail.body,
                attachment=attachment,
                attachment_name=mail.attachment.name if mail.attachment else None,
                at=making.moment,
            )
        )


def _as_json(context: CustomerContext) -> bytes:
    # Amounts as texts, which lose nothing; moments and days in ISO 8601.
    plain = partial(json.dumps, default=_text_of, ensure_ascii=False, indent=2)
    return plain(asdict(context)).encode()


def _text_of(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _mail_to(making: Making, email: str, template: str, subject: str, text: str) -> None:
    query = sa.select(customers.c.reference).where(customers.c.email == email)
    customer = making.connection.scalar(query)
    if customer is not None:
        making.mail(customer, template, subject, text)
