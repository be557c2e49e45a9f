"""Passwords: argon2id with argon2-cffi's own parameters, off the event loop (50 ms of CPU each)."""

from __future__ import annotations

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

SHORTEST = 10
_hasher = PasswordHasher()
# Checked when nobody has the e-mail address, so that the time taken does not tell.
_nobody = _hasher.hash(secrets.token_urlsafe(32))


async def hash_password(password: str) -> str:
    """The hash to store, with its salt and parameters in it."""
    return await asyncio.get_running_loop().run_in_executor(None, _hasher.hash, password)


async def matches(password: str, stored: str | None) -> bool:
    """Whether the password is the one behind `stored`; nothing takes as long, and never matches."""
    return await asyncio.get_running_loop().run_in_executor(None, _verify, password, stored)


def _verify(password: str, stored: str | None) -> bool:
    try:
        return _hasher.verify(stored or _nobody, password) and bool(stored)
    except VerificationError:
        return False
