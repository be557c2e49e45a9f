"""`credentials.yml`: which channels are on, and their keys; `${ENV}` comes from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from bot.errors import SetupError
from bot.yaml_file import read_mapping

# A further account of a channel is `CHANNEL.ACCOUNT`; both together fit where a channel is stored.
_ACCOUNT = re.compile(r"[A-Za-z0-9_-]{1,20}")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def load_credentials(
    path: Path, known: Collection[str], environment: Mapping[str, str] | None = None
) -> dict[str, dict[str, Any]]:
    """The channels that are on, each with its block; raise SetupError naming the broken key."""
    content = read_mapping(
        path, missing="Create it, or name another one with --credentials or WARMLINE_CREDENTIALS."
    )
    variables = os.environ if environment is None else environment
    channels: dict[str, dict[str, Any]] = {}
    for key, block in content.items():
        channel = str(key)  # a bare number is one to YAML
        name, dot, account = channel.partition(".")
        if name not in known:
            raise SetupError(
                "there is no such channel",
                where=f"{path}, key '{channel}'",
                cure=f"Known channels: {', '.join(sorted(known))}.",
            )
        if dot and not _ACCOUNT.fullmatch(account):
            raise SetupError(
                f"'{account}' cannot be an account's name",
                where=f"{path}, key '{channel}'",
                cure=f"Write '{name}.' and up to 20 letters, digits, '-' or '_'.",
            )
        if block is not None and not isinstance(block, dict):
            raise SetupError(
                "a mapping of keys is expected",
                where=f"{path}, key '{channel}'",
                cure=f"Write `{channel}:` with its keys indented below, or `{channel}: {{}}`.",
            )
        channels[channel] = {
            key: _filled(value, variables, where=f"{path}, key '{channel}.{key}'")
            for key, value in (block or {}).items()
        }
    return channels


def _filled(value: Any, variables: Mapping[str, str], *, where: str) -> Any:
    if isinstance(value, list):
        return [_filled(item, variables, where=where) for item in value]
    if not isinstance(value, str):
        return value

    def fill(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in variables:
            raise SetupError(
                f"the environment has no {name}", where=where, cure=f"Set {name}, or write a value."
            )
        return variables[name]

    return _VARIABLE.sub(fill, value)
