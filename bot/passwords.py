"""Passwords: argon2id with argon2-cffi's own parameters, off the event loop (50 ms of CPU each)."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.errors import Unavailable

# So many at once and so many in line: a flood of sign-ins takes no more of the machine, and neither
# the loop's own threads nor the memory; each takes 64 MB for as long as it is computed.
AT_ONCE = 2
MOST_IN_LINE = 40
T = TypeVar("T")

HASHER = PasswordHasher()
_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")
_in_line = 0
# Checked when nobody has the e-mail address, so that the time taken does not tell.
_nobody = HASHER.hash(secrets.token_urlsafe(32))


async def hash_password(password: str) -> str:
    """The hash to store, with its salt and parameters in it."""
    return await _beside(lambda: HASHER.hash(password))


async def matches(password: str, stored: str | None) -> bool:
    """Whether the password is the one behind `stored`; nothing takes as long, and never matches."""
    return await _beside(lambda: _verify(password, stored))


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than those of today."""
    try:
        return HASHER.check_needs_rehash(stored)
    except InvalidHashError:
        return True


async def _beside(compute: Callable[[], T]) -> T:
    """Compute it in a thread; raise Unavailable when too many wait for that."""
    global _in_line
    if _in_line >= MOST_IN_LINE:
        raise Unavailable("Too many people are signing in at this moment. Please try again.")
    _in_line += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, compute)
    finally:
        _in_line -= 1


def _verify(password: str, stored: str | None) -> bool:
    try:
        return HASHER.verify(stored or _nobody, password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False
