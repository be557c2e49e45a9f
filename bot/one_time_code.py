"""One-time codes: how they are made, recognised in what a customer writes, and kept as hashes.

A code that is carried from the widget to another channel can be shown by anybody who has it, so it
cannot be guessed: 8 characters of 30 are 39 bits. One that is sent to an address on file can be
shown only by the visitor who asked for it, a few times, so six digits do.
"""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from hashlib import sha256

# Without 0, O, 1, I, L and U, which are taken for each other or for a V.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LASTS = timedelta(minutes=10)
MOST_ATTEMPTS = 5
HIDDEN = "[one-time code]"
# As it was shown, however it was typed, or as a Telegram link sends it. Any letter and digit, so
# that a misread one is called a wrong code.
_CODE = re.compile(
    r"\s*(?:/start\s+)?WL[-–—\s]([0-9A-Z]{4})[-–—\s]([0-9A-Z]{4})\s*",  # noqa: RUF001
    re.IGNORECASE | re.ASCII,
)


def new_code() -> str:
    """A code to carry, such as WL-7KQ3-M9XD."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"WL-{drawn[:4]}-{drawn[4:]}"


def new_digits() -> str:
    """A code to send, such as 041 873 without the space."""
    return f"{secrets.randbelow(10**6):06}"


def code_in(text: object) -> str | None:
    """The code, as it was made, if a text is nothing but one."""
    found = _CODE.fullmatch(text) if isinstance(text, str) else None
    return f"WL-{found[1]}-{found[2]}".upper() if found else None


def hash_of(code: str, shown_by: str | None = None) -> str:
    """What is stored instead of the code."""
    return sha256(f"{shown_by or ''}:{code}".encode()).hexdigest()
