"""Promo codes: whether one counts, for whom, from when to when and for how much."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from actions import wording
from actions.context.model import Membership, Promo
from actions.requests.heard import Heard
from actions.requests.request import Answer, Case, Detail, Level, Outcome, Request
from actions.say import PERSON, Button, Say

_WORD = re.compile(r"(?<![\w'’@.-])[A-Za-z0-9][A-Za-z0-9-]{2,19}(?![\w'’@])")  # noqa: RUF001
#: Words of a sentence about a code that are none.
_NO_CODES = frozenset(
    re.findall(
        r"\S+",
        """
        about after again all also and any anything applied apply are basket been but can
        cant card checkout code codes coupon day did didnt discount does doesnt doing dont
        error expired field first for from get gift give had has have help how invalid isnt
        its just know last like me member members money more much need new newsletter nope
        not nothing now off order other our out over pay please price problem promo put
        redeem rejected sale says shop site still student take that the them then there they
        this today total try type used use using valid voucher was wasnt welcome went what
        when where which why will with wont work worked working works wrong yes yesterday
        you your
        """,
    )
)
_CALLED = re.compile(
    r"\b(?:code|voucher|coupon|promo)\s+(?:is|was|called|named)[\s:\"'“]+"
    r"([A-Za-z0-9][A-Za-z0-9-]{2,19})(?![\w'’])",  # noqa: RUF001
    re.IGNORECASE,
)
#: So many words are the answer to which code it is; more tell a story.
_FEW_WORDS = 3
#: So many of them are looked up.
_MOST = 5


async def _plan(case: Case) -> Outcome:
    codes: list[str] = case.details["codes"]
    if not codes:
        return Answer((Say("utter_promo_no_code", buttons=(PERSON,)),))
    reference = case.context.customer.reference if case.context else None
    for code in codes:
        promo = await case.shop.promo(code, reference)
        if promo is not None:
            return Answer((_about(case, promo),))
    return Answer((Say("utter_promo_unknown", {"code": codes[0].upper()}, (PERSON,)),))


def _about(case: Case, promo: Promo) -> Say:
    values = {
        "code": promo.code,
        "off": f"{promo.percent} %"
        if promo.percent is not None
        else wording.money(promo.amount or Decimal(0), case.policy.currency),
        "minimum": wording.money(promo.minimum, case.policy.currency),
        "since": wording.dated(promo.valid_from, case.today),
        "until": wording.dated(promo.valid_until, case.today),
    }
    if promo.valid_until < case.today:
        return Say("utter_promo_over", values)
    if promo.valid_from > case.today:
        return Say("utter_promo_not_yet", values)
    if promo.used:
        return Say("utter_promo_used", values)
    if promo.members_only and not _is_member(case):
        club = Button("About the club", "/membership_question")
        return Say("utter_promo_members_only", values, (club,))
    return Say("utter_promo_from" if promo.minimum else "utter_promo_valid", values, (PERSON,))


def _is_member(case: Case) -> bool:
    membership: Membership | None = case.context.membership if case.context else None
    return membership is not None and membership.since <= case.today <= membership.until


def _ask(case: Case) -> Say:
    return Say("utter_ask_promo_code")


def _read(case: Case, heard: Heard, asked: bool) -> Any:
    """What may be a code, the likeliest first; none at all when there is none to name."""
    if not heard.typed:
        return None
    words = _WORD.findall(heard.text)
    found = [word for word in words if _is_mixed(word)]
    if not heard.text.isupper():
        found += [word for word in words if word.isupper() and word.isalpha() and len(word) > 3]
    if asked or heard.intent == case.intent:
        found += _CALLED.findall(heard.text)
    if asked and heard.says_no:
        return []
    if asked and len(words) <= _FEW_WORDS:
        found += words
    codes = [word for word in dict.fromkeys(found) if word.lower() not in _NO_CODES]
    return codes[:_MOST] or None


def _is_mixed(word: str) -> bool:
    """Letters and digits, as codes have them; an order's number has no letters but `W`."""
    letters = any(character.isalpha() for character in word)
    digits = any(character.isdigit() for character in word)
    return letters and digits and wording.order_number(word) is None and not _is_measure(word)


def _is_measure(word: str) -> bool:
    """`10pm`, `20th`, `5quid`: a number with its unit."""
    return re.fullmatch(r"\d+[a-z]{1,5}", word) is not None


REQUESTS = (
    Request(
        "promo_code_problem",
        "a promo code",
        Level.ANYONE,
        _plan,
        details=(Detail("codes", _ask, _read),),
    ),
)
