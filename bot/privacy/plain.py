"""A text as it is looked at for secrets: with plain figures, dashes and spaces in place of those of
every kind, so that what is found can be taken out of the text as it was written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

Place = tuple[int, int]  # from, and up to before
_MINUS = "\N{MINUS SIGN}"


class _Plain(dict[int, str]):
    """What a character is taken for, by its code point; looked up once."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        figure = unicodedata.digit(character, None)
        category = unicodedata.category(character)
        if figure is not None:
            plain = str(figure)
        elif category == "Pd" or character == _MINUS:
            plain = "-"
        else:
            plain = " " if category == "Zs" else character
        self[code] = plain
        return plain


_PLAIN = _Plain()


@dataclass(frozen=True, slots=True)
class Text:
    """What is kept of it, and the view of that, of the same length."""

    kept: str
    view: str

    def without(self, places: Iterable[Place], marker: str) -> Text:
        """The same with the marker at each of these places, which follow each other."""
        kept, view, done = [], [], 0
        for start, end in places:
            kept += [self.kept[done:start], marker]
            view += [self.view[done:start], marker]
            done = end
        if not done:
            return self
        return Text("".join([*kept, self.kept[done:]]), "".join([*view, self.view[done:]]))


def looked_at(text: str) -> Text:
    """The text with its view."""
    return Text(text, text if text.isascii() else text.translate(_PLAIN))
