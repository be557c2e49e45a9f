"""From which score on a passage may be quoted, measured on questions and on foreign messages.

Two promises, each by the exact bound that `bot/assistant/calibration.py` uses: of the questions
answered, few are from an article that does not answer them; and of what the shop's articles say
nothing about, little is answered.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.assistant.calibration import Floats, find_threshold, upper_bound

NEIGHBOURS = 3
FOREIGN_WEIGHS = 0.7  # of the nearness to foreign messages, against 1 of the passage's


@dataclass(frozen=True, slots=True)
class Promise:
    """Quote from this score on; None where nothing can be promised. Counts are of the questions and
    of the foreign messages it was measured on; `beside` got the right article's wrong passage."""

    score: float | None
    guarantee: float
    accepted_wrong_rate: float
    questions: int
    answered: int
    wrong: int
    beside: int
    accepted_foreign_rate: float
    foreign: int
    foreign_answered: int


def pull(nearness: Floats) -> Floats:
    """What is taken off the score of a message for being near to foreign ones: a row of cosines
    each. A question about washing cars is nearer to other such questions than to any passage."""
    if not nearness.shape[1]:
        return np.zeros(len(nearness), np.float32)
    first = max(nearness.shape[1] - NEIGHBOURS, 0)
    near = np.partition(nearness, first, axis=1)[:, first:].mean(axis=1)
    result: Floats = FOREIGN_WEIGHS * near
    return result


def find_promise(
    scores: Floats,
    right: npt.NDArray[np.bool_],
    exact: npt.NDArray[np.bool_],
    foreign: Floats,
    *,
    wrong_rate: float,
    foreign_rate: float,
    guarantee: float,
) -> Promise:
    """The lowest score that keeps both rates, surely to `guarantee`: `scores` of questions, whether
    the `right` article and its `exact` passage came first, and the scores of `foreign` messages."""
    questions = find_threshold(scores, right, rate=wrong_rate, guarantee=guarantee)
    least_foreign = _above(foreign, foreign_rate, guarantee)
    least = (
        None
        if questions.confidence is None or least_foreign is None
        else max(questions.confidence, least_foreign)
    )
    answered = scores >= (np.inf if least is None else least)
    return Promise(
        score=least,
        guarantee=guarantee,
        accepted_wrong_rate=wrong_rate,
        questions=len(scores),
        answered=int(answered.sum()),
        wrong=int((answered & ~right).sum()),
        beside=int((answered & right & ~exact).sum()),
        accepted_foreign_rate=foreign_rate,
        foreign=len(foreign),
        foreign_answered=0 if least is None else int((foreign >= least).sum()),
    )


def _above(scores: Floats, rate: float, guarantee: float) -> float | None:
    """The lowest threshold that so few of the scores reach, None where there are too few scores."""
    ranked = np.sort(scores)[::-1]
    reach = 0
    while reach < len(ranked) and upper_bound(reach, len(ranked), guarantee) <= rate:
        reach += 1
    if reach == 0:
        return None
    # The first one too many must stay below.
    return float(np.nextafter(ranked[reach - 1], np.inf))
