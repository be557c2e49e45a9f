"""Invoices: sending one, and going through one line by line."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from actions import wording
from actions.amounts import amounts_in
from actions.balance import taken
from actions.context.changes import Change
from actions.context.model import Invoice, Order
from actions.documents import url_of
from actions.goods import each_named
from actions.requests.heard import Heard
from actions.requests.request import (
    Answer,
    Case,
    Detail,
    Level,
    Outcome,
    Proposal,
    Referral,
    Request,
)
from actions.say import Button, Say, choice

_WRONG = re.compile(
    r"\b(?:wrong|mistake|incorrect|error|dispute|overcharged|too (?:high|much)|more than|"
    r"can'?t be right|off|not right|doesn'?t match|didn'?t (?:buy|order)|don'?t recogni[sz]e|"
    r"missing|isn'?t on)\b",
    re.IGNORECASE,
)
_WORDS_OF_LINES = {
    "delivery": re.compile(r"\b(?:delivery|shipping|postage|courier)\b", re.IGNORECASE),
    "discount": re.compile(r"\b(?:discount|voucher|promo|coupon|code)\b", re.IGNORECASE),
    "total": re.compile(r"\b(?:total|sum|whole|altogether|overall)\b", re.IGNORECASE),
}
_DISPUTE = "wrong"
_LONGEST = 150


async def _get(case: Case) -> Outcome:
    order = case.chosen()
    invoice = order.invoice
    if invoice is None:
        return Answer((_no_invoice(case, order),))
    values = {
        "number": order.number,
        "invoice": invoice.number,
        "total": wording.money(invoice.total, invoice.currency),
        "link": url_of("invoice", invoice.number),
    }
    if "mail_invoice" not in case.shop.offers:
        return Answer((Say("utter_invoice_link", values),))
    mail = Change("mail_invoice", {"order": order.number})
    return Proposal(mail, Say("utter_invoice_link"), Say("utter_invoice_sent", values), True)


async def _check(case: Case) -> Outcome:
    order = case.chosen()
    invoice = order.invoice
    if invoice is None:
        return Answer((_no_invoice(case, order),))
    if _disputes(case):
        line = case.details["line"]
        evidence = (
            f"Invoice {invoice.number} of order {order.number} is disputed: {line}. "
            f"It says: {_lines_text(order, invoice)}. Paid: {_paid_text(case, order)}."
        )
        values = {"invoice": invoice.number, "line": line}
        return Referral("beyond_policy", evidence, (Say("utter_invoice_disputed", values),))
    wrong = Button(
        "Something's wrong",
        f'/check_invoice{{"order_number":"{order.number}","choice":"{_DISPUTE}"}}',
    )
    send = Button("Send it to me", f'/get_invoice{{"order_number":"{order.number}"}}')
    return Answer((_shown(case, "utter_invoice", (send, wrong)),))


def _no_invoice(case: Case, order: Order) -> Say:
    values = {"number": order.number, "items": wording.items_text(order)}
    if order.state == "cancelled":
        return Say("utter_invoice_never", values)
    return Say("utter_invoice_not_yet", values)


def _shown(case: Case, response: str, buttons: tuple[Button, ...]) -> Say:
    order = case.chosen()
    invoice = order.invoice
    if invoice is None:
        return _no_invoice(case, order)
    values = {
        "number": order.number,
        "invoice": invoice.number,
        "day": wording.dated(invoice.issued_on, case.today),
        "lines": _lines_text(order, invoice),
        "total": wording.money(invoice.total, invoice.currency),
        "paid": _paid_text(case, order),
    }
    return Say(response, values, buttons)


def _lines(order: Order, invoice: Invoice) -> list[tuple[str, Decimal]]:
    items = [
        (_item_text(item.name, item.quantity), item.unit_price * item.quantity)
        for item in order.items
    ]
    discount = [("discount", -invoice.discount)] if invoice.discount else []
    return [*items, ("delivery", invoice.delivery), *discount]


def _item_text(name: str, quantity: int) -> str:
    return name if quantity == 1 else f"{quantity} × {name}"  # noqa: RUF001


def _lines_text(order: Order, invoice: Invoice) -> str:
    return ", ".join(
        f"{name} {wording.money(amount, invoice.currency)}"
        for name, amount in _lines(order, invoice)
    )


def _paid_text(case: Case, order: Order) -> str:
    payments = [
        f"{wording.money(each.amount, each.currency)} by {each.method} on "
        f"{wording.dated(each.at.date(), case.today)}"
        for each in taken(case.known(), order)
    ]
    return " and ".join(payments) or "nothing yet"


def _disputes(case: Case) -> bool:
    return case.details.get("dispute") == _DISPUTE and case.chosen().invoice is not None


def _never_asked(case: Case) -> Say:
    return Say("utter_ask_which_order")


def _read_dispute(case: Case, heard: Heard, asked: bool) -> Any:
    if not heard.typed:
        return _DISPUTE if heard.choice == _DISPUTE else None
    is_own = heard.intent == case.intent
    return _DISPUTE if is_own and _WRONG.search(heard.text) else None


def _ask_line(case: Case) -> Say:
    order = case.chosen()
    lines = _lines(order, order.invoice) if order.invoice else []
    names = [name for name, _ in lines if name not in ("delivery", "discount")][:3]
    buttons = [choice(name.capitalize(), case.intent, name) for name in (*names, "delivery")]
    return _shown(
        case,
        "utter_ask_invoice_line",
        (*buttons, choice("Something else", case.intent, "something else")),
    )


def _read_line(case: Case, heard: Heard, asked: bool) -> Any:
    """What is disputed: the line, if one is named, with the words it was disputed in."""
    order = case.chosen()
    if not heard.typed:
        return None if heard.choice == _DISPUTE else heard.choice
    if not asked and heard.intent != case.intent:
        return None
    name = _named_line(order, heard.text)
    words = " ".join(heard.text.split())[:_LONGEST]
    if name is None:
        return words if asked and not heard.gives_up else None
    return f"{name} (“{words}”)"


def _named_line(order: Order, text: str) -> str | None:
    lines = _lines(order, order.invoice) if order.invoice else []
    sums = [each.value for each in amounts_in(text) if each.currency is not None]
    by_amount = [name for name, amount in lines if abs(amount) in sums]
    if len(by_amount) == 1:
        return by_amount[0]
    items = each_named(text, [item.name for item in order.items])
    if len(items) == 1:
        return items[0]
    return next((name for name, words in _WORDS_OF_LINES.items() if words.search(text)), None)


def _has_invoice(order: Order) -> bool:
    return order.invoice is not None


REQUESTS = (
    Request("get_invoice", "your invoice", Level.KNOWN, _get, suits=_has_invoice),
    Request(
        "check_invoice",
        "checking an invoice",
        Level.KNOWN,
        _check,
        suits=_has_invoice,
        details=(
            Detail("dispute", _never_asked, _read_dispute, optional=True),
            Detail("line", _ask_line, _read_line, needed=_disputes),
        ),
    ),
)
