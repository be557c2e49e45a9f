"""The verdict over made-up days: quiet while nothing changes, and loud when something does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np

from bot.learning.drift import Drift, drift_of
from bot.learning.drift_log import LEVEL
from bot.store.drift_days import DriftDay

TODAY = date(2026, 3, 20)
INTENTS = {"track_order": 0.4, "return_item": 0.35, "opening_hours": 0.25}
WEEKDAYS = (1.0, 0.9, 0.9, 1.0, 1.1, 0.6, 0.4)

Planted = Callable[[DriftDay, np.random.Generator], DriftDay]


def drift(
    seed: int, *, messages: int = 300, days: int = 40, planted: Planted | None = None
) -> Drift:
    """Of days that differ by weekday and by chance, and a little more than by chance."""
    dice = np.random.default_rng(seed)
    figures = []
    for ago in range(days, 0, -1):
        day = TODAY - timedelta(days=ago)
        mood = float(dice.normal(1, 0.1))
        for intent, part in INTENTS.items():
            count = int(dice.poisson(max(messages * part * WEEKDAYS[day.weekday()] * mood, 0)))
            refused = int(dice.binomial(count, 0.06))
            sure = dice.beta(18, 2, count)
            row = DriftDay(day, intent, count, refused, sure.sum(), (sure**2).sum())
            figures.append(planted(row, dice) if planted and ago <= 7 else row)
    first = TODAY - timedelta(days=days)
    return drift_of(figures, today=TODAY, first=first, shown=28)


def test_steady_traffic_alarms_no_more_often_than_the_level_says() -> None:
    quiet = [drift(seed, days=36) for seed in range(200)]
    assert sum(bool(one.alarms - {"intents"}) for one in quiet) <= 200 * LEVEL
    assert sum("intents" in one.alarms for one in quiet) <= 200 * LEVEL
    inside = [
        day.expected["refused"].low <= day.refused <= day.expected["refused"].high
        for one in quiet
        for day in one.days
        if day.refused is not None
    ]
    assert sum(inside) / len(inside) > 1 - 2 * LEVEL


def test_a_request_in_new_words_is_found() -> None:
    def unknown(row: DriftDay, dice: np.random.Generator) -> DriftDay:
        if row.intent != "track_order":
            return row
        sure = dice.beta(12, 4, row.messages)
        refused = int(dice.binomial(row.messages, 0.25))
        return DriftDay(row.day, row.intent, row.messages, refused, sure.sum(), (sure**2).sum())

    found = drift(1, planted=unknown)
    assert found.alarms == {"confidence", "refused", "intents"}
    first, *others = found.movers
    assert first.intent == "track_order"
    assert set(first.alarms) == {"confidence", "refused"}
    assert first.now["refused"] > 0.2 > 0.1 > first.before["refused"]
    assert not any(other.alarms for other in others)


def test_a_day_that_brings_half_as_much_is_found_and_a_quiet_sunday_is_not() -> None:
    def halved(row: DriftDay, dice: np.random.Generator) -> DriftDay:
        return DriftDay(
            row.day,
            row.intent,
            row.messages // 2,
            row.refused // 2,
            row.confidence / 2,
            row.confidence_squares / 2,
        )

    changes = {(one.measure, one.days): one for one in drift(2, planted=halved).changes}
    week = changes["volume", 7]
    assert week.is_alarm
    assert week.now is not None
    assert week.before is not None
    assert 0.4 < week.now / week.before < 0.6
    assert not changes["refused", 7].is_alarm


def test_ten_messages_raise_no_alarm_whatever_they_say() -> None:
    def awful(row: DriftDay, dice: np.random.Generator) -> DriftDay:
        return DriftDay(row.day, row.intent, row.messages, row.messages, 0.0, 0.0)

    for messages in (1, 3):  # up to some ten or twenty in the last week
        found = drift(3, messages=messages, planted=awful)
        assert found.alarms == set()
        assert all(one.p is None for one in found.changes if one.days == 1)


def test_a_log_without_two_weeks_before_the_last_has_nothing_to_compare_with() -> None:
    found = drift(4, days=20)
    assert found.weeks == 0
    assert found.movers == []
    assert all(one.p is None and not one.is_alarm for one in found.changes)
    assert all(not day.expected for day in found.days)
    assert len(found.days) == 21  # none before the log begins, and today without a message
    assert drift(4, days=21).weeks == 2
