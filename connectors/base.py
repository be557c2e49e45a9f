"""What every connector needs: its block of credentials.yml checked, and JSON bodies read safely."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.errors import InvalidInput, SetupError

Block = Mapping[str, Any]
MAX_DEPTH = 50  # providers nest to about ten; deeper is an attack on the parser


def check_block(channel: str, block: Block, known: Mapping[str, type]) -> None:
    """Raise SetupError unless every key of the block is known and of the right type."""
    for key, value in block.items():
        where = f"credentials.yml, key '{channel}.{key}'"
        if key not in known:
            names = ", ".join(known) or "none"
            raise SetupError(
                "unknown key", where=where, cure=f"Known keys of '{channel}': {names}."
            )
        if not isinstance(value, known[key]):
            raise SetupError(
                f"expected a {known[key].__name__}", where=where, cure="Correct the value."
            )


def require(channel: str, block: Block, key: str) -> str:
    """The value of a key the channel cannot work without; raise SetupError naming it."""
    value: str | None = block.get(key)
    if not value:
        raise SetupError(
            "the key is missing",
            where=f"credentials.yml, key '{channel}.{key}'",
            cure="Add it, or remove the channel's block to switch the channel off.",
        )
    return value


def json_object(body: bytes) -> dict[str, Any]:
    """The body as a JSON object; raise InvalidInput when it is not one."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("body", "The body must be valid JSON.") from error
    if not isinstance(content, dict):
        raise InvalidInput("body", "The body must be a JSON object.")
    if _depth(content) > MAX_DEPTH:
        raise InvalidInput("body", f"The body is nested deeper than {MAX_DEPTH} levels.")
    return content


def _depth(content: object) -> int:
    deepest, stack = 0, [(content, 1)]
    while stack:
        value, depth = stack.pop()
        deepest = max(deepest, depth)
        if isinstance(value, dict):
            stack += [(child, depth + 1) for child in value.values()]
        elif isinstance(value, list):
            stack += [(child, depth + 1) for child in value]
    return deepest
