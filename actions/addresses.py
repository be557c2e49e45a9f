"""An address in free text: its line, town and UK postcode, as far as they are there.

No parser of addresses fits here: the good ones carry gigabytes of street names. What is read is
read back in full before anything is changed, so a town taken for a street costs a correction, no
parcel.
"""

from __future__ import annotations

import re
import unicodedata
from string import capwords
from typing import Literal

Part = Literal["line", "town", "postcode"]
PARTS: tuple[Part, ...] = ("line", "town", "postcode")
LONGEST = 200
#: More words than these, and no street among them, are a sentence.
_MOST_WORDS = 4
#: So many words may stand between a number and the "Road" that makes it a house number.
_STREET_WITHIN = 7

_POSTCODE = re.compile(
    r"\b(GIR|[A-Z]{1,2}\d[A-Z\d]?) {0,2}(\d[ABD-HJLNP-UW-Z]{2})\b", re.IGNORECASE
)
_STREET = re.compile(
    r"\b(?:road|rd|street|st|lane|ln|avenue|ave|close|drive|way|row|gardens?|place|court|crescent|"
    r"terrace|hill|walk|grove|square|park|mews|green|quay|parade|rise|view|mount|wharf|bridge|"
    r"boulevard|circus|yard|heights|cottages?)\b\.?",
    re.IGNORECASE,
)
#: Where an address begins in a sentence: a flat, or a house number before a name.
_START = re.compile(
    r"\b(?:(?:flat|apartment|apt|unit|suite|room|studio|block)\s+\w{1,4}\b|c/o\s"
    r"|\d{1,4}[a-z]?(?:[-/]\d{1,4})?[ ,]+(?=[^\W\d]))",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"\A.*\b(?:deliver|send|ship|post|bring|address|is|it'?s|to|at|into|live)\b:?\s+(?:to\s+)?",
    re.IGNORECASE | re.DOTALL,
)
#: "12 Mill Lane instead of 4 Quay Street": not wanted.
_NOT_WANTED = re.compile(
    r"\b(?:instead of|rather than|and not|not(?= \d))\b[^,.;!?]*?(?=$|[,.;!?]|\bto\b)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:\b(?:instead|please|pls|thanks|thank you|thx|cheers|because|from now|"
    r"for (?:my|the|this|order)|rather|then|now)\b|[;!?]|\.(?=\s|$)|\()",
    re.IGNORECASE,
)
_COUNTRY = re.compile(
    r"(?:the )?(?:uk|united kingdom|great britain|england|scotland|wales)\.?", re.I
)
_HOUSE_NUMBER = re.compile(r"\b(?:house )?(?:number|no\.|nr\.?) ?(\d{1,4}[a-z]?)\b", re.IGNORECASE)


def parts_in(text: str, alone: Literal["line", "town"] | None = None) -> dict[Part, str]:
    """The parts that the words hold. Where an address was asked for, `alone` says what a single
    piece without a street is; where it was not, words without a street are none."""
    text = _NOT_WANTED.sub(" ", _plain(text))
    found: dict[Part, str] = {}
    code = _POSTCODE.search(text)
    if code:
        found["postcode"] = f"{code[1]} {code[2]}".upper()
        text = text[: code.start()]
    pieces = _pieces(text)
    if not pieces or (alone is None and not (_start(text) and _STREET.search(text))):
        return found
    *before, last = pieces
    street, town = _cut(last)
    if street is None and before:
        street, town = None, last
    elif street is None:
        short = len(last.split()) <= _MOST_WORDS
        return {**found, alone: _shown(last)} if alone and short else found
    line = ", ".join((*before, *([street] if street else [])))
    found["line"] = _shown(line)
    if town:
        found["town"] = _shown(town)
    return found


def corrected_number(text: str, line: str) -> str | None:
    """The line with the house number that a correction names ("no, number 21"), if one is."""
    named = _HOUSE_NUMBER.search(_NOT_WANTED.sub(" ", text))
    if named is None or not re.search(r"\d+[a-z]?", line, re.IGNORECASE):
        return None
    return re.sub(r"\d+[a-z]?", named[1], line, count=1, flags=re.IGNORECASE)


def is_usable(text: str) -> bool:
    """Whether anything in it could name a place: no house is found by emoji alone."""
    return any(each.isalnum() for each in text)


def _plain(text: str) -> str:
    """In one line, lines of an envelope becoming pieces of a list."""
    lines = [" ".join(line.split()) for line in unicodedata.normalize("NFC", text).splitlines()]
    return ", ".join(line.strip(" ,") for line in lines if line.strip(" ,"))


def _start(text: str) -> re.Match[str] | None:
    """The first place where an address may begin, if possible one with a street not far behind: "I
    ordered 2 tents" begins none."""
    starts = list(_START.finditer(text))
    for start in starts:
        street = _STREET.search(text, start.start())
        if street and len(text[start.start() : street.end()].split()) <= _STREET_WITHIN:
            return start
    return starts[0] if starts else None


def _pieces(text: str) -> list[str]:
    start = _start(text)
    text = text[start.start() :] if start else _LEAD_IN.sub("", text, count=1)
    after = _AFTER.search(text)
    text = text[: after.start()] if after else text
    pieces = [piece.strip(" .:-") for piece in text.split(",")]
    return [piece for piece in pieces if is_usable(piece) and not _COUNTRY.fullmatch(piece)]


def _cut(piece: str) -> tuple[str | None, str | None]:
    """`12 Harbour Road Exeter` into street and town; no street where there is none."""
    streets = list(_STREET.finditer(piece))
    if streets and streets[-1].start() > 0:
        end = streets[-1].end()
        return piece[:end].strip(), piece[end:].strip(" .") or None
    return (piece, None) if piece[:1].isdigit() else (None, None)


def _shown(part: str) -> str:
    return capwords(part) if part == part.lower() else part
