"""JSON as the Socket.IO server reads and writes it: what is nested too deeply is none."""

from __future__ import annotations

from json import dumps
from typing import Any

from engineio import json as engineio_json

from connectors.base import MAX_DEPTH, depth

__all__ = ["dumps", "loads"]


def loads(text: str) -> Any:
    """Raises ValueError, as for all that is no JSON: of it the library expects no other error."""
    try:
        content = engineio_json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if depth(content) > MAX_DEPTH:
        raise ValueError("nested too deeply")
    return content
