"""A document of the demo shop: what is in it is read at once, and drawn later."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

import sqlalchemy as sa

from actions.context.model import Customer, Invoice, Order, Payment, Return
from actions.context.source import DocumentKind
from actions.context.sql.customers import read_context
from actions.context.sql.mapping import demo_mapping
from actions.context.tables import invoices, orders, returns

_REFERENCE = re.compile(r"[A-Z]{1,4}-[0-9]{1,12}")
_ORDER = sa.select(orders.c.number, orders.c.customer)
_ORDERS = {
    "invoice": _ORDER.join(invoices).where(invoices.c.number == sa.bindparam("reference")),
    "label": _ORDER.join(returns).where(returns.c.reference == sa.bindparam("reference")),
}


def drawing(
    connection: sa.Connection, kind: DocumentKind, reference: str
) -> Callable[[], bytes] | None:
    """What draws the document as it is now; None if there is none."""
    if not _REFERENCE.fullmatch(reference):
        return None
    found = connection.execute(_ORDERS[kind], {"reference": reference}).one_or_none()
    context = read_context(connection, demo_mapping(), found.customer) if found else None
    order = context.order(found.number) if found and context else None
    if context is None or order is None:
        return None
    if kind == "invoice" and order.invoice is not None:
        payments = [each for each in context.payments if each.order_number == order.number]
        return partial(_draw_invoice, context.customer, order, order.invoice, payments)
    returned = next(each for each in context.returns if each.reference == reference)
    return partial(_draw_label, context.customer, order, returned)


# The library is loaded with the first document: it takes half a second, and many a process draws
# none.
def _draw_invoice(
    customer: Customer, order: Order, invoice: Invoice, payments: Sequence[Payment]
) -> bytes:
    from actions.context.demo_documents.invoice import draw_invoice

    return draw_invoice(customer, order, invoice, payments)


def _draw_label(customer: Customer, order: Order, returned: Return) -> bytes:
    from actions.context.demo_documents.label import draw_label

    return draw_label(customer, order, returned)
