"""The club: what it offers and costs, one's own membership, joining and leaving."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions import wording
from actions.context.changes import Change
from actions.context.model import Membership
from actions.requests.heard import Heard
from actions.requests.request import Answer, Case, Detail, Level, Outcome, Proposal, Request
from actions.say import PERSON, Button, Say, choice
from actions.wording import any_of, meant

#: What words may mean, in the order in which they tell; all others ask about the club.
_MEANT = {
    "facts": any_of(
        *(
            "by itself",
            "(?:to|not) renew",
            "when i leave",
            "while i",
            "partner",
            "friend",
            "family",
        ),
        *("worth", "points expire", "pay with"),
    ),
    "own": any_of(
        *(
            r"my (?:\w+ )?(?:points?|card|number|level)",
            "points (?:(?:do|did) i|i) have",
            "points missing",
        ),
        *(r"(?:am i|i'?m)\b.{0,12}\b(?:member|shown)", "is my", "check my", "since when", "has my"),
        *("when (?:does|is|will) my", "membership (?:has|expired|ended|number)"),
    ),
    "leave": any_of(r"leav\w*", "quit", r"cancel\w*", "end", "stop", "terminate", "drop"),
    "join": any_of(
        *(r"join\w*", "become", "sign (?:me )?up", "get in ?(?:to|2)", "renew", "extend", "enrol"),
        "make me",
    ),
}
_ASKS_HOW = any_of("how", "what (?:do|must) i", "whether", r"\?\W*$")


def _read_wish(case: Case, heard: Heard, asked: bool) -> Any:
    if not heard.typed:
        return heard.choice if heard.choice in _MEANT else "facts"
    wish = meant(heard.words_about(case.intent, asked), _MEANT)
    if wish in ("join", "leave") and case.context is None and _ASKS_HOW.search(heard.text):
        return "facts"  # who asks how is told so, before they are asked who they are
    return wish or ("facts" if heard.intent == case.intent else None)


def _needs(case: Case) -> Level:
    needed = {"own": Level.KNOWN, "join": Level.ASSURED, "leave": Level.ASSURED}
    return needed.get(case.details.get("wish", "facts"), Level.ANYONE)


async def _member(case: Case) -> Outcome:
    wish = case.details["wish"]
    fee = wording.money(case.policy.membership.fee, case.policy.currency)
    about = Say("utter_about_the_club", {"fee": fee})
    if case.context is None:
        join, own = _button(case, "join"), _button(case, "own")
        return Answer((replace(about, buttons=(join, own)),))
    held = case.context.membership
    member = held if held is not None and held.until > case.today else None
    if wish not in ("join", "leave") or (wish == "join") == (member is not None):
        standing = _standing(case, held, member)
        return Answer((about, standing) if wish == "facts" else (standing,))
    customer = {"customer": case.context.customer.reference}
    if member is None:
        return Proposal(
            Change("join_membership", customer),
            Say("utter_confirm_join_membership", {"fee": fee}),
            Say("utter_done_join_membership", {"fee": fee}),
        )
    values = _values(member)
    return Proposal(
        Change("leave_membership", customer),
        Say("utter_confirm_leave_membership", values),
        Say("utter_done_leave_membership", values),
    )


def _standing(case: Case, held: Membership | None, member: Membership | None) -> Say:
    """What holds for the customer: a member, one no longer, or none."""
    if member is not None:
        return Say("utter_member_until", _values(member), (_button(case, "leave"), PERSON))
    if held is not None:
        return Say("utter_member_no_longer", _values(held), (_button(case, "join"), PERSON))
    return Say("utter_no_member", buttons=(_button(case, "join"), PERSON))


def _values(held: Membership) -> dict[str, Any]:
    return {
        "plan": held.plan,
        "since": wording.date_text(held.since),
        "until": wording.date_text(held.until),
        "points": str(held.points),
    }


def _button(case: Case, wish: str) -> Button:
    titles = {"join": "Join", "leave": "Leave the club", "own": "My membership"}
    return choice(titles[wish], case.intent, wish)


REQUESTS = (
    Request(
        "membership_question",
        "the club",
        _needs,
        _member,
        details=(Detail("wish", lambda case: Say("utter_about_the_club"), _read_wish),),
    ),
)
