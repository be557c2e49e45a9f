"""When a turn that failed is tried again."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from bot.clock import now

# A customer waits meanwhile: all of them together stay below five seconds.
WAITS_SECONDS = (0.3, 1.0, 2.5)
MOST_ATTEMPTS = len(WAITS_SECONDS) + 1


def next_attempt(attempts: int) -> datetime:
    """When the attempt after this many (1 …) may begin: later each time, and never in step with
    the others that failed at the same moment."""
    seconds = WAITS_SECONDS[attempts - 1] * random.uniform(0.75, 1.25)  # noqa: S311
    return now() + timedelta(seconds=seconds)
