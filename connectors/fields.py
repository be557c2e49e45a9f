"""Fields of what a provider sends: each is taken for what it should be, or for nothing at all.

A signed request may still hold anything in any place, since providers add and change fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LONGEST_ID = 200
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


def identifier(value: object) -> str:
    """An id or an address; raise LeftOut when it cannot be one."""
    if isinstance(value, str) and 0 < len(value) <= LONGEST_ID and value.isprintable():
        return value
    raise LeftOut("id")


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
