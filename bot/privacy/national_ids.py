"""Numbers that a state knows a person by: each by its check digits, and by its own form or a word
before it that says what it is, since a shop's own numbers may be built alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum.at import vnr
from stdnum.be import nn
from stdnum.ch import ssn as ahv
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.ie import pps
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.pl import pesel
from stdnum.se import personnummer
from stdnum.us import ssn

from bot.privacy.plain import Place, Text

ID_REMOVED = "[national id removed]"
# The United Kingdom's has no check digit, but letters that are never given.
_NINO = (
    r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    # A product's number may have one dash or two; this one has one between all pairs.
    r"(?:[ ]?\d\d[ ]?\d\d[ ]?\d\d[ ]?[A-D]|-\d\d-\d\d-\d\d-[A-D](?!-))"
)
_OWN_FORM = re.compile(
    rf"(?<![A-Z0-9])(?:(?P<nino>{_NINO})"
    r"|(?P<ssn>(?<!\d-)\d{3}-\d\d-\d{4}(?!-))"
    r"|(?P<ahv>756\.\d{4}\.\d{4}\.\d\d)"
    r"|(?P<codice>[A-Z]{6}\d\d[A-Z]\d\d[A-Z]\d{3}[A-Z])"
    r")(?![A-Z0-9])",
    re.IGNORECASE,
)
_CHECKS = {"ssn": ssn, "ahv": ahv, "codice": codicefiscale}
_LABELLED = re.compile(
    r"\b(?:(?:social|national)[ -](?:security|insurance|id(?:entity|entification)?)|ssn|nino"
    r"|n\.?i\.? (?:number|no)|tax(?:payer)?[ -](?:id|number|identification)|tin|pps"
    r"|steuer-?(?:id|nummer|identifikationsnummer)|steuerliche identifikationsnummer|id-?nr"
    r"|sozialversicherungs-?nummer|sv-?nummer|ahv|rentenversicherungsnummer"
    r"|s[ée]curit[ée] sociale|dni|nie|bsn|burgerservicenummer|codice fiscale|personnummer"
    r"|cpr|hetu|henkil[öo]tunnus|f[øo]dselsnummer|pesel|rijksregisternummer)"
    r"[^\d\n]{0,30}?(?<![A-Z0-9])(?P<number>[A-Z]?\d(?:[ ./+-]{0,2}[A-Z0-9]){6,17})",
    re.IGNORECASE,
)
_LABELLED_CHECKS = (
    *(vnr, nn, ahv, idnr, cpr, dni, nie, hetu, nir, pps, bsn, fodselsnummer, pesel),
    *(personnummer, ssn),
)
_WITHOUT_CHECK = re.compile(rf"{_NINO}|\d{{8}}[A-Z]\d{{3}}", re.IGNORECASE)  # the second: Germany's


def without_ids(text: Text) -> Text:
    """The text with a marker for every such number."""
    own = (found.span() for found in _OWN_FORM.finditer(text.view) if _is_own(found))
    text = text.without(own, ID_REMOVED)
    return text.without(_labelled(text.view), ID_REMOVED)


def _is_own(found: re.Match[str]) -> bool:
    kind = found.lastgroup
    return kind == "nino" or bool(_CHECKS[str(kind)].is_valid(found.group()))


def _labelled(text: str) -> Iterator[Place]:
    """Where those are that a word before them gives away."""
    for found in _LABELLED.finditer(text):
        number, start = found.group("number"), found.start("number")
        # Words and figures may follow it, which the expression takes for more of it.
        ends = (end for end in range(len(number), 7, -1) if not number[end:][:1].isalnum())
        end = next((end for end in ends if _is_id(number[:end])), None)
        if end is not None:
            yield start, start + end


def _is_id(number: str) -> bool:
    compact = re.sub(r"[ ./-]", "", number)
    # Some know their number only as it is printed, others only in one piece.
    return bool(_WITHOUT_CHECK.fullmatch(compact)) or any(
        check.is_valid(each) for check in _LABELLED_CHECKS for each in {number, compact}
    )
