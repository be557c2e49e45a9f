"""Sending things back for the money."""

from __future__ import annotations

from decimal import Decimal

from actions import wording
from actions.balance import MONTH
from actions.context.changes import Change
from actions.context.model import Order
from actions.families.return_details import (
    GONE,
    ask_count,
    ask_things,
    must_choose,
    must_count,
    read_count,
    read_things,
)
from actions.families.returnable import chosen_things, is_delivered, order_values, why_not
from actions.families.things import Thing
from actions.requests.request import (
    Case,
    Detail,
    Level,
    Outcome,
    Prepared,
    Proposal,
    Referral,
    Request,
)
from actions.say import Say


async def _return(case: Case) -> Outcome:
    refused = why_not(case)
    if refused is not None:
        return refused
    chosen = [(thing, quantity_of(case, thing)) for thing in chosen_things(case)]
    order = case.chosen()
    worth = sum((_paid_for(order, thing) * quantity for thing, quantity in chosen), Decimal(0))
    values = {
        **order_values(case),
        "things": wording.listed([thing.counted(quantity) for thing, quantity in chosen]),
        "worth": wording.money(worth, order.currency),
    }
    changes = [
        Change("return_item", {"order": order.number, "sku": thing.sku, "quantity": quantity})
        for thing, quantity in chosen
    ]
    if sent_back_lately(case) + len(changes) > case.policy.returns.most_a_month:
        return beyond(case, f"Return {values['things']} of order {order.number}", changes)
    first, *rest = (
        Proposal(
            change,
            Say("utter_confirm_return", values),
            Say("utter_returned", {**values, "things": thing.counted(quantity)}),
            document="label",
        )
        for change, (thing, quantity) in zip(changes, chosen, strict=True)
    )
    return Proposal(first.change, first.ask, first.done, document="label", also=tuple(rest))


def _paid_for(order: Order, thing: Thing) -> Decimal:
    """The price of one, less its share of the order's discount."""
    goods = sum((item.unit_price * item.quantity for item in order.items), Decimal(0))
    discount = order.invoice.discount if order.invoice else Decimal(0)
    return thing.price - (thing.price * discount / goods if goods else Decimal(0))


def beyond(case: Case, title: str, changes: list[Change]) -> Referral:
    """More than the bot takes back in a month."""
    most = case.policy.returns.most_a_month
    why = f"{most} returns in 30 days already, the bot's limit"
    prepared = tuple(Prepared(title, why, change) for change in changes)
    says = (Say("utter_return_needs_approval", order_values(case)),)
    return Referral("needs_approval", f"{title}: {why}.", says, prepared)


def sent_back_lately(case: Case) -> int:
    """How many returns the customer began within a month."""
    return sum(each.requested_at > case.now - MONTH for each in case.known().returns)


def quantity_of(case: Case, thing: Thing) -> int:
    """As many as was said, else all of it."""
    counts = dict(case.details.get("things") or ())
    return int(counts.get(thing.sku) or case.details.get("quantity") or thing.left)


REQUESTS = (
    Request(
        "return_item",
        "a return",
        Level.VERIFIED,
        _return,
        suits=is_delivered,
        details=(
            GONE,
            Detail("things", ask_things, read_things, needed=must_choose),
            Detail("quantity", ask_count, read_count, needed=must_count),
        ),
        facts=Say("utter_return_facts"),
    ),
)
