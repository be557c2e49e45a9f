"""The bill of one order."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from actions.context.demo_documents.paper import (
    AMOUNT,
    LINE,
    SMALL,
    STRONG,
    TITLE,
    TOTAL,
    VAT_NUMBER,
    WIDTH,
    day,
    money,
    pdf,
    words,
)
from actions.context.model import Customer, Invoice, Order, Payment

#: Per cent on what the shop sells; its prices include it.
VAT = 20
CENT = Decimal("0.01")
_TOP = ("VALIGN", (0, 0), (-1, -1), "TOP")
_FLUSH = ("LEFTPADDING", (0, 0), (0, -1), 0)


def draw_invoice(
    customer: Customer, order: Order, invoice: Invoice, payments: Sequence[Payment]
) -> bytes:
    """The invoice of this customer's order as a PDF; `payments` are the order's."""
    return pdf(
        f"Invoice {invoice.number}",
        [
            words(f"Invoice {invoice.number}", TITLE),
            Spacer(0, 4 * mm),
            _head(customer, order, invoice),
            Spacer(0, 8 * mm),
            _lines(order),
            _totals(order, invoice),
            Spacer(0, 8 * mm),
            words(_paid(payments)),
            words(f"VAT number {VAT_NUMBER}. Prices include VAT.", SMALL),
        ],
    )


def _head(customer: Customer, order: Order, invoice: Invoice) -> Table:
    address = order.address
    to = f"{customer.name}\n{address.line}\n{address.town}\n{address.postcode}"
    facts = {
        "Invoice date": day(invoice.issued_on),
        "Order": order.number,
        "Ordered on": day(order.placed_at.date()),
        "Customer": customer.reference,
    }
    names, values = words("\n".join(facts), SMALL), words("\n".join(facts.values()), SMALL)
    head = Table([[words(to), names, values]], colWidths=[WIDTH - 70 * mm, 30 * mm, 40 * mm])
    head.setStyle(TableStyle([_TOP, _FLUSH]))
    return head


def _lines(order: Order) -> Table:
    rows: list[list[Flowable]] = [
        [words("Item", STRONG), *(words(each, TOTAL) for each in ("Quantity", "Price", "Amount"))]
    ]
    for item in order.items:
        size = f" · size {item.size}" if item.size else ""
        rows.append(
            [
                words(f"{item.name}{size} · {item.sku}"),
                words(str(item.quantity), AMOUNT),
                words(money(item.unit_price, order.currency), AMOUNT),
                words(money(item.unit_price * item.quantity, order.currency), AMOUNT),
            ]
        )
    widths = [WIDTH - 85 * mm, 25 * mm, 30 * mm, 30 * mm]
    lines = Table(rows, colWidths=widths, repeatRows=1)
    lines.setStyle(TableStyle([_TOP, _FLUSH, ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE)]))
    return lines


def _totals(order: Order, invoice: Invoice) -> Table:
    goods = sum((item.unit_price * item.quantity for item in order.items), Decimal())
    vat = (invoice.total * VAT / (100 + VAT)).quantize(CENT, ROUND_HALF_UP)
    told = [("Goods", goods), ("Delivery", invoice.delivery)]
    if invoice.discount:
        told.append(("Discount", -invoice.discount))
    rows: list[list[Flowable]] = [
        [words(name, AMOUNT), words(money(amount, invoice.currency), AMOUNT)]
        for name, amount in told
    ]
    total = money(invoice.total, invoice.currency)
    rows.append([words("Total", TOTAL), words(total, TOTAL)])
    included = money(vat, invoice.currency)
    rows.append([words(f"including VAT {VAT} %", AMOUNT), words(included, AMOUNT)])
    totals = Table(rows, colWidths=[WIDTH - 30 * mm, 30 * mm])
    totals.setStyle(TableStyle([("BOTTOMPADDING", (0, 0), (-1, -1), 1)]))
    return totals


def _paid(payments: Sequence[Payment]) -> str:
    paid = [payment for payment in payments if payment.state in ("paid", "refunded")]
    if not paid:
        return "Not paid yet."
    return "\n".join(
        f"Paid {money(payment.amount, payment.currency)} by {payment.method} on "
        f"{day(payment.at.date())}, reference {payment.reference}"
        f"{' (refunded)' if payment.state == 'refunded' else ''}."
        for payment in paid
    )
