"""What one message took from its limits: it counts once, however often it has to come again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.limits import Limits
from bot.messages import Limit


@dataclass(frozen=True, slots=True)
class Taken:
    """The tokens, each by its bucket."""

    limits: Limits
    tokens: list[tuple[str, Limit]] = field(default_factory=list)

    async def take(self, name: str, limit: Limit) -> float:
        wait = await self.limits.take(name, limit)
        if wait == 0:
            self.tokens.append((name, limit))
        return wait

    async def give_back(self) -> None:
        await asyncio.gather(*(self.limits.give_back(*token) for token in self.tokens))


@asynccontextmanager
async def counted(limits: Limits) -> AsyncIterator[Taken]:
    """What is taken in the block goes back when it fails: the same comes once more."""
    taken = Taken(limits)
    try:
        yield taken
    except Exception:  # who is called off may have written, and would count as none by giving up
        await taken.give_back()
        raise
