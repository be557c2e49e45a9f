"""An account's own data: changed, or mailed to its owner as a copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from actions import contact, wording
from actions.context.changes import Change, ChangeName
from actions.context.model import Customer
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
from actions.say import PERSON, Button, Say, choice
from actions.wording import any_of, meant

#: A copy of everything, as the law lets everybody ask for one.
_COPY = any_of(
    r"(?:copy|export|download)\b.{0,30}\b(?:data|details|info\w*|everything)",
    r"(?:send|give|e?mail|show|forward|get)(?: (?:me|us|over))?\b.{0,25}\b(?:all|every\w*|my|the)\b"
    r".{0,20}\b(?:data|info\w*)",
    r"(?:what|which|all|everything)\b.{0,25}\byou(?:'ve)?\b.{0,15}\b(?:have|got|hold|store|keep|know)",
)
#: What words may mean, in the order in which they tell: "my email address" is no address.
_MEANT = {
    "data": _COPY,
    "password": any_of("pass ?word", "passcode", "pin"),
    "email": any_of("e-?mails?", "mail address", r"\S+@\S+"),
    "other": any_of(
        *(
            r"birth\w*",
            "title",
            "user ?name",
            "picture",
            "photo",
            "language",
            "cards?",
            "vat",
            "job",
        ),
        *("company", "two.factor", "2fa", "clothing", "second", "alerts", "settings"),
    ),
    "phone": any_of("(?:tele)?phone", "mobile", "cell", "number"),
    "name": any_of(
        r"\w*name", "married", "wedding", r"\w*spel[lt]\w*", "i'?m called", "call me", "mrs?"
    ),
    "address": any_of("address", "moved", "post ?code", "street"),
}
_TITLES = {
    "email": "Email address",
    "phone": "Phone number",
    "name": "Name",
    "address": "Delivery address",
    "password": "Password",
    "other": "Something else",
}
#: What is done somewhere else, with the way there.
_ELSEWHERE = {
    "address": Say(
        "utter_address_is_another_request",
        buttons=(Button("Change an address", "/change_shipping_address"),),
    ),
    "password": Say(
        "utter_password_is_another_request",
        buttons=(Button("Get a new password", "/recover_password"),),
    ),
    "other": Say("utter_edit_on_the_page", buttons=(PERSON,)),
}


@dataclass(frozen=True, slots=True)
class _Editable:
    """A value that can be changed here: how it is held, and how it is shown."""

    change: ChangeName
    held: Callable[[Customer], str]
    shown: Callable[[str], str] = str


_EDITABLE = {
    "email": _Editable("change_email", lambda customer: customer.email),
    "phone": _Editable("change_phone", lambda customer: customer.phone, contact.phone_text),
    "name": _Editable("change_name", lambda customer: customer.name),
}


def _read_what(case: Case, heard: Heard, asked: bool) -> Any:
    if not heard.typed:
        return heard.choice if heard.choice in _MEANT else None
    words = heard.words_about(case.intent, asked)
    return meant(words, _MEANT) or ("phone" if words and heard.first("phone") else None)


def _is_asked_for(case: Case) -> bool:
    """Not of an account that is closing, in which nothing is changed."""
    return case.details["what"] in _EDITABLE and case.known().customer.closing_on is None


def _ask_what(case: Case) -> Say:
    buttons = (choice(title, case.intent, what) for what, title in _TITLES.items())
    return Say("utter_ask_what_to_edit", buttons=tuple(buttons))


def _read_new(case: Case, heard: Heard, asked: bool) -> Any:
    words = heard.words_about(case.intent, asked)
    read = {"email": _read_email, "phone": _read_phone, "name": _read_name}
    return read[case.details["what"]](case, words, asked) if words and not heard.gives_up else None


def _read_email(case: Case, text: str, asked: bool) -> Any:
    meant = contact.email_meant(text, asked, case.known().customer.email)
    return meant and (contact.email(meant) or Wrong(Say("utter_email_impossible")))


def _read_phone(case: Case, text: str, asked: bool) -> Any:
    meant = asked and any(each.isdigit() for each in text)
    found = contact.phone_in(text, case.policy.country)
    return found or (Wrong(Say("utter_phone_impossible")) if meant else None)


def _read_name(case: Case, text: str, asked: bool) -> Any:
    said = contact.name_said(text, case.known().customer.name)
    if said is not None or not asked or text.rstrip().endswith("?"):
        return said
    return contact.name_alone(text) or Wrong(Say("utter_name_impossible"))


def _needs(case: Case) -> Level:
    what = case.details.get("what")
    return Level.ASSURED if what in _EDITABLE or what == "data" else Level.ANYONE


async def _edit(case: Case) -> Outcome:
    what = case.details["what"]
    if what in _ELSEWHERE:
        return Answer((_ELSEWHERE[what],))
    if what == "data":
        return mail_data(case)
    customer, editable = case.known().customer, _EDITABLE[what]
    if customer.closing_on is not None:
        return Answer((is_closing(customer.closing_on),))
    new = case.details["new"]
    before = editable.held(customer)
    if new == before:
        return Answer((Say("utter_edit_nothing_new"),))
    if what == "email" and await case.shop.reference_of(new) is not None:
        # And nothing else: whether somebody has an account is nobody's business.
        return Answer((Say("utter_refused_taken"),))
    values = {"before": editable.shown(before), "after": editable.shown(new)}
    change = Change(editable.change, {"customer": customer.reference, what: new})
    ask, done = f"utter_confirm_{editable.change}", f"utter_done_{editable.change}"
    return Proposal(change, Say(ask, values), Say(done, values))


def mail_data(case: Case) -> Outcome:
    """All that the shop has about the customer, to the address on file and nowhere else."""
    customer = case.known().customer
    values = {"email": customer.email}
    return Proposal(
        Change("mail_account_data", {"customer": customer.reference}),
        Say("utter_confirm_mail_account_data", values),
        Say("utter_done_mail_account_data", values),
    )


def wants_copy(text: str) -> bool:
    """Whether somebody wants to have what we know of them."""
    return bool(_COPY.search(text))


def is_closing(day: date) -> Say:
    """What is said of an account that its owner closed: nothing is changed in it any more."""
    return Say("utter_account_is_closing", {"day": wording.day_text(day)}, (PERSON,))


REQUESTS = (
    Request(
        "edit_account",
        "changing your account",
        _needs,
        _edit,
        details=(
            Detail("what", _ask_what, _read_what),
            Detail(
                "new",
                lambda case: Say(f"utter_ask_new_{case.details['what']}"),
                _read_new,
                needed=_is_asked_for,
            ),
        ),
    ),
)
