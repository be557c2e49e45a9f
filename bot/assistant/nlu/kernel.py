"""Kernel ridge regression on sentences: every training example pulls a message towards its intent.

Like a Gaussian process with one output an intent (Rasmussen & Williams 2006, ch. 2). Chosen over a
linear classifier because it is better with five examples an intent and with a hundred, and because
what it would have said of an example it had not seen comes in closed form (ibid., 5.4.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse
from scipy.linalg import lapack

from bot.errors import SetupError

Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.intp]
# Tried on BANKING77's and CLINC150's training and development parts, 5 to 130 examples an intent.
NGRAM_WEIGHT = np.float32(0.1)  # of words, and of pieces, against the spread of the meanings, 1
NARROWNESS = np.float32(0.75)  # exp(-narrowness * squared distance)
NOISE = np.float32(0.07)
ROWS = 250  # computed at once: they stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Points:
    """Messages as the kernel sees them: meanings of spread one (rows), and weighed n-grams."""

    meanings: Floats
    ngrams: sparse.csr_matrix

    def lengths(self) -> Floats:
        """Squared length of each message's vector."""
        squares = np.asarray(self.ngrams.multiply(self.ngrams).sum(axis=1)).ravel()
        meanings = np.einsum("ij,ij->i", self.meanings, self.meanings)
        lengths: Floats = (meanings + NGRAM_WEIGHT * squares).astype(np.float32)
        return lengths


def likeness(left: Points, right: Points) -> Floats:
    """The kernel of every pair: 1 for the same message, towards 0 for unrelated ones."""
    result: Floats = (left.ngrams @ right.ngrams.T).toarray()
    result *= NGRAM_WEIGHT
    result += left.meanings @ right.meanings.T
    result *= 2
    result -= left.lengths()[:, None]
    result -= right.lengths()
    result *= NARROWNESS
    np.exp(result, out=result)
    return result


def _half_likeness(points: Points) -> Floats:
    """The kernel of the points among themselves, right of the diagonal; left of it, nothing."""
    count = len(points.meanings)
    result = np.zeros((count, count), np.float32)
    for start in range(0, count, ROWS):
        rest = Points(points.meanings[start:], points.ngrams[start:])
        rows = Points(rest.meanings[:ROWS], rest.ngrams[:ROWS])
        result[start : start + ROWS, start:] = likeness(rows, rest)
    return result


@dataclass(frozen=True, slots=True)
class Fit:
    """`pulls` (examples x intents) make the scores; `unseen` are the scores left out."""

    pulls: Floats
    unseen: Floats


def fit(points: Points, targets: Floats, noise: Floats, folds: Sequence[Whole]) -> Fit:
    """Fit, and say what each fold's rows would have scored had the fold not been there.

    `targets` is examples x intents; `noise` one number an example, more for a less certain one.
    """
    kernel = _half_likeness(points)
    kernel[np.diag_indices(len(kernel))] += noise
    factor, failed = lapack.spotrf(kernel.T, lower=1, clean=1, overwrite_a=1)
    if failed:
        raise SetupError(
            "the examples cannot be told apart well enough to compute with",
            where="the training data",
            cure="Look for an example that is written hundreds of times, and keep one.",
        )
    pulls, _ = lapack.spotrs(factor, targets, lower=1)
    inverse, _ = lapack.strtri(factor, lower=1, overwrite_c=1)
    unseen = np.zeros_like(targets)
    alone = np.array([fold[0] for fold in folds if len(fold) == 1], dtype=np.intp)
    own = np.einsum("ij,ij->j", inverse, inverse)
    unseen[alone] = targets[alone] - pulls[alone] / own[alone, None]
    for fold in folds:
        if len(fold) > 1:
            part = inverse[:, fold]
            unseen[fold] = targets[fold] - np.linalg.solve(part.T @ part, pulls[fold])
    return Fit(np.ascontiguousarray(pulls, np.float32), unseen)
