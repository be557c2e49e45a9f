"""The end of an account: what goes, what stays, and until when its owner may think again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from actions import wording
from actions.context.changes import Change
from actions.families.account import is_closing, mail_data, wants_copy
from actions.requests.heard import Heard
from actions.requests.request import Answer, Case, Detail, Level, Outcome, Proposal, Request
from actions.say import PERSON, Button, Say, choice
from actions.wording import any_of, meant

_GONE = any_of(
    *(
        r"delet\w*",
        r"clos\w*",
        r"eras\w*",
        r"remov\w*",
        r"wip\w*",
        "destroy",
        "forget",
        "forgotten",
    ),
    *(
        "gone",
        "off",
        r"cancel\w*",
        "get rid",
        r"deactivat\w*",
        r"terminat\w*",
        "unregister",
        "shut",
    ),
)
#: What words may mean, in the order in which they tell; all others want their account closed.
_MEANT = {
    "another's": any_of(
        *("father", "mother", "mum", "mom", "dad", "wife", "husband", "son", "daughter", "partner"),
        *("brother", "sister", "friend", "passed away", "died", "someone", "somebody", "older one"),
        *("one of my accounts", "two accounts", "did(?:n'?t| not) (?:create|open|make)"),
    ),
    "facts": any_of(
        r"^\W*(?:what|when|will|which|how long|is it|is there|do you|do i)",
        r"(?:can|could) (?:an?|the) account",
        r"restor\w*",
    ),
    "how": any_of(
        *(
            "how (?:do|can|could|would|to|the)",
            "where",
            "know how",
            "(?:can'?t|cannot) find",
            "no button",
        ),
        *("problem", "trouble closing", "question"),
    ),
}


def _read_wish(case: Case, heard: Heard, asked: bool) -> Any:
    if not heard.typed:
        return heard.choice or "close"
    words = heard.words_about(case.intent, asked)
    if wants_copy(words) and not _GONE.search(words):
        return "data"
    # Of what is said to a question of ours, only that changes anything.
    return (meant(words, _MEANT) or "close") if heard.intent == case.intent else None


def _needs(case: Case) -> Level:
    wish = case.details.get("wish")
    # Who asks how it is done is asked for no proof, unless we know whose account it is about.
    told = wish in (None, "facts", "another's") or (wish == "how" and case.context is None)
    return Level.ANYONE if told else Level.ASSURED


async def _close(case: Case) -> Outcome:
    wish = case.details["wish"]
    if wish == "data":
        return mail_data(case)
    if wish == "another's":
        return Answer((Say("utter_close_anothers_account", buttons=(PERSON,)),))
    days = case.policy.account.closes_after_days
    if _needs(case) is Level.ANYONE:
        begin = choice("Close my account", case.intent, "close")
        return Answer((Say("utter_closing_an_account", {"days": days}, (begin,)),))
    context = case.known()
    customer, member = context.customer, context.membership
    if customer.closing_on is not None:
        return Answer((is_closing(customer.closing_on),))
    waited_for = [order.number for order in context.orders if order.is_open]
    if waited_for:
        where = Button("Where are they?" if len(waited_for) > 1 else "Where is it?", "/track_order")
        values = {"orders": wording.listed(waited_for)}
        return Answer((Say("utter_open_orders_before_closing", values, (where, PERSON)),))
    values = {"day": wording.day_text(case.today + timedelta(days=days)), "days": str(days)}
    ask = "utter_confirm_close_account"
    if member is not None and member.until > case.today:
        ask, values["points"] = "utter_confirm_close_members_account", str(member.points)
    data_first = choice("Send me my data first", "edit_account", "data")
    change = Change("close_account", {"customer": customer.reference})
    return Proposal(
        change, Say(ask, values, (data_first,)), Say("utter_done_close_account", values)
    )


REQUESTS = (
    Request(
        "delete_account",
        "closing your account",
        _needs,
        _close,
        details=(Detail("wish", lambda case: Say("utter_closing_an_account"), _read_wish),),
    ),
)
