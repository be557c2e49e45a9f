"""Money back without a return, and claims about parcels that never came or things that broke."""

from __future__ import annotations

import sqlalchemy as sa

from actions.context.changes import Changed
from actions.context.demo_changes import money
from actions.context.demo_changes.making import Making, Refused, new_reference
from actions.context.tables import claims, order_items, payments, refunds

#: What may never have come: only what has left the shop.
_SENT = frozenset(("shipped", "out_for_delivery", "delayed", "lost", "delivered"))


def refund(making: Making, *, order: str, amount: int, reason: str, payment: str | None) -> Changed:
    """Never more than was paid, whoever asks for it at the same moment."""
    found = making.order(order)
    left = money.left(making, found)
    if payment is None:
        others = money.returning(
            making, refunds.c.order_number == order, refunds.c.payment.is_(None)
        )
        left = min(left, found.total_pence - others)
    else:
        left = min(left, _left_of_payment(making, order, payment))
    if amount > left:
        gone = money.returning(making, refunds.c.order_number == order)
        raise Refused("done_already" if left <= 0 and gone else "exceeds")
    reference = money.give_back(making, found, amount, reason=reason, payment=payment)
    shown = money.shown(amount, found.currency)
    text = f"{shown} for order {order} will be back with you within five working days."
    making.mail(found.customer, "refund", f"Your refund {reference}", text)
    after = {"refund": reference, "amount": money.text(amount), "payment": payment}
    return Changed(reference, {}, after, undoable=True)


def undo_refund(making: Making, done: Changed, *, order: str, **_arguments: object) -> None:
    """Possible until it leaves."""
    found = making.order(order)
    money.keep(making, done.after["refund"])
    text = f"Your refund {done.reference} is withdrawn, as you asked."
    making.mail(found.customer, "refund_withdrawn", f"Refund {done.reference} is withdrawn", text)


def open_claim(
    making: Making, *, order: str, kind: str, sku: str | None, wish: str, words: str | None
) -> Changed:
    """One claim about the same thing; people look into it, so nothing else changes."""
    found = making.order(order)
    if found.state not in (_SENT if kind == "missing" else ("delivered",)):
        raise Refused("not_offered")
    inside = sa.select(order_items.c.sku).where(order_items.c.order_number == order)
    if sku is not None and sku not in making.connection.scalars(inside).all():
        raise Refused("not_found")
    same = sa.select(claims.c.reference).where(
        claims.c.order_number == order,
        claims.c.kind == kind,
        claims.c.sku.is_not_distinct_from(sku),
    )
    if making.connection.scalar(same) is not None:
        raise Refused("done_already")
    reference = new_reference("CL")
    making.connection.execute(
        sa.insert(claims).values(
            reference=reference,
            order_number=order,
            kind=kind,
            sku=sku,
            wish=wish,
            words=words,
            opened_at=making.moment,
        )
    )
    text = f"We are looking into order {order}; your claim's number is {reference}."
    making.mail(found.customer, "claim", f"Your claim {reference}", text)
    return Changed(reference, {}, {"claim": reference, "kind": kind, "sku": sku, "wish": wish})


def _left_of_payment(making: Making, order: str, reference: str) -> int:
    found = making.locked(
        sa.select(payments).where(
            payments.c.reference == reference, payments.c.order_number == order
        )
    )
    if found.state not in ("paid", "refunded"):
        return 0
    gone = money.returning(making, refunds.c.payment == reference)
    paid: int = found.amount_pence
    return paid - gone
