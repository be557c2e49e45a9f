"""What a notice becomes after a try: delivered, tried again, or given up.

Nothing waits for it as a customer waits for a reply, and whoever runs the receiver may need the
night to mend it: the waits grow to hours, and end after a day.
"""

from __future__ import annotations

import hashlib
import hmac
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.clock import now
from bot.lease import lease_end
from bot.records import Notice

BASE_SECONDS = 5.0
LONGEST_BACKOFF_SECONDS = 7200.0
TRY_FOR = timedelta(hours=24)
KEEP_BODIES = timedelta(days=3)
KEEP_LOG = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said. Without a status none came, and `error` says in code why; `again` is
    whether another try may do better."""

    status: int | None
    error: str | None
    again: bool
    retry_after: float = 0.0


def signature(secret: str, timestamp: str, body: str) -> str:
    """The value of `X-Warmline-Signature`: the time is signed too, so that none can be replayed."""
    signed = hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256)
    return f"sha256={signed.hexdigest()}"


def backoff(attempts: int) -> float:
    """Seconds to wait after so many attempts: at least half of a bound that doubles with each."""
    bound = min(BASE_SECONDS * 2.0 ** min(attempts - 1, 20), LONGEST_BACKOFF_SECONDS)
    return random.uniform(bound / 2, bound)  # noqa: S311


def taken(notice: Notice, body: str) -> Notice:
    """Ours to send for the length of a lease, with what will be said at every try."""
    return replace(
        notice,
        state="sending",
        attempts=notice.attempts + 1,
        next_attempt_at=lease_end(),
        give_up_at=notice.give_up_at or now() + TRY_FOR,
        body=body,
    )


def answered(notice: Notice, answer: Answer, *, duration_ms: float) -> Notice:
    """What it is after this answer."""
    tried = replace(
        notice, response_status=answer.status, duration_ms=duration_ms, error=answer.error
    )
    if answer.error is None:
        return _settled(replace(tried, state="delivered"))
    due = now() + timedelta(seconds=max(answer.retry_after, backoff(notice.attempts)))
    if not answer.again or (notice.give_up_at is not None and due > notice.give_up_at):
        return _settled(replace(tried, state="dead"))
    return replace(tried, state="pending", next_attempt_at=due)


def resent(notice: Notice, *, at: datetime) -> Notice:
    """To be tried as if for the first time, under the id and with the words it has."""
    return replace(
        notice,
        state="pending",
        attempts=0,
        next_attempt_at=at,
        give_up_at=None,
        error=None,
        finished_at=None,
    )


def _settled(notice: Notice) -> Notice:
    return replace(notice, next_attempt_at=None, give_up_at=None, finished_at=now())
