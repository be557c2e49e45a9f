"""Where parcels go: the address of one order, or of the account."""

from __future__ import annotations

import re
from typing import Any, cast

from actions import addresses, wording
from actions.addresses import PARTS, Part
from actions.context.changes import Change
from actions.context.model import Address, Order
from actions.families.orders import order_values
from actions.policy import current_policy
from actions.requests.choosing import MOST_BUTTONS, order_buttons
from actions.requests.heard import Heard
from actions.requests.request import (
    Answer,
    Case,
    Detail,
    Level,
    Outcome,
    Proposal,
    Request,
    Wrong,
)
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
    if order is not None and not _can_be_redirected(order):
        return Answer((_too_late(order),))
    return _proposal(case, order)


async def _set_up(case: Case) -> Outcome:
    return _proposal(case, None)


def _proposal(case: Case, order: Order | None) -> Outcome:
    customer = case.known().customer
    if order is None and customer.closing_on is not None:
        closes = {"day": wording.day_text(customer.closing_on)}
        return Answer((Say("utter_account_is_closing", closes, (PERSON,)),))
    parts = _parts(case)
    new = Address(parts["line"], parts["town"], parts["postcode"])
    old = order.address if order else customer.address
    values = {"address": new.text, "old": old.text if old else ""}
    if new == old:
        return Answer((Say("utter_address_is_that", values),))
    told = {"line": new.line, "town": new.town, "postcode": new.postcode}
    if order is not None:
        values |= order_values(order)
        change = Change("change_order_address", {"order": order.number, **told})
        return Proposal(
            change, Say("utter_confirm_order_address", values), Say("utter_order_address", values)
        )
    change = Change("change_account_address", {"customer": customer.reference, **told})
    ask = "utter_confirm_account_address" if old else "utter_confirm_first_address"
    return Proposal(change, Say(ask, values), Say("utter_account_address", values))


def _too_late(order: Order) -> Say:
    values = order_values(order)
    if order.is_open:
        return Say("utter_address_too_late", values, (PERSON,))
    return Say(f"utter_order_{order.state}", values)


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
    offered = _offered(case)
    named = case.known().order(heard.order_number) if heard.order_number else None
    if named is not None:
        return named.number
    if not heard.typed:
        return ACCOUNT if heard.choice == ACCOUNT or not offered else None
    if not heard.is_about(case.intent):
        return None
    if asked:
        named = wording.by_words(heard.text, offered) or wording.by_place(heard.text, offered)
        if named is not None:
            return named.number
    if not offered or (_ACCOUNT.search(heard.text) and not _ORDER.search(heard.text)):
        return ACCOUNT
    if _ORDER.search(heard.text) and len(offered) == 1:
        return offered[0].number
    return None


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


def _read_address(case: Case, heard: Heard, asked: bool) -> Any:
    """Its parts, as far as they are told; a correction's beside those that stay."""
    text, before = heard.text, _parts(case)
    if not heard.typed or heard.gives_up:
        return None
    if asked and len(text) > addresses.LONGEST:
        return Wrong(Say("utter_address_too_long"))
    parts = addresses.parts_in(text, "line" if asked else None)
    if before and not parts:
        line = addresses.corrected_number(text, before["line"])
        parts = {"line": line} if line else {}
    if not parts:
        return Wrong(Say("utter_address_unusable")) if asked else None
    return {**before, **parts}


def _missing(part: Part) -> Detail:
    """The question for a part that has not been told."""

    def ask(case: Case) -> Say:
        return Say(f"utter_ask_address_{part}", cast("dict[str, Any]", _parts(case)))

    def read(case: Case, heard: Heard, asked: bool) -> Any:
        if not (asked and heard.typed) or heard.gives_up:
            return None
        found = addresses.parts_in(heard.text, part)
        fits = part in found and len(heard.text) <= addresses.LONGEST
        return found if fits else Wrong(Say(f"utter_no_address_{part}"))

    def needed(case: Case) -> bool:
        return _is_wanted(case) and part not in _parts(case)

    return Detail(f"address_{part}", ask, read, needed)


def _parts(case: Case) -> dict[Part, str]:
    """What is known of the new address."""
    told: dict[Part, str] = {}
    for name in ("address", *(f"address_{part}" for part in PARTS)):
        told |= case.details.get(name) or {}
    return told


def _is_wanted(case: Case) -> bool:
    order = _order(case)
    return order is None or _can_be_redirected(order)


def _has_no_order(case: Case) -> bool:
    return case.order is None


def _can_be_redirected(order: Order) -> bool:
    return order.state in current_policy().order_change.until


_NEW = (
    Detail("address", _ask_address, _read_address, _is_wanted),
    *(_missing(part) for part in PARTS),
)
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
        _set_up,
        details=_NEW,
        facts=Say("utter_set_up_shipping_address"),
    ),
)
