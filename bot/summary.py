"""Three of the customer's own sentences that say most: what they want, what made it worse, and the
newest that adds something. Chosen, never written.

Likeness of meaning only keeps a sentence from being shown twice in other words, and finds the one
of a long message that all the others are about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bot.assistant.nlu.annoyance import frustration
from bot.assistant.nlu.minilm import Floats
from bot.records import Message

Why = Literal["wish", "weight", "newest"]
Embed = Callable[[Sequence[str]], Floats]
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
AMOUNT = re.compile(r"[£$€]\s?\d|\d")
FEWEST_WORDS = 3
MOST_SENTENCES = 30
LONGEST = 240  # characters; a line is to be read at a glance
ALIKE = 0.8  # the cosine from which two sentences say the same


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the customer's, where it stands, and what it was chosen for."""

    message_id: str
    text: str
    why: Why


@dataclass(frozen=True, slots=True)
class _Sentence:
    message: Message
    text: str


def summary_of(
    transcript: Sequence[Message], *, wish: str | None, talk: Collection[str], embed: Embed
) -> list[Line]:
    """At most three lines, in the order they were written. `wish` is the message that named it,
    `talk` are messages that say nothing of it, unless they are upset. Computes, so not for the
    event loop."""
    sentences = _sentences(transcript, wish, talk)
    if not sentences:
        return []
    vectors = embed([one.text for one in sentences])
    alike = vectors @ vectors.T
    chosen: dict[int, Why] = {_of_wish(sentences, alike, wish): "wish"}
    others: tuple[tuple[Why, list[int]], ...] = (
        ("newest", list(range(len(sentences) - 1, -1, -1))),
        ("weight", _heaviest(sentences)),
    )
    for why, order in others:
        fresh = (one for one in order if all(alike[one, other] < ALIKE for other in chosen))
        added = next(fresh, None)
        if added is not None:
            chosen[added] = why
    return [
        Line(sentences[place].message.id, _short(sentences[place].text), why)
        for place, why in sorted(chosen.items())
    ]


def _sentences(
    transcript: Sequence[Message], wish: str | None, talk: Collection[str]
) -> list[_Sentence]:
    said = [
        _Sentence(line, part.strip())
        for line in transcript
        if line.author == "customer" and not line.data.get("event")
        for part in SENTENCE_END.split(line.text)
        if len(part.split()) >= FEWEST_WORDS and (line.id not in talk or frustration(part))
    ]
    newest = said[-MOST_SENTENCES:]
    return [one for one in said[:-MOST_SENTENCES] if one.message.id == wish][:5] + newest


def _of_wish(sentences: Sequence[_Sentence], alike: Floats, wish: str | None) -> int:
    """The sentence of that message that the others are most about; else of the first message."""
    places = [place for place, one in enumerate(sentences) if one.message.id == wish]
    if not places:
        first = sentences[0].message.id
        places = [place for place, one in enumerate(sentences) if one.message.id == first]
    weights = np.asarray(alike.mean(axis=1))
    return max(places, key=lambda place: float(weights[place]))


def _heaviest(sentences: Sequence[_Sentence]) -> list[int]:
    """Those that are upset or name an amount or a number, the weightiest first."""
    weights = [frustration(one.text) + 0.5 * bool(AMOUNT.search(one.text)) for one in sentences]
    heavy = [place for place, weight in enumerate(weights) if weight > 0]
    return sorted(heavy, key=lambda place: (-weights[place], place))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
