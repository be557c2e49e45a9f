"""Intents with so few examples that nothing could be promised of them by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.assistant.calibration import fewest
from bot.assistant.reply import OUT_OF_SCOPE
from bot.rules import Rules

FEWEST_SHOWN = 5  # even if all of them have enough


@dataclass(frozen=True, slots=True)
class Fed:
    """How many examples an intent, or a whole risk class, has of those that its bound needs at the
    very least, all of them answered rightly."""

    name: str
    risk_class: str
    accepted_wrong_rate: float
    guarantee: float
    examples: int
    least: int

    @property
    def missing(self) -> int:
        return max(self.least - self.examples, 0)


def starving_classes(counts: Mapping[str, int], rules: Rules) -> list[Fed]:
    """The risk classes of which nothing can be promised yet."""
    totals: dict[str, int] = {}
    for intent, count in counts.items():
        if intent != OUT_OF_SCOPE:
            name = rules.risk_class(intent)
            totals[name] = totals.get(name, 0) + count
    classes = [_fed(name, name, count, rules) for name, count in sorted(totals.items())]
    return [one for one in classes if one.missing]


def starving_intents(counts: Mapping[str, int], rules: Rules) -> list[Fed]:
    """The intents with fewer examples than a bound of their own would need, fewest first, and the
    few with the fewest in any case."""
    intents = [
        _fed(intent, rules.risk_class(intent), count, rules)
        for intent, count in sorted(counts.items(), key=lambda item: (item[1], item[0]))
        if intent != OUT_OF_SCOPE
    ]
    return [one for place, one in enumerate(intents) if one.missing or place < FEWEST_SHOWN]


def _fed(name: str, risk_class: str, count: int, rules: Rules) -> Fed:
    risk = rules.classes[risk_class]
    least = fewest(risk.accepted_wrong_rate, risk.guarantee)
    return Fed(name, risk_class, risk.accepted_wrong_rate, risk.guarantee, count, least)
