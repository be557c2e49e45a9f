"""How well messages were understood, refused and answered, as numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from bot.assistant.calibration import find_threshold

Floats = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]
COVERAGE = 0.95
RATES = (0.01, 0.02, 0.05)
GUARANTEE = 0.95


@dataclass(frozen=True, slots=True)
class OutOfScope:
    """How well what must be refused is told from what must not."""

    auroc: float
    recall_at_95_coverage: float
    accuracy_on_accepted: float


@dataclass(frozen=True, slots=True)
class Selective:
    """What is answered, and how much of it wrongly, under a promise of at most `max_wrong_rate`."""

    max_wrong_rate: float
    coverage: float
    wrong_rate: float


def auroc(inside: Floats, outside: Floats) -> float:
    """The chance that a random outside message scores higher than a random inside one."""
    ranks = rankdata(np.concatenate([outside, inside]))[: len(outside)]
    above = ranks.sum() - len(outside) * (len(outside) + 1) / 2
    return float(above / (len(outside) * len(inside)))


def out_of_scope(foreignness: Floats, outside: Flags, correct: Flags) -> OutOfScope | None:
    """None when there is nothing to refuse, or nothing to accept."""
    if not outside.any() or outside.all():
        return None
    limit = np.quantile(foreignness[~outside], COVERAGE)
    accepted = foreignness <= limit
    return OutOfScope(
        auroc=auroc(foreignness[~outside], foreignness[outside]),
        recall_at_95_coverage=float((~accepted[outside]).mean()),
        accuracy_on_accepted=float((correct & ~outside)[accepted].mean()),
    )


def selective(
    trust: Floats, correct: Flags, known_trust: Floats, known_correct: Flags
) -> list[Selective]:
    """Thresholds from messages whose truth is known, applied to others."""
    found = []
    for rate in RATES:
        threshold = find_threshold(known_trust, known_correct, rate=rate, guarantee=GUARANTEE)
        at = threshold.confidence
        answered = trust >= at if at is not None else np.zeros(len(trust), bool)
        wrong = float((~correct[answered]).mean()) if answered.any() else 0.0
        found.append(Selective(rate, float(answered.mean()), wrong))
    return found


def selective_by_halves(trust: Floats, correct: Flags) -> list[Selective]:
    """For a model without evidence of its own: each half sets the thresholds for the other."""
    order = np.random.default_rng(0).permutation(len(trust))
    halves = np.array_split(order, 2)
    one = selective(trust[halves[0]], correct[halves[0]], trust[halves[1]], correct[halves[1]])
    two = selective(trust[halves[1]], correct[halves[1]], trust[halves[0]], correct[halves[0]])
    joined = []
    for first, second in zip(one, two, strict=True):
        answered = first.coverage + second.coverage
        wrong = first.coverage * first.wrong_rate + second.coverage * second.wrong_rate
        joined.append(
            Selective(first.max_wrong_rate, answered / 2, wrong / answered if answered else 0.0)
        )
    return joined


def confusions(
    truth: Sequence[str], said: Sequence[str], most: int = 20
) -> list[dict[str, object]]:
    """The pairs most often taken for one another."""
    pairs = Counter((one, other) for one, other in zip(truth, said, strict=True) if one != other)
    return [
        {"intent": one, "taken_for": other, "count": count}
        for (one, other), count in pairs.most_common(most)
    ]
