"""A customer's message made fit to be an example: what may be theirs becomes something invented.

The classifier learns from natural text, so nothing is cut out: an order number becomes another
one, a name a made-up one. It errs towards inventing, as open_places.py does, whose names these are:
a wrong word in an example costs little, and what was learnt cannot be taken back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.assistant.nlu.shapes import SHAPES
from bot.learning.example import plain
from bot.learning.invented import Invention
from bot.learning.lesson import Entity
from bot.suggesting.open_places import (
    COMMON,
    GREETED,
    LINK_SHAPE,
    LONGEST,
    NO_NAMES,
    WORD,
    is_greeted,
    is_name,
)

MOST_INVENTED = 4
NO_WORDS = "there are no words in it"
TOO_LONG = f"it is longer than {LONGEST} characters, and tells one customer's story"
TOO_PERSONAL = f"it has more than {MOST_INVENTED} names, numbers and addresses"
STILL_THERE = "something of the customer's could not be taken out"

Found = tuple[int, int, str]  # start, end, kind of invention; "keep" is nobody's

_MARKED = frozenset({"order_number", "email", "phone", "postcode"})  # as entities, too
_SHAPED = {"email": "email", "phone": "phone", "postcode": "postcode", "money": "keep"}
_STREET = re.compile(
    r"\b\d{1,4}[a-z]?,? (?P<words>(?:[^\W\d_]+(?:['\u2019][^\W\d_]+)? ){1,3})"
    r"(?:street|st|road|rd|lane|ln|avenue|ave|close|drive|way|court|crescent|terrace|place|square"
    r"|gardens?|hill|grove|row|mews|park)\b",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?<![\d/.-])\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})(?![\d/.-])")
_GROUPS = re.compile(r"(?<![\d£$€])\d(?:[ .-]?\d){3,33}(?!\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?\b", re.IGNORECASE)
_LONG = re.compile(r"(?<!\d)\d(?:[ .-]?\d){12,33}(?!\d)")  # longer than any phone
_YEAR = re.compile(r"(?:19|20)\d\d")
_TOKEN = re.compile(r"[^\W_][\w-]{3,40}")  # an IBAN, a tracking number, the shop's own reference
_HANDLE = re.compile(r"(?<![\w.])@\w{2,40}")
_INTRODUCED = re.compile(
    r"\b(?:my name['\u2019]?s?(?: is)?|name ?:|call me|i am called|mrs?\.?|ms\.?|dr\.?)\s+"
    r"(?P<names>[^\W\d_]+(?:[ -][^\W\d_]+){0,2})",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"\b(?:regards|cheers|sincerely|yours|thanks|thank you)[,.!]?\s+"
    r"(?P<names>[^\W\d_]+(?: [^\W\d_]+){0,2})[\s.!]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clean:
    """A text with nothing of a customer's in it, and its entities."""

    text: str
    entities: tuple[Entity, ...] = ()


def deidentify(
    text: str,
    entities: Sequence[Entity],
    *,
    seed: str,
    names: Collection[str],
    vocabulary: Collection[str],
) -> Clean | str:
    """The text as an example, on one line, or why it can be none.

    `names` are those of whoever may be meant (`names_in`), `vocabulary` the words of the project's
    own texts, both in small letters.
    """
    text = "".join(character if _is_writable(character) else " " for character in text)
    if not text.strip():
        return NO_WORDS
    if len(text) > LONGEST:
        return TOO_LONG
    marked = [one for one in entities if 0 <= one.start < one.end <= len(text)]
    found = _without_overlaps(text, marked, names, vocabulary)
    if sum(kind != "keep" for _, _, kind in found) > MOST_INVENTED:
        return TOO_PERSONAL
    invention = Invention(seed)
    made = _Line()
    end = 0
    of_lead = {(one.start, one.end): one.name for one in marked}
    for start, stop, kind in found:
        made.add(text[end:start])
        value = text[start:stop]
        shown = value if kind == "keep" else invention.instead_of(kind, value)
        made.add(shown, of_lead.get((start, stop)) or (kind if kind in _MARKED else None))
        end = stop
    made.add(text[end:])
    line, placed = made.done()
    gone = [text[start:stop].casefold() for start, stop, kind in found if kind != "keep"]
    strangers = {name for name in names if name not in vocabulary and name not in COMMON}
    words = {word.casefold() for word in WORD.findall(line)}
    if words & strangers or any(len(value) > 3 and value in line.casefold() for value in gone):
        return STILL_THERE
    return Clean(plain(line, placed), placed)


def _is_writable(character: str) -> bool:
    """Whether a YAML file can hold it as it is."""
    category = unicodedata.category(character)
    return character in "\u200c\u200d" or category not in ("Cc", "Cf", "Cn", "Co", "Cs")


def _without_overlaps(
    text: str, marked: Sequence[Entity], names: Collection[str], vocabulary: Collection[str]
) -> list[Found]:
    """What is to be invented, in reading order; what is found first keeps its place."""
    taken: list[Found] = []
    for start, end, kind in (
        *_of_lead(text, marked, names, vocabulary),
        *_shaped(text, vocabulary),
        *_named(text, names, vocabulary),
    ):
        if all(end <= other[0] or start >= other[1] for other in taken):
            taken.append((start, end, kind))
    return sorted(taken)


def _of_lead(
    text: str, marked: Sequence[Entity], names: Collection[str], vocabulary: Collection[str]
) -> Iterator[Found]:
    """The entities that a lead marked; one of another kind than ours is kept if it may be."""
    for one in marked:
        value = text[one.start : one.end]
        if one.name in _MARKED:
            yield one.start, one.end, one.name
            continue
        inside = [*_shaped(value, vocabulary), *_named(value, names, vocabulary)]
        kinds = {kind for _, _, kind in inside if kind != "keep"}
        if not kinds:
            yield one.start, one.end, "keep"
        else:
            yield one.start, one.end, "name" if kinds == {"name"} else "code"


def _shaped(text: str, vocabulary: Collection[str]) -> Iterator[Found]:
    for found in LINK_SHAPE.finditer(text):
        yield *found.span(), "link"
    for found in (*_IBAN.finditer(text), *_LONG.finditer(text)):
        if sum(character.isdigit() for character in found.group()) >= 10:
            yield *found.span(), "code"
    for entity, shape in SHAPES:
        for found in shape.finditer(text):
            yield *found.span(), _SHAPED.get(entity, entity)
    for found in _HANDLE.finditer(text):
        yield *found.span(), "handle"
    for found in _STREET.finditer(text):
        words = found["words"].split()
        strange = all(word[0].isupper() or word.casefold() not in vocabulary for word in words)
        if strange or (len(words) == 1 and words[0].casefold() not in COMMON):
            yield *found.span(), "street"
    for found in _DAY.finditer(text):
        yield *found.span(), "day"
    for found in _TOKEN.finditer(text):
        digits = sum(character.isdigit() for character in found.group())
        if 2 <= digits < len(found.group()) and found.group().casefold() not in vocabulary:
            yield *found.span(), "code"
    for found in _GROUPS.finditer(text):
        if not _YEAR.fullmatch(found.group()):
            yield *found.span(), "code"


def _named(text: str, names: Collection[str], vocabulary: Collection[str]) -> Iterator[Found]:
    for found in (*_INTRODUCED.finditer(text), *_SIGNED.finditer(text)):
        yield from _introduced(found, vocabulary)
    for found in GREETED.finditer(text):
        if is_greeted(found["name"], vocabulary) and found["name"].casefold() not in COMMON:
            yield *found.span("name"), "name"
    # A name that is a word as well, such as Will, is one only where it looks like one.
    certain = {name for name in names if name not in vocabulary and name not in COMMON}
    shouted = text.isupper()
    for found in WORD.finditer(text):
        word = found.group()
        looks = word.casefold() if shouted else word  # capitals throughout say nothing of a word
        doubtful = looks[0].isupper() and found.start() > 0 and word.casefold() in names
        if doubtful or is_name(looks, certain, vocabulary):
            yield *found.span(), "name"


def _introduced(found: re.Match[str], vocabulary: Collection[str]) -> Iterator[Found]:
    """The names after "my name is", up to the first word that is none."""
    for word in WORD.finditer(found["names"]):
        name = word.group()
        folded = name.casefold()
        known = folded in vocabulary or folded in COMMON or folded in NO_NAMES
        if known and not (name[0].isupper() and folded not in NO_NAMES and not name.isupper()):
            return
        start = found.start("names")
        yield start + word.start(), start + word.end(), "name"


class _Line:
    """A text put together on one line, with the places of its entities."""

    def __init__(self) -> None:
        self._text = ""
        self._entities: list[Entity] = []

    def add(self, part: str, entity: str | None = None) -> None:
        part = re.sub(r"\s+", " ", part)
        if not self._text or self._text.endswith(" "):
            part = part.removeprefix(" ")
        if entity and part.strip():
            start = len(self._text) + len(part) - len(part.lstrip())
            end = len(self._text) + len(part.rstrip())
            self._entities.append(Entity(start, end, entity))
        self._text += part

    def done(self) -> tuple[str, tuple[Entity, ...]]:
        return self._text.rstrip(), tuple(self._entities)
