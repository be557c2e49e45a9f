"""Where parcels go: the address of one order, or of the account."""

from __future__ import annotations

import re
from typing import Any

from actions import wording
from actions.context.changes import Change
from actions.context.model import Order
from actions.families.account import is_closing
from actions.families.address_details import address_details, new_address
from actions.families.orders import order_values
from actions.policy import current_policy
from actions.requests.choosing import MOST_BUTTONS, order_buttons
from actions.requests.heard import Heard
from actions.requests.request import Answer, Case, Detail, Level, Outcome, Proposal, Request
from actions.say import PERSON, Say, choice

ACCOUNT = "account"
_ACCOUNT = re.compile(
    r"\b(?:account|profile|on file|future|from now on|default|always|every order|address book|"
    r"(?:have|'ve|i|we) (?:just |recently )?moved|moving|relocated|"
    r"new (?:home|house|flat|place))\b",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"\b(?:orders?|parcel|package|purchase|shipment|it to|redirect)\b", re.IGNORECASE
)


async def _change(case: Case) -> Outcome:
    order = _order(case)
    if order is None:
        return await _account(case)
    if not _can_be_redirected(order):
        if not order.is_open:
            return Answer((Say(f"utter_order_{order.state}", order_values(order)),))
        return Answer((Say("utter_address_too_late", order_values(order), (PERSON,)),))
    new = new_address(case)
    values = {**order_values(order), "address": new.text, "old": order.address.text}
    if new == order.address:
        return Answer((Say("utter_address_is_that", values),))
    told = {"line": new.line, "town": new.town, "postcode": new.postcode}
    change = Change("change_order_address", {"order": order.number, **told})
    ask, done = "utter_confirm_order_address", "utter_order_address"
    return Proposal(change, Say(ask, values), Say(done, values))


async def _account(case: Case) -> Outcome:
    customer = case.known().customer
    if customer.closing_on is not None:
        return Answer((is_closing(customer.closing_on),))
    new, old = new_address(case), customer.address
    values = {"address": new.text, "old": old.text if old else ""}
    if new == old:
        return Answer((Say("utter_address_is_that", values),))
    told = {"line": new.line, "town": new.town, "postcode": new.postcode}
    change = Change("change_account_address", {"customer": customer.reference, **told})
    ask = "utter_confirm_account_address" if old else "utter_confirm_first_address"
    return Proposal(change, Say(ask, values), Say("utter_account_address", values))


def _order(case: Case) -> Order | None:
    """The order whose address it is about; None for the account's."""
    target = case.details.get("target")
    return case.order or (case.known().order(target) if target else None)


def _level(case: Case) -> Level:
    # What proves an order is on every parcel's label: the account takes more.
    return Level.ASSURED if case.details.get("target") == ACCOUNT else Level.VERIFIED


def _ask_target(case: Case) -> Say:
    offered = order_buttons(case.intent, _offered(case)[: MOST_BUTTONS - 1])
    account = choice("My account", case.intent, ACCOUNT)
    return Say("utter_ask_which_address", buttons=(*offered, account))


def _read_target(case: Case, heard: Heard, asked: bool) -> Any:
    """An order's number, or the account."""
    offered = _offered(case)
    named = case.known().order(heard.order_number) if heard.order_number else None
    if named is not None:
        return named.number
    if not offered:
        return ACCOUNT
    if not heard.typed:
        return ACCOUNT if heard.choice == ACCOUNT else None
    if not heard.is_about(case.intent):
        return None
    if asked:
        named = wording.by_words(heard.text, offered) or wording.by_place(heard.text, offered)
        if named is not None:
            return named.number
    about_order = bool(_ORDER.search(heard.text))
    if _ACCOUNT.search(heard.text) and not about_order:
        return ACCOUNT
    return offered[0].number if about_order and len(offered) == 1 else None


def _offered(case: Case) -> list[Order]:
    """The orders that may still go elsewhere; with none of them, those that are on their way."""
    awaited = [order for order in case.known().orders if order.is_open]
    return [order for order in awaited if _can_be_redirected(order)] or awaited


def _ask_address(case: Case) -> Say:
    order = _order(case)
    if order is not None:
        return Say("utter_ask_order_address", {"number": order.number})
    old = case.known().customer.address
    if old is None:
        return Say("utter_ask_first_address")
    return Say("utter_ask_account_address", {"old": old.text})


def _is_wanted(case: Case) -> bool:
    order = _order(case)
    if order is None:
        return case.known().customer.closing_on is None
    return _can_be_redirected(order)


def _has_no_order(case: Case) -> bool:
    return case.order is None


def _can_be_redirected(order: Order) -> bool:
    return order.state in current_policy().order_change.until


_NEW = address_details(_ask_address, _is_wanted)
REQUESTS = (
    Request(
        "change_shipping_address",
        "changing an address",
        _level,
        _change,
        _can_be_redirected,
        (Detail("target", _ask_target, _read_target, _has_no_order), *_NEW),
        needs_order=False,
        facts=Say("utter_change_shipping_address"),
    ),
    Request(
        "set_up_shipping_address",
        "your delivery address",
        Level.ASSURED,
        _account,
        details=_NEW,
        facts=Say("utter_set_up_shipping_address"),
    ),
)
