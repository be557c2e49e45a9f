"""When an item of the outbox is tried again, and when it is given up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import attempts
from bot.clock import now
from bot.records import OutboxItem

ITEM = OutboxItem(
    "o1", "m1", "v1", "c1", "acme", "ada", 2, "pending", 0, now(), None, None, None, now()
)


def waits(item: OutboxItem) -> float:
    assert item.next_attempt_at is not None
    return (item.next_attempt_at - now()).total_seconds()


@pytest.mark.parametrize(
    ("after", "most"), [(1, 1), (2, 2), (5, 16), (9, 256), (10, 300), (11, 300)]
)
def test_the_wait_is_anything_up_to_a_bound_that_doubles(after: int, most: float) -> None:
    drawn = [attempts.backoff(after) for _ in range(2000)]
    assert 0 <= min(drawn) < most * 0.05
    assert most * 0.95 < max(drawn) <= most


def test_the_twelfth_failure_is_the_last() -> None:
    item, tried = ITEM, 0
    while item.state == "pending":
        item = attempts.tried_again(attempts.taken(item), "http_500", seconds=1)
        tried += 1
    assert (tried, item.state, item.error) == (12, "dead", "http_500")
    assert item.next_attempt_at is None


def test_a_try_that_would_come_after_a_day_is_not_made() -> None:
    sending = attempts.taken(ITEM)
    hours = 3600.0
    assert attempts.tried_again(sending, "http_429", seconds=23 * hours).state == "pending"
    assert attempts.tried_again(sending, "http_429", seconds=25 * hours).state == "dead"


def test_being_held_is_no_attempt_and_the_day_begins_with_the_first() -> None:
    old = replace(ITEM, created_at=now() - timedelta(days=9))
    waiting = attempts.held(attempts.taken(old), None)
    assert (waiting.state, waiting.attempts, waiting.give_up_at) == ("pending", 0, None)
    assert attempts.tried_again(attempts.taken(waiting), "x", seconds=1).state == "pending"


def test_looks_come_further_and_further_apart_and_end() -> None:
    def unknown_for(seconds: float) -> OutboxItem:
        ends = now() + attempts.LOOK_FOR - timedelta(seconds=seconds)
        return replace(ITEM, state="unknown", give_up_at=ends)

    for seconds, most in ((0, 1), (20, 20), (100, 100), (7200, 300)):
        drawn = [
            waits(attempts.looked_again(unknown_for(seconds), least_seconds=0)) for _ in range(500)
        ]
        assert most * 0.9 < max(drawn) <= most + 0.1
    told = attempts.looked_again(unknown_for(10), least_seconds=100)
    assert waits(told) == pytest.approx(100, abs=1)
    last = attempts.looked_again(unknown_for(attempts.LOOK_FOR.total_seconds()), least_seconds=1)
    assert (last.state, last.next_attempt_at) == ("unknown", None)
