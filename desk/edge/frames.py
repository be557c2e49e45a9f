"""How many frames one socket may send, and all sockets of one address together."""

from __future__ import annotations

import math

from bot.errors import TooMany
from bot.limits import Limits
from bot.messages import Limit
from desk.edge.rates import CALLS, check_rate

FRAMES = Limit(messages_a_second=20, burst=200)  # of one socket


async def check_frame(limits: Limits, socket_id: str, address: str) -> None:
    """Count one of this socket's, as a call of its address; raise TooMany where it is one too
    many."""
    wait = await limits.take(f"frames:{socket_id}", FRAMES)
    if wait > 0:
        raise TooMany("Too many frames at once.", retry_after=math.ceil(wait))
    await check_rate(limits, CALLS, address)
