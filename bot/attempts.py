"""What an item of the outbox becomes after a try: tried again, looked for, or given up."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import now
from bot.lease import lease_end
from bot.messages import Connector, ReconcilingConnector
from bot.opt_out import OPTED_OUT
from bot.records import OutboxItem

LONGEST_HELD = timedelta(days=1)
HELD = timedelta(hours=1)  # somebody who comes back wakes what was held; this is the last resort
BASE_SECONDS = 1.0
LONGEST_BACKOFF_SECONDS = 300.0
MOST_ATTEMPTS = 12
TRY_FOR = timedelta(hours=24)
LOOK_FOR = timedelta(hours=4)
LOOK_AFTER = timedelta(seconds=2)  # a provider may still be at the request it never answered
HELD_BACK = timedelta(minutes=1)  # how long messages wait behind one that is being looked for


def fresh(at: datetime) -> datetime:
    """What is looked for until after this became unknown a moment ago, and holds others back."""
    return at + LOOK_FOR - HELD_BACK


def backoff(attempts: int) -> float:
    """Seconds to wait after so many attempts: anything up to a bound that doubles with each."""
    return _any_of(BASE_SECONDS * 2.0 ** (attempts - 1))


def taken(item: OutboxItem) -> OutboxItem:
    """The intent to send: written before the provider hears of the message."""
    return replace(
        item,
        state="sending",
        attempts=item.attempts + 1,
        next_attempt_at=lease_end(),
        give_up_at=item.give_up_at or now() + TRY_FOR,
    )


def held(item: OutboxItem, reason: str | None) -> OutboxItem:
    """It cannot be sent until its customer comes back or writes, so it was no attempt. The wait for
    the last resort is as long as it has waited, up to a day: many customers never come back."""
    waited = min(now() - item.created_at, LONGEST_HELD)
    return replace(
        item,
        state="pending",
        attempts=item.attempts - 1,
        next_attempt_at=now() + max(HELD, waited),
        give_up_at=None,
        error=reason,
    )


def part_sent(item: OutboxItem) -> OutboxItem:
    """The provider has one more part of it; the rest is to follow at once."""
    return replace(item, parts_sent=item.parts_sent + 1)


def waits(item: OutboxItem, *, seconds: float) -> OutboxItem:
    """The rest of it has to wait for its turn like any other message; that is no failure."""
    return replace(
        item,
        state="pending",
        attempts=item.attempts - 1,
        next_attempt_at=now() + timedelta(seconds=seconds),
        error=None,
    )


def next_part(item: OutboxItem) -> OutboxItem:
    """A part of which nothing was known has arrived: what comes after it is sent."""
    return replace(
        part_sent(item), state="pending", next_attempt_at=now(), give_up_at=None, error=None
    )


def opted_out(item: OutboxItem) -> OutboxItem:
    """Its address must not be written to."""
    return replace(item, state="dropped", error=OPTED_OUT, next_attempt_at=None, give_up_at=None)


def tried_again(item: OutboxItem, code: str, *, seconds: float) -> OutboxItem:
    """Pending once more in so many seconds, or dead when it was tried often or long enough."""
    until = now() + timedelta(seconds=seconds)
    if item.attempts >= MOST_ATTEMPTS or (item.give_up_at and until > item.give_up_at):
        return dead(item, code)
    return replace(item, state="pending", next_attempt_at=until, error=code)


def dead(item: OutboxItem, code: str) -> OutboxItem:
    """Given up: a person decides."""
    return replace(item, state="dead", error=code, next_attempt_at=None, give_up_at=None)


def answer_lost(connector: Connector, item: OutboxItem, code: str) -> OutboxItem:
    """Sent again where that does no harm; otherwise unknown, and looked for if the channel can."""
    if connector.repeatable:
        return tried_again(item, code, seconds=backoff(item.attempts))
    unknown = replace(item, state="unknown", error=code, next_attempt_at=None, give_up_at=None)
    if not isinstance(connector, ReconcilingConnector):
        return unknown
    at = now()
    return replace(unknown, next_attempt_at=at + LOOK_AFTER, give_up_at=at + LOOK_FOR)


def never_arrived(item: OutboxItem) -> OutboxItem:
    """The provider has been asked and never got it: it is sent as if for the first time."""
    return replace(item, state="pending", next_attempt_at=now(), give_up_at=None)


def looked_again(item: OutboxItem, *, least_seconds: float) -> OutboxItem:
    """Looked for later: the wait may be as long as it has been unknown, which doubles with each.

    After LOOK_FOR it stays unknown, and nothing more happens by itself.
    """
    ends = item.give_up_at or now()
    unknown_for = now() - (ends - LOOK_FOR)
    seconds = max(_any_of(max(BASE_SECONDS, unknown_for.total_seconds())), least_seconds)
    until = now() + timedelta(seconds=seconds)
    return replace(item, next_attempt_at=until if until < ends else None)


def _any_of(most: float) -> float:
    """Full jitter, so that what failed together does not come back together."""
    return random.uniform(0, min(most, LONGEST_BACKOFF_SECONDS))  # noqa: S311
