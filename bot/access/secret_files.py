"""Secrets from files, as containers are given them: WARMLINE_SECRET_KEY_FILE names one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.errors import SetupError

SECRETS = ("secret_key", "database_url", "redis_url", "shop_token", "metrics_token")
LARGEST = 64 * 1024  # bytes


def secret_in_file(name: str, variables: Mapping[str, str]) -> str | None:
    """The setting's value from the file that its variable names, None when there is no such
    variable. Raises SetupError that says nothing of what is inside."""
    setting = f"WARMLINE_{name.upper()}"
    where = f"{setting}_FILE"
    path = variables.get(where)
    if name not in SECRETS or not path:
        return None
    if variables.get(setting):
        raise SetupError(
            f"{setting} is set too", where=where, cure="Set one of the two; the file is better."
        )
    try:
        with Path(path).open("rb") as file:
            content = file.read(LARGEST + 1)
        text = content.decode().strip() if len(content) <= LARGEST else ""
    except OSError as error:
        raise SetupError(
            f"{path} cannot be read ({error.strerror})",
            where=where,
            cure="Name a file that this user may read.",
        ) from error
    except ValueError as error:  # UnicodeDecodeError would tell what is inside
        raise _unusable(path, where) from error
    if not text or "\n" in text:
        raise _unusable(path, where)
    return text


def _unusable(path: str, where: str) -> SetupError:
    return SetupError(
        f"{path} is not one line of text", where=where, cure="Write the secret into it, alone."
    )
