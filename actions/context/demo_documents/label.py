"""The label a customer puts on a parcel that goes back to the shop."""

from __future__ import annotations

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from actions.context.demo_documents.paper import (
    ADDRESS,
    INK,
    SMALL,
    STRONG,
    TITLE,
    WIDTH,
    pdf,
    words,
)
from actions.context.model import Customer, Order, Return

_TO = ParagraphStyle("to", STRONG, fontSize=14, leading=20)
#: Wide enough for any reader at the counter, narrow enough for the longest reference.
_BAR = 0.5 * mm


def draw_label(customer: Customer, order: Order, returned: Return) -> bytes:
    """The label of this customer's return as a PDF."""
    name = next((item.name for item in order.items if item.sku == returned.sku), returned.sku)
    what = f"{returned.quantity} × {name}"  # noqa: RUF001
    if returned.new_size:
        what += f", to be exchanged for size {returned.new_size}"
    address = order.address
    sender = f"{customer.name}\n{address.line}\n{address.town}\n{address.postcode}"
    to = "\n".join(("Returns", *ADDRESS))
    bars = Code128(returned.reference, barWidth=_BAR, barHeight=22 * mm, quiet=True)
    inside: list[list[Flowable]] = [
        [words("To", SMALL), words("From", SMALL)],
        [words(to, _TO), words(sender)],
        [bars, words(f"Return {returned.reference}\nOrder {order.number}", STRONG)],
    ]
    label = Table(inside, colWidths=[WIDTH - 60 * mm, 60 * mm])
    label.setStyle(
        TableStyle(
            [
                ("BOX", (0, 0), (-1, -1), 1, INK),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 4 * mm),
                ("TOPPADDING", (0, 0), (-1, 0), 4 * mm),
                ("BOTTOMPADDING", (0, 1), (-1, -1), 6 * mm),
            ]
        )
    )
    return pdf(
        f"Return {returned.reference}",
        [
            words("Return label", TITLE),
            words(f"Inside: {what}. Unworn and with its tags, please."),
            Spacer(0, 6 * mm),
            label,
            Spacer(0, 6 * mm),
            words(
                "Print this page, cut the label out along its line and stick it on the parcel, "
                "over any older label. Postage is paid: hand it in at any post office and keep the "
                "receipt until your refund is there.",
                SMALL,
            ),
        ],
    )
