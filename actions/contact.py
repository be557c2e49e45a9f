"""E-mail addresses, phone numbers and names in a customer's words, checked before they are used."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, ValidationResult

#: What may stand around an address that a sentence holds, its own full stop included.
_AROUND = ".,;:!?()<>[]\"'“”‘’"  # noqa: RUF001
_LONGEST = 300  # characters; longer is a story, and a run of full stops
_BEFORE_A_NAME = re.compile(
    r"\W*(?:(?:hi|ok|okay|yes|no|sorry|please|now|just|it'?s|it is|that'?s|it should be|should be|"
    r"to|make it|put|call me|(?:i'?m|i am)(?:(?: now)? called)?|"
    r"(?:my|the) (?:new |full |real |correct )?name(?:'s| is)?)\b[\s,:]*)+",
    re.IGNORECASE,
)
_AFTER_A_NAME = re.compile(
    r"(?:[\s,.]+(?:please|pls|thanks|thank you|thx|now|instead|cheers))*[\s.!]*$", re.IGNORECASE
)
#: "Change my name to Hana Brown", "my surname should be Brown", "no, it's Hana Brown".
_NAMED = re.compile(
    r"(?:name\b.*?\b(?:to|should be|is now|now is|is)|\bi'?m (?:now )?called|\bcall me|"
    r"\bi am (?:now )?called|^\W*(?:no|sorry|wait)\W+(?:it'?s|make it|it should be)|"
    r"^\W*(?:it'?s|it should be|make it))\s+(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_SURNAME = re.compile(
    r"\b(?:surname|last name|family name|married|wedding|maiden)\b", re.IGNORECASE
)
_FIRST_NAME = re.compile(r"\b(?:first|given|christian) name\b|\bforename\b", re.IGNORECASE)
#: What stands between the letters of names.
_BETWEEN = frozenset(" '’.-·")  # noqa: RUF001
_NO_NAME = re.compile(
    r"\b(?:my|the|an?|it|that|this|one|\w*name|account|profile|married|maiden|wrong|different|"
    r"another|new|\w*spel[lt]\w*|something|with|in|on|of|and|but|what|which|your?|i|is|be)\b",
    re.IGNORECASE,
)
#: What has numbers that are nobody's phone.
_THINGS = (
    r"(?:orders?|track\w*|parcels?|packages?|shipments?|deliver(?:y|ies)|ref(?:erence)?s?|iban|"
    r"bic|sort code|accounts?|acct|cards?|invoices?|tickets?|customers?|returns?|refunds?)"
)
_CALLED = re.compile(
    rf"\b{_THINGS}\b(?:[\s:#.'’-]+(?:numbers?|nos?|nr|num|id|code|is|was|it|called|with|s)\b)*"  # noqa: RUF001
    r"[\s:#.-]*$",
    re.IGNORECASE,
)
_CALLS = re.compile(
    rf"[\s,]*(?:is|was|being|as) (?:(?:my|the|your|its?|an?) )?{_THINGS}\b", re.IGNORECASE
)
#: Groups of four, or run together. In capitals and longer than a postcode beside a phone number.
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b", re.ASCII)
#: A + in front, or a 0 and then nothing that stands in dates.
_WRITTEN = re.compile(r"\(?\+.*|\(?0[\d ()]+", re.DOTALL)
_MOST_WORDS = 6
_LONGEST_NAME = 100


def email_meant(text: str, asked: bool, own: str | None = None) -> str | None:
    """What is meant as an e-mail address, right or wrong; of several the last one that is not the
    customer's `own` by now. Asked for it, somebody may also have left out the @."""
    words = [word.strip(_AROUND) for word in text.split()]
    named = [word for word in words if "@" in word[1:-1]]
    others = [word for word in named if word.lower() != own]
    if not named and asked and len(words) == 1 and "." in words[0]:
        return words[0]
    return (others or named)[-1] if named else None


def email(candidate: str) -> str | None:
    """The address as it is kept, or None if no such address can exist."""
    try:
        # Whether its domain takes mail would take a look at the net; `.test` is the demo shop's.
        checked = validate_email(candidate, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return checked.normalized.lower()


def email_hint(address: str) -> str:
    """`a…@fjellfjord.test`: enough for its owner, nothing new to anybody else."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}…@{domain}"


def phone_in(text: str, country: str) -> str | None:
    """The first phone number in international form; without a + it is one of `country`.

    Numbers that are possible, not only those given out: which are changes faster than a list.
    """
    for match in PhoneNumberMatcher(text, country, leniency=Leniency.POSSIBLE):
        reason = phonenumbers.is_possible_number_with_reason(match.number)
        if reason == ValidationResult.IS_POSSIBLE:
            return phonenumbers.format_number(match.number, PhoneNumberFormat.E164)
    return None


def phone_left_in(text: str, country: str) -> str | None:
    """The same in a message that need not be about one: orders, parcels and accounts have numbers
    too. What has no + must be one that is given out, or be written as one is at home, with a 0 in
    front, and is left out where the sentence calls it something else."""
    rest = _IBAN.sub(_blank, text)
    given_out = [*PhoneNumberMatcher(rest, country, leniency=Leniency.VALID)]
    possible = PhoneNumberMatcher(rest, country, leniency=Leniency.POSSIBLE)
    written = [match for match in possible if _WRITTEN.fullmatch(match.raw_string)]
    for match in sorted((*given_out, *written), key=lambda match: match.start):
        before, after = rest[: match.start], rest[match.end :]
        reason = phonenumbers.is_possible_number_with_reason(match.number)
        if reason == ValidationResult.IS_POSSIBLE and (
            "+" in match.raw_string or not (_CALLED.search(before) or _CALLS.match(after))
        ):
            return phonenumbers.format_number(match.number, PhoneNumberFormat.E164)
    return None


def phone_text(number: str) -> str:
    """`+44 7700 900123` of `+447700900123`."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)


def name_said(text: str, before: str) -> str | None:
    """The name in a sentence that holds more than it; `before` is completed by a surname alone."""
    found = _NAMED.search(text)
    named = name_alone(found[1]) if found else None
    if named is None or _NO_NAME.search(named):
        return None
    if len(named.split()) > 1 or len(before.split()) == 1:
        return named
    if _SURNAME.search(text):
        return " ".join((*before.split()[:-1], named))
    if _FIRST_NAME.search(text):
        return " ".join((named, *before.split()[1:]))
    return None


def name_alone(text: str) -> str | None:
    """The name that these words are, or None if they are none."""
    if len(text) > _LONGEST:
        return None
    before = _BEFORE_A_NAME.match(text)
    words = _AFTER_A_NAME.sub("", text[before.end() if before else 0 :]).split()
    name = " ".join(words)
    if not 0 < len(words) <= _MOST_WORDS or not _is_a_name(name):
        return None
    return re.sub(r"(?<![^\s'’\-])\w", _capital, name) if name.islower() else name  # noqa: RUF001


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _is_a_name(text: str) -> bool:
    """Letters of any script and what stands between them: no digit, no sign, no picture."""
    kinds = [unicodedata.category(each)[0] for each in text if each not in _BETWEEN]
    return len(text) <= _LONGEST_NAME and "L" in kinds and set(kinds) <= {"L", "M"}


def _capital(first: re.Match[str]) -> str:
    return first[0].upper()
