"""Which order a request is about: named, meant by its items or place, or the only one there is."""

from __future__ import annotations

from collections.abc import Sequence

from actions import wording
from actions.context.model import CustomerContext, Order
from actions.requests.dialogue import Pending
from actions.requests.heard import Heard
from actions.requests.request import Request
from actions.say import Button, Say, about_order

#: More buttons than this are not read; a number can still be typed.
MOST_BUTTONS = 5


def worth_offering(request: Request, pending: Pending, context: CustomerContext) -> list[Order]:
    """The orders the request can be meant for, newest first; with none that suits, all of them:
    whoever asks for what cannot be done is told why."""
    suits = request.suits or (lambda order: True)
    left = [order for order in context.orders if order.number not in pending.refused]
    return [order for order in left if suits(order)] or left


def meant_by(
    heard: Heard, request: Request, pending: Pending, context: CustomerContext
) -> Order | None:
    """The order these words name among the customer's, by what is in it or by its place."""
    offered = worth_offering(request, pending, context)
    left = [order for order in context.orders if order.number not in pending.refused]
    return (
        wording.by_words(heard.text, offered)
        or wording.by_words(heard.text, left)
        or wording.by_place(heard.text, offered[:MOST_BUTTONS])
    )


def ask_which(request: Request, pending: Pending, context: CustomerContext) -> Say:
    """The question, with a button for each order worth offering."""
    offered = worth_offering(request, pending, context)[:MOST_BUTTONS]
    return Say("utter_ask_which_order", buttons=tuple(order_buttons(request.intent, offered)))


def order_buttons(intent: str, orders: Sequence[Order]) -> list[Button]:
    """A button for each order, which asks for `intent` about it."""
    return [
        about_order(f"{order.number} · {wording.items_text(order)}", intent, order.number)
        for order in orders
    ]
