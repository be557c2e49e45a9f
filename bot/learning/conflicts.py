"""Training examples that pull against each other, and intents that are hard to tell apart by them.

An example is in conflict when those most like it belong to another intent: the mean cosine of a few
nearest ones there is higher than among its own intent's, without itself and its near-copies. It is
found from the examples alone, before anything is trained.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.assistant.nlu.near_duplicates import SAME
from bot.assistant.reply import OUT_OF_SCOPE
from bot.folding import folded
from bot.learning.clusters import Floats
from bot.learning.training_examples import TrainingExample

NEIGHBOURS = 3
# How much nearer the other intent is: below it lie many that the model tells apart all the same. Of
# the shop's 4,863 examples 192 are above it, and 840 above nothing.
MARGIN = 0.05
WORST = 3  # shown of a pair of intents
ROWS = 1_000  # compared with all others at once


@dataclass(frozen=True, slots=True)
class Nearer:
    """An example that is nearer to the intent of `nearest` than to its own: both mean cosines."""

    example: TrainingExample
    nearest: TrainingExample
    own: float
    other: float


@dataclass(frozen=True, slots=True)
class Leak:
    """Two intents, how many examples of each are nearer to the other one, and the worst of them."""

    one: str
    other: str
    of_one: int
    of_other: int
    worst: list[Nearer]


def find_copies(examples: Sequence[TrainingExample]) -> list[list[TrainingExample]]:
    """The texts that several intents have, with all their places."""
    groups: dict[str, list[TrainingExample]] = {}
    for example in examples:
        groups.setdefault(folded(example.text), []).append(example)
    return [group for group in groups.values() if len({one.intent for one in group}) > 1]


def find_nearer(examples: Sequence[TrainingExample], meanings: Floats) -> list[Nearer]:
    """The examples in conflict, the worst first; `meanings` are rows of length one. Those of out of
    scope are left out: many are there because they are near to something that is in scope."""
    if not examples:
        return []
    intents = sorted({example.intent for example in examples})
    intent_of = np.array([intents.index(example.intent) for example in examples])
    columns = [np.flatnonzero(intent_of == place) for place in range(len(intents))]
    found = []
    for start in range(0, len(examples), ROWS):
        own = intent_of[start : start + ROWS]
        cosines = meanings[start : start + ROWS] @ meanings.T
        cosines[(cosines >= SAME) & (own[:, None] == intent_of)] = -np.inf
        near, best = _compared(cosines, own, columns)
        lead = best[1] - best[0]
        for row in np.flatnonzero(lead >= MARGIN):
            example = examples[start + row]
            if example.intent == OUT_OF_SCOPE:
                continue
            there = columns[near[row]]
            found.append(
                Nearer(
                    example=example,
                    nearest=examples[there[cosines[row, there].argmax()]],
                    own=round(float(best[0, row]), 3),
                    other=round(float(best[1, row]), 3),
                )
            )
    return sorted(found, key=lambda one: one.own - one.other)


def _compared(
    cosines: Floats, own: npt.NDArray[np.intp], columns: Sequence[npt.NDArray[np.intp]]
) -> tuple[npt.NDArray[np.intp], Floats]:
    """For each row the intent that is furthest ahead of its own, and the means: own, and there.

    Means are over as many neighbours as both intents have, so that a small intent's best one is not
    held against the third best of a large one."""
    rows = np.arange(len(cosines))
    tops = np.stack([_nearest(cosines[:, each]) for each in columns], axis=1)
    known = np.isfinite(tops)
    sums = np.cumsum(np.where(known, tops, 0), axis=2)
    counts = known.sum(axis=2)
    fair = np.minimum(counts, counts[rows, own][:, None])
    last = np.maximum(fair, 1) - 1
    there = np.take_along_axis(sums, last[:, :, None], axis=2)[:, :, 0] / (last + 1)
    here = np.take_along_axis(sums[rows, own], last, axis=1) / (last + 1)
    lead = np.where(fair > 0, there - here, -np.inf)
    lead[rows, own] = -np.inf
    near = lead.argmax(axis=1)
    means = np.stack([here[rows, near], there[rows, near]])
    means[1, ~np.isfinite(lead[rows, near])] = -np.inf  # alone in its intent, or the only intent
    return near, means


def _nearest(cosines: Floats) -> Floats:
    """The largest few of each row, the largest first, filled up with minus infinity."""
    few = min(NEIGHBOURS, cosines.shape[1])
    top = -np.sort(-np.partition(cosines, -few, axis=1)[:, -few:], axis=1)
    result: Floats = np.pad(top, ((0, 0), (0, NEIGHBOURS - few)), constant_values=-np.inf)
    return result


def find_leaks(nearer: Sequence[Nearer]) -> list[Leak]:
    """The pairs of intents among examples in conflict, those with the most first."""
    pairs: dict[tuple[str, str], list[Nearer]] = {}
    for each in nearer:
        one, other = sorted((each.example.intent, each.nearest.intent))
        pairs.setdefault((one, other), []).append(each)
    leaks = []
    for (one, other), found in pairs.items():
        of_one = sum(each.example.intent == one for each in found)
        leaks.append(Leak(one, other, of_one, len(found) - of_one, found[:WORST]))
    return sorted(leaks, key=lambda leak: -(leak.of_one + leak.of_other))
