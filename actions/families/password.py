"""A forgotten password: a link by mail, whoever asks, and no word on who has an account."""

from __future__ import annotations

from typing import Any

from actions import contact
from actions.context.changes import Change
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
from actions.say import PERSON, Say
from actions.wording import any_of, meant

#: What a link does not help with, or not alone.
_TROUBLES = {
    "which": any_of(
        "(?:which|what) (?:e-?mail|address|login)",
        "what'?s my (?:user ?name|login)",
        r"forgot\w* my user ?name",
    ),
    "inbox": any_of(
        r"(?:no longer|don'?t|can'?t|cannot|lost|no access)\b.{0,30}\b(?:e-?mails?|inbox)",
        "(?:old|dead) e-?mail",
    ),
    "locked": any_of("lock(?:ed)?", "(?:five|5) times"),
}


def _read_trouble(case: Case, heard: Heard, asked: bool) -> Any:
    return meant(heard.words_about(case.intent, asked), _TROUBLES)


def _read_email(case: Case, heard: Heard, asked: bool) -> Any:
    named = contact.email_meant(heard.words_about(case.intent, asked), asked)
    if named is not None:
        return contact.email(named) or Wrong(Say("utter_email_impossible"))
    wished = heard.intent == case.intent
    return case.context.customer.email if case.context and wished else None


def _ask_email(case: Case) -> Say:
    return Say("utter_ask_email_of_account")


async def _send_link(case: Case) -> Outcome:
    trouble = case.details.get("trouble")
    if trouble in ("inbox", "which"):
        return Answer((Say(f"utter_password_{trouble}", buttons=(PERSON,)),))
    sent = sum(made.name == "mail_password_link" for made in case.made)
    if sent >= case.policy.proof.most_codes:
        return Answer((Say("utter_enough_password_links", buttons=(PERSON,)),))
    email = case.details["account"]
    own = case.context is not None and case.context.customer.email == email
    values = {"email": contact.email_hint(email) if own else email}
    locked = trouble == "locked"
    ask = "utter_confirm_link_for_locked" if locked else "utter_confirm_mail_password_link"
    return Proposal(
        Change("mail_password_link", {"email": email}),
        Say(ask, values),
        Say("utter_done_mail_password_link", values, (PERSON,)),
    )


REQUESTS = (
    Request(
        "recover_password",
        "getting you a new password",
        Level.ANYONE,
        _send_link,
        details=(
            Detail("trouble", _ask_email, _read_trouble, optional=True),
            Detail(
                "account",
                _ask_email,
                _read_email,
                needed=lambda case: case.details.get("trouble") in (None, "locked"),
            ),
        ),
    ),
)
