"""Sending things back, for the money or for another size."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from actions import wording
from actions.balance import MONTH
from actions.context.changes import Change
from actions.context.model import Order
from actions.documents import url_of
from actions.families.things import Thing, count_in, means_all, meant, things_left
from actions.goods import each_named
from actions.requests.heard import Heard
from actions.requests.request import (
    Answer,
    Case,
    Detail,
    Level,
    Outcome,
    Prepared,
    Proposal,
    Referral,
    Request,
    Wrong,
)
from actions.say import PERSON, Button, Say, choice

ALL = "everything"
#: "Only one", "just the two".
_FEW_WORDS = 3


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


def why_not(case: Case) -> Answer | None:
    """What stands in the way of sending something of the order back."""
    order, values = case.chosen(), order_values(case)
    if order.state != "delivered":
        return Answer((_not_there(order, values),))
    if order.delivered_on is None or case.today > order.delivered_on + timedelta(
        days=case.policy.returns.days
    ):
        broken = Button("It's broken", f'/damaged_item{{"order_number":"{order.number}"}}')
        return Answer((Say("utter_return_too_late", values, (broken, PERSON)),))
    if "gone" in case.details or not chosen_things(case):
        return Answer(under_way(case))
    return None


def _not_there(order: Order, values: dict[str, Any]) -> Say:
    number = f'{{"order_number":"{order.number}"}}'
    if order.state == "placed":
        return Say(
            "utter_return_not_sent", values, (Button("Cancel it", f"/cancel_order{number}"),)
        )
    if order.state == "lost":
        return Say("utter_return_lost", values, (Button("Get a refund", f"/get_refund{number}"),))
    if order.state in ("cancelled", "returned"):
        track = Button("Where's my refund?", f"/track_refund{number}")
        return Say(f"utter_return_{order.state}", values, (track,))
    return Say("utter_return_not_there", values)


def under_way(case: Case) -> tuple[Say, ...]:
    """What is on its way back already, with its label."""
    order = case.chosen()
    names = {item.sku: item.name for item in order.items}
    return tuple(
        Say(
            "utter_return_received" if each.received_on else "utter_return_under_way",
            {
                **order_values(case),
                "things": names.get(each.sku, each.sku),
                "reference": each.reference,
                "link": url_of("label", each.reference),
            },
        )
        for each in case.known().returns
        if each.order_number == order.number
        and case.details.get("gone") in (None, names.get(each.sku))
    )


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


def order_values(case: Case) -> dict[str, Any]:
    """What texts about sending things back may name."""
    order = case.chosen()
    estimate = order.delivery_estimate
    return {
        "number": order.number,
        "items": wording.items_text(order),
        "days": case.policy.returns.days,
        "working_days": case.policy.refund.working_days,
        "estimate": wording.day_text(estimate) if estimate else "a day we don't know yet",
    }


def chosen_things(case: Case) -> list[Thing]:
    """What was chosen, or the only thing there is."""
    things = things_left(case.known(), case.chosen())
    chosen = case.details.get("things")
    return [thing for thing in things if chosen is None or thing.sku in dict(chosen)]


def quantity_of(case: Case, thing: Thing) -> int:
    """As many as was said, else all of it."""
    counts = dict(case.details.get("things") or ())
    return int(counts.get(thing.sku) or case.details.get("quantity") or thing.left)


def must_choose(case: Case) -> bool:
    """Whether there are several things to choose from."""
    return why_not(case) is None and len(things_left(case.known(), case.chosen())) > 1


def must_count(case: Case) -> bool:
    """Whether there are several of the one thing that is meant, and nobody said how many."""
    if why_not(case) is not None:
        return False
    things = chosen_things(case)
    told = dict(case.details.get("things") or ())
    return len(things) == 1 and things[0].left > 1 and told.get(things[0].sku) is None


def ask_things(case: Case) -> Say:
    things = things_left(case.known(), case.chosen())
    buttons = [choice(thing.counted(1), case.intent, thing.sku) for thing in things[:4]]
    if case.intent == "return_item":
        buttons.append(choice("Everything", case.intent, ALL))
    return Say("utter_ask_which_thing", order_values(case), tuple(buttons))


def read_things(case: Case, heard: Heard, asked: bool) -> Any:
    """What is meant, by SKU, each with how many of it, or None where that is not said."""
    things = things_left(case.known(), case.chosen())
    if not heard.typed:
        return [[each.sku, None] for each in things if heard.choice in (each.sku, ALL)] or None
    if not asked and not heard.is_about(case.intent):
        return None
    found = meant(heard.text, things)
    if not found and means_all(heard.text):
        return [[thing.sku, thing.left] for thing in things] or None
    counted = [
        (thing, count_in(heard.text, thing, asked=False) if thing.left > 1 else 1)
        for thing in found
    ]
    for thing, count in counted:
        if count is not None and not 1 <= count <= thing.left:
            return Wrong(_not_so_many(thing))
    return [[thing.sku, count] for thing, count in counted] or None


def ask_count(case: Case) -> Say:
    thing = chosen_things(case)[0]
    counts = range(1, min(thing.left, 5) + 1)
    buttons = tuple(choice(str(count), case.intent, str(count)) for count in counts)
    return Say("utter_ask_how_many", {"thing": thing.name, "left": thing.left}, buttons)


def read_count(case: Case, heard: Heard, asked: bool) -> Any:
    """How many of the one thing."""
    thing = chosen_things(case)[0]
    if not heard.typed:
        count = int(heard.choice) if heard.choice and heard.choice.isdecimal() else None
    elif asked or heard.is_about(case.intent):
        is_short = len(heard.text.split()) <= _FEW_WORDS
        count = count_in(heard.text, thing, asked=asked or is_short)
    else:
        count = None
    if count is None:
        return None
    return count if 1 <= count <= thing.left else Wrong(_not_so_many(thing))


def _not_so_many(thing: Thing) -> Say:
    return Say("utter_not_so_many", {"thing": thing.name, "left": thing.left})


def read_gone(case: Case, heard: Heard, asked: bool) -> Any:
    """The thing that is meant although it is on its way back already."""
    if not (heard.typed and heard.is_about(case.intent)):
        return None
    named = each_named(heard.text, [item.name for item in case.chosen().items])
    left = {thing.name for thing in things_left(case.known(), case.chosen())}
    return named[0] if len(named) == 1 and named[0] not in left else None


def ask_gone(case: Case) -> Say:
    return Say("utter_ask_which_thing", order_values(case))


def is_delivered(order: Order) -> bool:
    return order.state == "delivered"


GONE = Detail("gone", ask_gone, read_gone, optional=True)
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
