"""What suggestions are chosen from: every source gives candidates, the best three are offered."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from bot.assistant.nlu.minilm import Floats
from bot.records import SuggestionSource

OFFERED = 3
MOST_OF_A_SOURCE = 2  # as long as another has something to say
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """The customer's newest message, and its meaning."""

    conversation_id: str
    text: str
    meaning: Floats


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reply that may fit: `title` says where in its source it is from, `score` how well it fits
    (about a cosine, so that sources can be likened)."""

    source: SuggestionSource
    title: str
    text: str
    score: float


Source = Callable[[Asked], Awaitable[list[Candidate]]]


def best(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The three best, no two of which say the same, and not all from one source if it can be."""
    ranked = sorted(candidates, key=lambda one: -one.score)
    chosen: list[Candidate] = []
    spare: list[Candidate] = []
    said: set[str] = set()
    for one in ranked:
        words = _SIGNS.sub("", one.text).casefold()
        if words in said:
            continue
        said.add(words)
        of_source = sum(other.source == one.source for other in chosen)
        (chosen if of_source < MOST_OF_A_SOURCE else spare).append(one)
    return sorted([*chosen, *spare][:OFFERED], key=lambda one: -one.score)
