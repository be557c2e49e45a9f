"""What a confidence is worth: temperature, calibration error, and thresholds that keep a promise.

Everything here is computed from messages whose intent is known and that the fit did not see.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, minimize_scalar
from scipy.stats import beta

Floats = npt.NDArray[Any]
BINS = 15
STEPS = 200  # thresholds tested, evenly spaced in coverage
START = 0.3  # of the messages, the strictest threshold tested lets pass at least this share


def softmax(scores: Floats, sharpness: float) -> Floats:
    """Scores as probabilities; a larger sharpness (1 / temperature) makes them more certain."""
    scaled = sharpness * (scores - scores.max(axis=-1, keepdims=True))
    powers = np.exp(scaled)
    result: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return result


def fit_sharpness(scores: Floats, truth: npt.NDArray[np.intp]) -> float:
    """The sharpness under which the true intents are likeliest (Guo et al. 2017, section 4.2)."""
    rows = np.arange(len(truth))

    def loss(log_sharpness: float) -> float:
        likely = softmax(scores, math.exp(log_sharpness))[rows, truth]
        return float(-np.log(np.maximum(likely, 1e-12)).mean())

    return math.exp(minimize_scalar(loss, bounds=(-1.0, 6.0), method="bounded").x)


def fit_trust(likeliest: Floats, correct: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and shift that turn the likeliest intent's probability into the share that is right.

    One temperature for all leaves certain messages too uncertain (Platt 1999, on the log-odds).
    """
    odds = _log_odds(likeliest)
    sign = np.where(correct, 1.0, -1.0)

    def loss(line: Floats) -> float:
        # A little pull towards no change, for the case that nothing, or everything, is right.
        pull = ((line - (1, 0)) ** 2).sum() / len(odds)
        return float(np.logaddexp(0, -sign * (line[0] * odds + line[1])).mean() + 0.1 * pull)

    slope, shift = minimize(loss, (1.0, 0.0), method="L-BFGS-B", bounds=((0.05, 5), (-5, 5))).x
    return float(slope), float(shift)


def confidences(probabilities: Floats, slope: float, shift: float) -> Floats:
    """Each row with its likeliest intent's probability corrected, the others sharing the rest."""
    rows = np.arange(len(probabilities))
    best = probabilities.argmax(axis=1)
    before = probabilities[rows, best]
    after = 1 / (1 + np.exp(-slope * _log_odds(before) - shift))
    rest = np.maximum(1 - before, 1e-9)
    # The likeliest stays the likeliest.
    result: Floats = np.minimum(
        probabilities * ((1 - after) / rest)[:, None], 0.999 * after[:, None]
    )
    result[rows, best] = after
    return result


def _log_odds(probability: Floats) -> Floats:
    kept = np.minimum(np.maximum(probability.astype(np.float64), 1e-6), 1 - 1e-6)
    result: Floats = np.log(kept / (1 - kept))
    return result


def calibration_error(confidence: Floats, correct: npt.NDArray[np.bool_]) -> float:
    """Mean gap between confidence and accuracy over 15 bins of equally many messages."""
    if not len(confidence):
        return 0.0
    order = np.argsort(confidence, kind="stable")
    gaps = (
        len(part) * abs(float(confidence[part].mean()) - float(correct[part].mean()))
        for part in np.array_split(order, min(BINS, len(order)))
    )
    return sum(gaps) / len(confidence)


def upper_bound(wrong: int, answered: int, guarantee: float) -> float:
    """The exact (Clopper-Pearson 1934) one-sided upper bound of the rate of wrong answers."""
    if wrong >= answered:
        return 1.0
    return float(beta.ppf(guarantee, wrong + 1, answered - wrong))


def fewest(rate: float, guarantee: float) -> int:
    """How many answers, none of them wrong, it takes to promise the rate at all."""
    return math.ceil(math.log(1 - guarantee) / math.log(1 - rate))


@dataclass(frozen=True, slots=True)
class Threshold:
    """Answer at this confidence and above. None promises nothing: `answered` are then the surest,
    of which `wrong` are wrong, and `needed` more messages like them would be enough to promise it,
    or None where no number of them would."""

    accepted_wrong_rate: float
    guarantee: float
    confidence: float | None
    answered: int
    wrong: int
    messages: int
    bound: float
    needed: int | None

    @property
    def coverage(self) -> float:
        """The share of the messages that would have been answered."""
        return self.answered / self.messages if self.messages else 0.0


def find_threshold(
    confidence: Floats, correct: npt.NDArray[np.bool_], *, rate: float, guarantee: float
) -> Threshold:
    """The lowest threshold whose wrong answers stay under `rate`, surely to `guarantee`.

    A confidence of 0 stands for a refused message: no threshold answers it.

    Thresholds are tested from strict to lax and the first that fails ends it: a fixed order needs
    no correction for testing many (Angelopoulos et al. 2021, "Learn then Test", section 4).
    """
    total = len(confidence)
    order = np.argsort(-confidence, kind="stable")
    ranked, right = confidence[order], correct[order]
    wrongs = np.cumsum(~right)
    least = fewest(rate, guarantee)
    first = max(least, math.ceil(START * total))
    passed: Threshold | None = None
    if total >= least:
        sizes = np.unique(np.linspace(min(first, total), total, STEPS).round().astype(int))
        for size in sizes:
            if ranked[size - 1] <= 0:
                break
            # Everyone with the same confidence is answered, or nobody.
            answered = int(np.searchsorted(-ranked, -ranked[size - 1], side="right"))
            wrong = int(wrongs[answered - 1])
            bound = upper_bound(wrong, answered, guarantee)
            if bound > rate:
                break
            at = float(ranked[answered - 1])
            passed = Threshold(rate, guarantee, at, answered, wrong, total, bound, 0)
    if passed is not None:
        return passed
    surest = min(first, int((ranked > 0).sum()))
    if surest:
        surest = int(np.searchsorted(-ranked, -ranked[surest - 1], side="right"))
    wrong = int(wrongs[surest - 1]) if surest else 0
    needed = _missing(wrong, surest, total, rate=rate, guarantee=guarantee)
    return Threshold(rate, guarantee, None, surest, wrong, total, 1.0, needed)


def _missing(wrong: int, surest: int, total: int, *, rate: float, guarantee: float) -> int | None:
    """How many more messages, as good as those there are, would be enough to promise the rate."""
    if not surest or total < fewest(rate, guarantee):
        return max(fewest(rate, guarantee) - total, 1)
    if wrong / surest >= rate:
        return None
    for times in np.geomspace(1, 1_000, 200):
        answered = max(math.ceil(float(times) * surest), fewest(rate, guarantee))
        if upper_bound(round(wrong / surest * answered), answered, guarantee) <= rate:
            share = surest / total
            return max(math.ceil(answered / share) - total, 1)
    return None
