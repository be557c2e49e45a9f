"""What somebody searches for, as words; and where a text has them. Pure.

Words are runs of letters and digits, as both databases split a text, and the last one typed may be
only begun. Whatever else is typed (a star, a quote, an operator's sign) parts words and means
nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MOST_WORDS = 8
SHOWN_BEFORE, SHOWN = 40, 160
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a snippet; `hit` where it is a word that was searched for."""

    text: str
    hit: bool


def words_of(search: str) -> tuple[str, ...]:
    """The words to be found, all of them, in lower case; those beyond MOST_WORDS are left out."""
    normal = unicodedata.normalize("NFC", search)
    return tuple(_WORD.findall(normal.lower())[:MOST_WORDS])


def snippet(text: str, words: tuple[str, ...]) -> list[Part]:
    """A line of the text around the first of these words, with each of them marked."""
    found = [each for each in _WORD.finditer(text) if _is_hit(each.group().lower(), words)]
    start = max(0, found[0].start() - SHOWN_BEFORE) if found else 0
    if start > 0:  # not in the middle of a word
        start = text.find(" ", start, found[0].start()) + 1 or start
    end = start + SHOWN
    parts = [Part("…", hit=False)] if start > 0 else []
    at = start
    for each in found:
        if each.end() > end:
            break
        parts += [Part(text[at : each.start()], hit=False), Part(each.group(), hit=True)]
        at = each.end()
    rest = text[at:end] + ("…" if len(text) > end else "")
    return [part for part in [*parts, Part(rest, hit=False)] if part.text]


def _is_hit(word: str, words: tuple[str, ...]) -> bool:
    return word in words or (bool(words) and word.startswith(words[-1]))
