"""Which passwords may be chosen: long ones that nobody tries first.

No digit or sign is demanded: what people add to satisfy such a rule is what is tried next.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.errors import InvalidInput

SHORTEST = 10
LONGEST = 200  # characters; nobody types more, and hashing is not free
FEWEST_DIFFERENT = 5
_COMMON = Path(__file__).with_name("common_passwords.txt")


def check_password(password: str, *, email: str) -> None:
    """Raise InvalidInput that says what to choose instead."""
    if len(password) < SHORTEST:
        raise InvalidInput("password", f"The password must have at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise InvalidInput("password", f"The password must have at most {LONGEST} characters.")
    plain = password.casefold()
    if len(set(plain)) < FEWEST_DIFFERENT:
        raise InvalidInput(
            "password",
            f"The password needs {FEWEST_DIFFERENT} different characters or more: choose a"
            " sentence of yours.",
        )
    stem = plain.rstrip("0123456789!?.*#$ ")
    name = email.casefold().partition("@")[0]
    if plain in _common() or stem in _common() or stem in (name, email.casefold(), "warmline"):
        raise InvalidInput(
            "password", "That is among the first that are tried: choose a sentence of yours."
        )


@cache
def _common() -> frozenset[str]:
    return frozenset(_COMMON.read_text(encoding="utf-8").split())
