"""Asking for a new address, and for what is missing in the one that was told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actions import addresses
from actions.addresses import PARTS, Part
from actions.context.model import Address
from actions.requests.heard import Heard
from actions.requests.request import Case, Detail, Wrong
from actions.say import Say


def new_address(case: Case) -> Address:
    """The address that was told, once every part of it was."""
    parts = _parts(case)
    return Address(parts["line"], parts["town"], parts["postcode"])


def address_details(
    ask: Callable[[Case], Say], is_wanted: Callable[[Case], bool]
) -> tuple[Detail, ...]:
    """The address as one answer, and then each part that it did not hold."""
    # The engine knows by this name that a postcode in the request's words may be the new one.
    whole = Detail("address", ask, _read, is_wanted)
    return (whole, *(_missing(part, is_wanted) for part in PARTS))


def _read(case: Case, heard: Heard, asked: bool) -> Any:
    """Its parts, as far as they are told; a correction's beside those that stay."""
    text, before = heard.text, _parts(case)
    if not heard.typed or heard.gives_up:
        return None
    if asked and len(text) > addresses.LONGEST:
        return Wrong(Say("utter_address_too_long"))
    parts = addresses.parts_in(text, "line" if asked else None)
    if "line" in before and not parts:
        line = addresses.corrected_number(text, before["line"])
        parts = {"line": line} if line else {}
    if not parts:
        return Wrong(Say("utter_address_unusable")) if asked else None
    return {**before, **parts}


def _missing(part: Part, is_wanted: Callable[[Case], bool]) -> Detail:
    def ask(case: Case) -> Say:
        return Say(f"utter_ask_address_{part}")

    def read(case: Case, heard: Heard, asked: bool) -> Any:
        if not (asked and heard.typed) or heard.gives_up:
            return None
        found = addresses.parts_in(heard.text, None if part == "postcode" else part)
        fits = part in found and len(heard.text) <= addresses.LONGEST
        return found if fits else Wrong(Say(f"utter_no_address_{part}"))

    def needed(case: Case) -> bool:
        return is_wanted(case) and part not in _parts(case)

    return Detail(f"address_{part}", ask, read, needed)


def _parts(case: Case) -> dict[Part, str]:
    told: dict[Part, str] = {}
    for name in ("address", *(f"address_{part}" for part in PARTS)):
        told |= case.details.get(name) or {}
    return told
