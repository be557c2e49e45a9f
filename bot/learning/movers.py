"""The intents that moved most: asked more or less often, in other words, or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.learning.drift_log import TESTS, Compared, DriftLog, Measure, is_alarm
from bot.learning.shifts import corrected

MOVERS = 10


@dataclass(frozen=True, slots=True)
class Mover:
    """Of the messages whose likeliest request is this intent: their share of all messages, their
    mean confidence and the share of them that was refused, now and before. `p` are corrected over
    all intents and measures; `alarms` are what moved by more than chance, and enough to matter."""

    intent: str
    messages_now: int
    messages_before: int
    now: Mapping[Measure, float]
    before: Mapping[Measure, float]
    p: Mapping[Measure, float]
    alarms: tuple[Measure, ...]


def movers_of(log: DriftLog, days: Sequence[date], before: Sequence[date]) -> list[Mover]:
    """Ten at most, what is least likely to be chance first."""
    found = {
        (intent, measure): log.compared(days, before, measure, intent)
        for intent in log.intents
        for measure in TESTS
    }
    p = corrected({key: one.p for key, one in found.items() if one.p is not None})
    movers = [
        _mover(
            intent,
            {measure: found[intent, measure] for measure in TESTS},
            {measure: p[intent, measure] for measure in TESTS if (intent, measure) in p},
        )
        for intent in sorted({intent for intent, _ in p})
    ]
    movers.sort(key=lambda one: (not one.alarms, min(one.p.values()), -one.messages_now))
    return movers[:MOVERS]


def _mover(intent: str, compared: Mapping[Measure, Compared], p: Mapping[Measure, float]) -> Mover:
    now = {measure: one.now.mean for measure, one in compared.items()}
    before = {measure: one.before.mean for measure, one in compared.items()}
    return Mover(
        intent=intent,
        messages_now=compared["refused"].now.count,
        messages_before=compared["refused"].before.count,
        now=now,
        before=before,
        p=p,
        alarms=tuple(one for one in p if is_alarm(one, now[one], before[one], p[one])),
    )
