"""What makes two texts near-copies of each other."""

from __future__ import annotations

import unicodedata
from itertools import groupby


def folded(text: str) -> str:
    """The text without what near-copies differ in: capitals, accents, marks, spaces, and which
    figures stand in it. Symbols stay: a thumb up is no thumb down; so does all of a text without a
    letter, which says nothing else."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    if not any(one.isalpha() for one in plain):
        return " ".join(plain.split())
    kept = (one for one in plain if not unicodedata.combining(one))
    kinds = groupby(kept, key=_kind)
    return "".join("0" if kind == "0" else kind or "".join(part) for kind, part in kinds).strip()


def _kind(character: str) -> str:
    """What stands for the character and its neighbours alike; nothing for one that stays."""
    if character.isdigit():
        return "0"
    return "" if unicodedata.category(character)[0] in "LMS" else " "
