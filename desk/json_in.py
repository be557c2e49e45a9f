"""JSON from outside: one object, and only text that can be stored and sent on."""

from __future__ import annotations

import json
from typing import Any

from bot.errors import InvalidInput

MAX_DEPTH = 50  # our own pages nest to three; deeper is an attack on whatever walks it


def read_object(raw: str | bytes, *, field: str) -> dict[str, Any]:
    """The JSON object in `raw`; raise InvalidInput, naming `field`, when it is not one."""
    try:
        content = json.loads(raw)
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        # Half a character, such as an emoji cut in two by a limit: leave it out.
        whole = json.dumps(content, ensure_ascii=False).encode(errors="ignore")
        content = json.loads(whole)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(field, f"The {field} must be valid JSON.") from error
    if not isinstance(content, dict):
        raise InvalidInput(field, f"The {field} must be a JSON object.")
    if _is_deeper(content, MAX_DEPTH):
        raise InvalidInput(field, f"The {field} is nested deeper than {MAX_DEPTH} levels.")
    return content


def _is_deeper(content: dict[str, Any], most: int) -> bool:
    level: list[Any] = [content]
    for _ in range(most):
        inner = [value for value in level if isinstance(value, (dict, list))]
        if not inner:
            return False
        level = [
            child
            for value in inner
            for child in (value.values() if isinstance(value, dict) else value)
        ]
    return any(isinstance(value, (dict, list)) for value in level)
