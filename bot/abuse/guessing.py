"""Guesses at what only one person should know: counted over all conversations, and by sender."""

from __future__ import annotations

import asyncio
from hashlib import sha256

from bot.abuse.limits import AbuseLimits
from bot.limits import Limits


async def may_guess(
    limits: Limits, abuse: AbuseLimits, secret: str, sender: str, *, right: bool
) -> bool:
    """Whether this guess is heard. Wrong ones use up what may be guessed at this secret, wherever
    they come from, and what this sender may guess at anything; then a right one is not heard
    either, since that would tell it from a wrong one."""
    name = f"guess:{sha256(secret.encode()).hexdigest()}"
    ask = limits.look if right else limits.take
    waits = await asyncio.gather(
        ask(name, abuse.guesses),
        ask(f"{name}:day", abuse.guesses_a_day),
        ask(f"guess-by:{sender}", abuse.guesses_by_sender),
    )
    return not any(wait > 0 for wait in waits)
