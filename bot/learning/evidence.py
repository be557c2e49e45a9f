"""What one model says of messages whose truth is known and that it has not seen.

Two kinds of it: labelled messages that were held out, of which both models are asked the same, and
each model's own examples, left out in turn when it was trained. The second is plentiful, but not
paired: the models have other examples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.assistant.calibration import calibration_error
from bot.assistant.nlu.intents import Unseen
from bot.assistant.reply import OUT_OF_SCOPE, requests_in
from bot.learning import metrics
from bot.learning.figures import FEWEST, Figure, Whole, f1_score, resampled, share, too_few

BINS = 10


@dataclass(frozen=True, slots=True)
class Evidence:
    """Truth and reading of each message; `said` is the likeliest request, whether or not it would
    be answered. `foreignness` is None where the model did not keep it."""

    truth: tuple[str, ...]
    said: tuple[str, ...]
    confidence: metrics.Floats
    refused: metrics.Flags
    foreignness: metrics.Floats | None

    @property
    def correct(self) -> metrics.Flags:
        """Whether each was read right."""
        right = [one == other for one, other in zip(self.truth, self.said, strict=True)]
        return np.array(right, bool)

    @property
    def outside(self) -> metrics.Flags:
        """Whether each is to be refused."""
        return np.array([intent == OUT_OF_SCOPE for intent in self.truth], bool)


def of_parses(truth: Sequence[str], parses: Sequence[Mapping[str, Any]]) -> Evidence:
    """From the parse data of each message."""
    best = [next(iter(requests_in(parsed)), None) for parsed in parses]
    scopes = [parsed.get("out_of_scope") or {} for parsed in parses]
    return Evidence(
        truth=tuple(truth),
        said=tuple(str(one["name"]) if one else OUT_OF_SCOPE for one in best),
        confidence=np.array([float(one["confidence"]) if one else 0.0 for one in best]),
        refused=np.array([bool(scope.get("refused")) for scope in scopes], bool),
        foreignness=np.array([float(scope.get("score") or 0.0) for scope in scopes]),
    )


def of_unseen(unseen: Unseen | None, names: Sequence[str]) -> Evidence | None:
    """From what a model says of its own examples; None where it did not keep their truth."""
    if unseen is None or unseen.truth is None:
        return None
    called = [*names, OUT_OF_SCOPE]  # the last one's place is also -1
    return Evidence(
        truth=tuple(called[place] for place in unseen.truth),
        said=tuple(called[place] for place in unseen.predicted),
        confidence=np.asarray(unseen.confidence, float),
        refused=unseen.refused,
        foreignness=unseen.foreignness,
    )


def accuracy(evidence: Evidence) -> Figure:
    """The share of the requests that were read right."""
    inside = ~evidence.outside
    return share(int(evidence.correct[inside].sum()), int(inside.sum()))


def calibration(evidence: Evidence) -> Figure:
    """The mean gap between confidence and the share that is right, over the requests."""
    inside = ~evidence.outside
    confidence, correct = evidence.confidence[inside], evidence.correct[inside]
    return resampled(lambda at: calibration_error(confidence[at], correct[at]), int(inside.sum()))


def reliability(evidence: Evidence) -> list[dict[str, float]]:
    """Confidence against the share that was right, in parts of equally many requests."""
    inside = ~evidence.outside
    confidence, correct = evidence.confidence[inside], evidence.correct[inside]
    parts = np.array_split(np.argsort(confidence, kind="stable"), BINS)
    return [
        {
            "confidence": round(float(confidence[part].mean()), 4),
            "right": round(float(correct[part].mean()), 4),
            "n": len(part),
        }
        for part in parts
        if len(part) >= FEWEST
    ]


def told_apart(evidence: Evidence) -> Figure:
    """The chance that what is to be refused looks stranger than a request does (AUROC)."""
    outside, strange = evidence.outside, evidence.foreignness
    if strange is None or min(outside.sum(), (~outside).sum()) < FEWEST:
        return too_few(int(outside.sum()))

    def area(at: Whole) -> float | None:
        drawn = outside[at]
        if drawn.all() or not drawn.any():
            return None
        return metrics.auroc(strange[at][~drawn], strange[at][drawn])

    figure = resampled(area, len(outside))
    return Figure(figure.value, figure.low, figure.high, int(outside.sum()))


def refused(evidence: Evidence) -> Figure:
    """The share of what is to be refused that is."""
    outside = evidence.outside
    return share(int(evidence.refused[outside].sum()), int(outside.sum()))


@dataclass(frozen=True, slots=True)
class Counts:
    """How often an intent was read right, missed, and read where it was not."""

    right: int = 0
    missed: int = 0
    wrongly: int = 0

    @property
    def f1(self) -> Figure:
        """Recall and precision in one."""
        return f1_score(self.right, self.missed, self.wrongly)

    @property
    def recall(self) -> Figure:
        """The share of its messages that were read as it."""
        return share(self.right, self.right + self.missed)

    @property
    def precision(self) -> Figure:
        """The share of what was read as it that is."""
        return share(self.right, self.right + self.wrongly)


def by_intent(evidence: Evidence) -> dict[str, Counts]:
    """The counts of every intent that was meant or read, without what is to be refused."""
    inside = [
        (one, other)
        for one, other in zip(evidence.truth, evidence.said, strict=True)
        if one != OUT_OF_SCOPE
    ]
    right = Counter(one for one, other in inside if one == other)
    missed = Counter(one for one, other in inside if one != other)
    wrongly = Counter(other for one, other in inside if one != other)
    names = sorted({*right, *missed, *wrongly} - {OUT_OF_SCOPE})
    return {name: Counts(right[name], missed[name], wrongly[name]) for name in names}


def confusions(evidence: Evidence) -> Counter[tuple[str, str]]:
    """How often each intent was taken for each other one."""
    return Counter(
        (one, other)
        for one, other in zip(evidence.truth, evidence.said, strict=True)
        if one not in (other, OUT_OF_SCOPE)
    )
