"""What can be done for a customer now, for an agent to choose from: the requests' own plans, made
for each of their orders. Only what the shop and the policy allow is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from actions.context.changes import Change
from actions.context.model import CustomerContext
from actions.context.source import DocumentKind, Shop
from actions.policy import Policy
from actions.requests.catalog import REQUESTS
from actions.requests.request import Case, Level, Proposal, Referral, Request
from actions.say import Say

#: The requests that end in a change, and how a button names each.
TITLES: Mapping[str, str] = {
    "cancel_order": "Cancel order {number}",
    "get_refund": "Refund order {number}",
    "return_item": "Return label for order {number}",
    "change_shipping_address": "Change the address of order {number}",
    "get_invoice": "Send the invoice of order {number}",
}
#: What is asked for in a form, by the request and the detail that it fills.
FORMS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "change_shipping_address": ("address", ("line", "town", "postcode")),
}
MOST_ORDERS = 5


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be done. `change` is None as long as `fields` have to be filled in first;
    `ask` is what the customer would be asked before it, `done` what they are told after. `why` says
    what takes it beyond what the bot may do by itself."""

    name: str
    title: str
    intent: str
    order: str
    fields: tuple[str, ...] = ()
    change: Change | None = None
    ask: Say | None = None
    done: Say | None = None
    document: DocumentKind | None = None
    why: str | None = None


async def offers_for(
    shop: Shop, context: CustomerContext, policy: Policy, *, now: datetime
) -> list[Offer]:
    """All there is, in the order of TITLES and each for the newest order first."""
    newest = sorted(context.orders, key=lambda order: order.placed_at, reverse=True)
    found = [
        await offer_of(shop, context, policy, f"{intent}.{order.number}", {}, now=now)
        for intent in TITLES
        for order in newest[:MOST_ORDERS]
    ]
    return [offer for offer in found if offer is not None]


async def offer_of(
    shop: Shop,
    context: CustomerContext,
    policy: Policy,
    name: str,
    filled: Mapping[str, str],
    *,
    now: datetime,
) -> Offer | None:
    """What one of them comes to, with what was filled in; None if it cannot be done."""
    intent, _, number = name.partition(".")
    request, order = REQUESTS.get(intent), context.order(number)
    if intent not in TITLES or request is None or order is None:
        return None
    if request.suits is not None and not request.suits(order):
        return None
    detail, fields = FORMS.get(intent, ("", ()))
    details = {detail: dict(filled)} if filled else {}
    # The agent answers for who the customer is, and sees how that was verified.
    case = Case(intent, Level.ASSURED, context, order, details, policy, now, shop)
    title = TITLES[intent].format(number=number)
    if _is_open(request, case):
        ready = fields and not filled
        return Offer(name, title, intent, number, fields) if ready else None
    return await _planned(request, case, Offer(name, title, intent, number, fields))


def _is_open(request: Request, case: Case) -> bool:
    """Whether something is still to be known that no plan can be made without."""
    return any(
        not detail.optional and detail.name not in case.details and detail.needed(case)
        for detail in request.details
    )


async def _planned(request: Request, case: Case, offer: Offer) -> Offer | None:
    outcome = await request.plan(case)
    if isinstance(outcome, Proposal) and not outcome.also:
        change = outcome.change
        # What nobody is asked before has no words of its own for it.
        ask = None if outcome.without_asking else outcome.ask
        offer = replace(offer, ask=ask, done=outcome.done, document=outcome.document)
    elif isinstance(outcome, Referral) and len(outcome.prepared) == 1:
        (prepared,) = outcome.prepared
        change = prepared.change
        offer = replace(offer, title=prepared.title, why=prepared.why)
    else:
        return None
    return replace(offer, change=change) if change.name in case.shop.offers else None
