"""What a claim comes to, be it for a parcel that never came or for something that came broken."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal

from actions import wording
from actions.context.changes import Change
from actions.context.model import Claim
from actions.families.orders import order_values
from actions.limits import beyond
from actions.requests.heard import Heard
from actions.requests.request import Answer, Case, Outcome, Prepared, Proposal, Referral
from actions.say import PERSON, Say, choice

Kind = Literal["missing", "damaged"]
REPLACEMENT, REFUND = "replacement", "refund"
_MONTH = timedelta(days=30)
_FEW_WORDS = 3
_AGAIN = re.compile(
    r"\b(?:again|resend|re-?send|replac\w*|new ones?|another|exchange|swap|same)\b", re.IGNORECASE
)
_MONEY = re.compile(r"\b(?:refund\w*|money|cash|reimburs\w*|credit)\b", re.IGNORECASE)


def claim(
    case: Case, kind: Kind, things: str, worth: Decimal, *, sku: str | None, words: str | None
) -> Outcome:
    """The claim, within the limits; beyond them it is prepared for a person."""
    order, limits, wish = case.chosen(), case.policy.claim, case.details["wish"]
    values = {
        **claim_values(case),
        "things": things,
        "worth": wording.money(worth, order.currency),
    }
    told = {"order": order.number, "kind": kind, "sku": sku, "wish": wish, "words": words}
    change = Change("open_claim", told)
    lately = sum(each.opened_at > case.now - _MONTH for each in case.known().claims)
    too_much = beyond(case.policy, worth, order.currency, limits.most)
    why = [f"{values['worth']}: {too_much}"] if too_much else []
    why += [f"{lately} claims in the last 30 days already"] if lately >= limits.most_a_month else []
    if not why:
        ask, done = f"utter_confirm_{kind}_{wish}", f"utter_claimed_{wish}"
        return Proposal(change, Say(ask, values), Say(done, values))
    title = f"Claim {things} of order {order.number} as {kind}: {wish}"
    quoted = f" The customer's words: “{words}”" if words else ""
    return Referral(
        "needs_approval",
        f"{title}; {' and '.join(why)}.{quoted}",
        (Say("utter_claim_needs_approval", values),),
        (Prepared(title, " and ".join(why), change),),
    )


def open_claim(case: Case, kind: Kind) -> Claim | None:
    """The claim of this kind that is there already."""
    number = case.chosen().number
    found = (each for each in case.known().claims if each.order_number == number)
    return next((each for each in found if each.kind == kind), None)


def is_claimed(case: Case, claim: Claim) -> Answer:
    """What there is to say of a claim that is there already."""
    values = {**claim_values(case), "reference": claim.reference, "wish": claim.wish}
    return Answer((Say("utter_claim_is_open", values, (PERSON,)),))


def claim_values(case: Case) -> dict[str, Any]:
    """What texts about claims may name."""
    order = case.chosen()
    return {
        **order_values(order),
        "days": case.policy.refund.working_days,
        "delivered": wording.day_text(order.delivered_on) if order.delivered_on else "",
    }


def ask_wish(case: Case) -> Say:
    """Asks what is wanted for it."""
    again = choice("Send it again", case.intent, REPLACEMENT)
    refund = choice("Refund it", case.intent, REFUND)
    return Say("utter_ask_claim_wish", buttons=(again, refund))


def read_wish(case: Case, heard: Heard, asked: bool) -> Any:
    """The same again, or the money."""
    if not heard.typed:
        return heard.choice if heard.choice in (REPLACEMENT, REFUND) else None
    # "Refund please" sounds like a request of its own, and answers this one.
    if not heard.is_about(case.intent) and len(heard.text.split()) > _FEW_WORDS:
        return None
    again, money = bool(_AGAIN.search(heard.text)), bool(_MONEY.search(heard.text))
    return None if again == money else REPLACEMENT if again else REFUND
