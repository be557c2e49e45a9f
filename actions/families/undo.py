"""Taking back what was just changed: by the button that came with it, or in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.context.changes import Change
from actions.requests.heard import Heard
from actions.requests.request import Answer, Case, Detail, Level, Outcome, Proposal, Request
from actions.say import Button, Say

#: What words may take back, and how it is read back to them.
_CHANGES: Mapping[str, str] = {
    "cancel_order": "cancelled an order",
    "change_items": "changed what's in an order",
    "change_order_address": "changed where an order goes",
    "change_account_address": "changed the address of your account",
    "return_item": "opened a return",
    "exchange_item": "opened an exchange",
    "refund": "ordered a refund",
    "set_newsletter": "changed your newsletter",
    "join_membership": "signed you up for the club",
    "leave_membership": "ended your membership",
    "change_email": "changed your email address",
    "change_phone": "changed your phone number",
    "change_name": "changed your name",
    "close_account": "had your account closed",
    "watch_stock": "noted what you wait for",
}
_CANCEL = Button("Cancel an order", "/cancel_order")


def _read(case: Case, heard: Heard, asked: bool) -> Any:
    """The key of the change: the button's, or else the newest's."""
    return heard.choice or next(iter(_newest(case)), "")


def _ask(case: Case) -> Say:
    return Say("utter_nothing_to_undo", buttons=(_CANCEL,))


def _read_how(case: Case, heard: Heard, asked: bool) -> Any:
    return "pressed" if heard.choice else "said"


async def _plan(case: Case) -> Outcome:
    key = case.details["change"]
    name = {made.key: made.name for made in case.made}.get(key)
    if name is None:
        return Answer((_ask(case),))
    # The button says it all; words may mean something else than the newest change.
    ask = Say("utter_confirm_undo", {"what": _CHANGES.get(name, "changed something")})
    pressed = case.details["how"] == "pressed"
    undo = Change("undo", {"change": key})
    return Proposal(undo, ask, Say("utter_undone"), without_asking=pressed)


def _newest(case: Case) -> list[str]:
    return [made.key for made in reversed(case.made) if made.name in _CHANGES]


REQUESTS = (
    Request(
        "undo",
        "undoing a change",
        Level.ANYONE,  # the change is one of this very conversation's
        _plan,
        details=(Detail("change", _ask, _read), Detail("how", _ask, _read_how)),
    ),
)
