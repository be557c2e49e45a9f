"""What the actions say. Texts that rules say stand in domain.yml.

They are here because `rasa data validate` takes a response that no rule names for a forgotten one.
"""

from __future__ import annotations

from actions.context.model import OrderState

ASK_ORDER_NUMBER = (
    "What's your order number? It has five digits, like 10432, and is in your confirmation email."
)
ASK_WHICH_ORDER = "Which order do you mean?"
ASK_POSTCODE = "Thanks. And the postcode it's being delivered to?"
NOT_FOUND = "I can't find an order that matches. Please check the details."
NO_ORDERS = "I don't see any orders on your account yet."

ORDER: dict[OrderState, str] = {
    "placed": (
        "Order {number} ({items}) is confirmed and waiting to be packed. "
        "It should reach you by {estimate}."
    ),
    "packed": (
        "Order {number} ({items}) is packed and waiting for {carrier} to collect it. "
        "It should reach you by {estimate}."
    ),
    "shipped": (
        "Order {number} ({items}) is on its way with {carrier}. Last news: {event}. "
        "It should reach you by {estimate}. Tracking code: {tracking_code}."
    ),
    "out_for_delivery": (
        "Good news: order {number} ({items}) is out for delivery with {carrier} "
        "and should reach you today. Tracking code: {tracking_code}."
    ),
    "delivered": (
        "Order {number} ({items}) was delivered. Last news: {event}. "
        "Tracking code: {tracking_code}."
    ),
    "delayed": (
        "I'm sorry, order {number} ({items}) is delayed. Last news from {carrier}: {event}. "
        "The new estimate is {estimate}. Tracking code: {tracking_code}."
    ),
    "lost": (
        "I'm sorry, {carrier} has lost track of order {number} ({items}). Last news: {event}. "
        "Our team can send it again or refund it."
    ),
    "cancelled": "Order {number} ({items}) was cancelled, so it won't be delivered.",
    "returned": "Order {number} ({items}) came back to us. Last news: {event}.",
}

#: States in which a person can do more than the bot.
TROUBLED: frozenset[OrderState] = frozenset(("delayed", "lost"))
PERSON_BUTTON = {"title": "Talk to a person", "payload": "/contact_human_agent"}
