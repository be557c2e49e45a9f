"""When a turn that failed is tried again."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from bot.clock import now
from bot.records import Turn

# A customer waits meanwhile: all of them together stay below five seconds.
WAITS_SECONDS = (0.3, 1.0, 2.5)
MOST_ATTEMPTS = len(WAITS_SECONDS) + 1
# Once may be chance, and is what all turns of a dead process have in common.
SUSPECT_DEATHS = 2


def next_attempt(attempts: int) -> datetime:
    """When the attempt after this many (1 …) may begin: later each time, and never in step with
    the others that failed at the same moment."""
    seconds = WAITS_SECONDS[attempts - 1] * random.uniform(0.75, 1.25)  # noqa: S311
    return now() + timedelta(seconds=seconds)


def died_again(turn: Turn) -> bool:
    """Whether this turn was begun before and never ended, more than once.

    An attempt that fails says so in `error`; one whose process dies says nothing.
    """
    return turn.error is None and turn.attempts > SUSPECT_DEATHS
