"""Fields of what a provider sends: each is taken for what it should be, or for nothing at all.

A signed request may still hold anything in any place, since providers add and change fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.text import shortened

LONGEST_ID = 200
LONGEST_LABEL = 200
_LARGEST_NUMBER = 2**63


class LeftOut(Exception):
    """A part of a request that is no message for us; its argument is a short code of why."""


def mapping(value: object) -> Mapping[str, Any]:
    """The value if it is a JSON object, and an empty one otherwise."""
    return value if isinstance(value, dict) else {}


def mappings(value: object) -> list[Mapping[str, Any]]:
    """The JSON objects in a list."""
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def words(value: object) -> str:
    """The value if it is a text, and an empty one otherwise.

    JSON may hold half of a surrogate pair, which no database and no provider takes.
    """
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def identifier(value: object, longest: int = LONGEST_ID) -> str:
    """An id or an address; raise LeftOut when it cannot be one."""
    found = identifier_or_none(value, longest)
    if found is None:
        raise LeftOut("id")
    return found


def identifier_or_none(value: object, longest: int = LONGEST_ID) -> str | None:
    """An id or an address; None when it cannot be one: too long, blank, or not printable."""
    if not isinstance(value, str) or len(value) > longest:
        return None
    return value if value.strip() and value.isprintable() else None


def label(value: object) -> str | None:
    """A name to show, without what cannot be shown or stored; None when nothing is left."""
    visible = "".join(filter(_is_visible, value)) if isinstance(value, str) else ""
    return shortened(visible.strip(), LONGEST_LABEL) or None


def number(value: object) -> int:
    """A whole number, such as an id; raise LeftOut when it is none."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST_NUMBER:
        return value
    raise LeftOut("number")


def count(value: object) -> int | None:
    """A number of bytes, seconds or the like; None when it is not told."""
    try:
        return max(0, number(value))
    except LeftOut:
        return None


def degrees(value: object, most: int) -> float | None:
    """A latitude or a longitude; None when it is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if -most <= value <= most else None


def _is_visible(character: str) -> bool:
    # Joiners and tags hold an emoji together; the other format characters hide or reorder text.
    return (
        character.isprintable()
        or character in "\u200c\u200d"
        or "\U000e0020" <= character <= "\U000e007f"
    )
