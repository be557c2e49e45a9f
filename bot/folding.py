"""What makes two texts near-copies of each other."""

from __future__ import annotations

import re
import unicodedata

_RUNS = re.compile("0{2,}| {2,}")


class _Kinds(dict[int, str]):
    """What stands for a character, by its code point; looked up once, as whole logs are folded."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if unicodedata.combining(character):
            kind = ""
        elif character.isdigit():
            kind = "0"
        elif unicodedata.category(character)[0] in "LMS":
            kind = character
        else:
            kind = " "
        self[code] = kind
        return kind


_KINDS = _Kinds()


def folded(text: str) -> str:
    """The text without what near-copies differ in: capitals, accents, marks, spaces, and which
    figures stand in it. Symbols stay: a thumb up is no thumb down; so does all of a text without a
    letter, which says nothing else."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    if not any(one.isalpha() for one in plain):
        return " ".join(plain.split())
    return _RUNS.sub(lambda run: run[0][0], plain.translate(_KINDS)).strip()
