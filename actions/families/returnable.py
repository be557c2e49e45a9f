"""Whether something of an order can be sent back, and if not, why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from actions import wording
from actions.context.model import Order
from actions.documents import url_of
from actions.families.things import Thing, things_left
from actions.requests.request import Answer, Case
from actions.say import PERSON, Button, Say, about_order


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
        instead = (("Change it", "change_order"), ("Cancel it", "cancel_order"))
        buttons = tuple(about_order(*each, order.number) for each in instead)
        return Say("utter_return_not_sent", values, buttons)
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


def is_delivered(order: Order) -> bool:
    """For requests about what a customer has."""
    return order.state == "delivered"
