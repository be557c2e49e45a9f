"""What every connector needs: its block of credentials.yml checked, signatures compared, and JSON
bodies read safely."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.errors import InvalidInput, NotAllowed, SetupError

log = logging.getLogger(__name__)
Block = Mapping[str, Any]
MAX_DEPTH = 50  # providers nest to about ten; deeper is an attack on the parser
_EXPECTED = {
    str: ("a text is expected", "Put the value in quotes, as numbers and ids must be."),
    list: ("a list is expected", "Write a line for each entry, beginning with a hyphen."),
    bool: ("true or false is expected", "Write one of the two, without quotes."),
}


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
            problem, cure = _EXPECTED[known[key]]
            raise SetupError(problem, where=where, cure=cure)


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


def api_url(channel: str, block: Block, default: str) -> str:
    """Where the provider's API is: `api_url` points it at a proxy or at a simulated provider.

    Raises SetupError for what is no address of a site.
    """
    url: str = block.get("api_url") or default
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise SetupError(
            "not an address of a site",
            where=f"credentials.yml, key '{channel}.api_url'",
            cure=f"Leave it out for the provider's own ({default}), or write http://HOST:PORT.",
        )
    return url.rstrip("/")


def check_proof(sent: str | None, expected: str) -> None:
    """Raise NotAllowed unless what the sender proves itself with is as expected.

    Compared in constant time: how long a comparison takes must not tell how much of it was right.
    """
    # A header may hold any bytes: those that are no text are here as halves of surrogate pairs.
    given = (sent or "").encode("utf-8", "surrogatepass")
    if not hmac.compare_digest(given, expected.encode()):
        raise NotAllowed("The signature does not match.", code="signature")


def leave_out(channel: str, what: str) -> None:
    """Say in the log that something of a provider's request was left out; `what` is a short code
    of ours and nothing that the request holds."""
    log.info("inbound_left_out channel=%s what=%s", channel, what)


def json_object(body: bytes) -> dict[str, Any]:
    """The body as a JSON object; raise InvalidInput when it is not one."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("body", "The body must be valid JSON.") from error
    if not isinstance(content, dict):
        raise InvalidInput("body", "The body must be a JSON object.")
    if depth(content) > MAX_DEPTH:
        raise InvalidInput("body", f"The body is nested deeper than {MAX_DEPTH} levels.")
    return content


def depth(content: object) -> int:
    """How many levels there are, the innermost values among them."""
    deepest, stack = 0, [(content, 1)]
    while stack:
        value, level = stack.pop()
        deepest = max(deepest, level)
        if isinstance(value, dict):
            stack += [(child, level + 1) for child in value.values()]
        elif isinstance(value, list):
            stack += [(child, level + 1) for child in value]
    return deepest
