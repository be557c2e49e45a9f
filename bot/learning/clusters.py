"""What many messages have in common: groups of them by meaning, found without knowing any intent.

Average linkage over the cosine of meanings, after the mean of the training examples is taken away:
one domain's sentences share much, and what they share tells none of them apart. Measured with
intents taken out of the shop's data (bench/discovering.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage

Floats = npt.NDArray[np.float32]

FURTHEST = 0.7  # mean cosine distance within a cluster; more finds more and mixes more
# Cosine distance of the middles of clusters that are put together: halves of one intent are 0.2
# apart, nine in ten pairs of intents more than 0.7.
SAME_REQUEST = 0.5
FEWEST = 5  # messages that a cluster has
# Their distances take 150 MB twice; those after them join what was found.
MOST_COMPARED = 6_000


@dataclass(frozen=True, slots=True)
class Cluster:
    """`members` are places in what was given, those nearest to the middle first."""

    members: list[int]
    centre: Floats


def centred(meanings: Floats, mean: Floats) -> Floats:
    """Meanings without what all have in common, at length one."""
    placed = meanings - mean
    lengths = np.linalg.norm(placed, axis=1, keepdims=True)
    result: Floats = (placed / np.maximum(lengths, 1e-6)).astype(np.float32)
    return result


def find_clusters(placed: Floats, weights: Sequence[int]) -> list[Cluster]:
    """Clusters of rows of length one, the largest first; `weights` say how many messages a row
    stands for."""
    if not len(placed):
        return []
    first = placed[:MOST_COMPARED]
    labels = _linked(first, FURTHEST)
    middles = _middles(first, labels, weights)
    labels = _linked(middles, SAME_REQUEST)[labels]
    centres = _middles(first, labels, weights)
    labels = np.concatenate([labels, _joined(placed[MOST_COMPARED:], centres)])
    clusters = []
    for label in range(len(centres)):
        rows = np.flatnonzero(labels == label)
        if sum(weights[row] for row in rows) < FEWEST:
            continue
        order = np.argsort(-(placed[rows] @ centres[label]), kind="stable")
        clusters.append(Cluster([int(row) for row in rows[order]], centres[label]))
    return sorted(clusters, key=lambda one: -sum(weights[row] for row in one.members))


def _middles(placed: Floats, labels: npt.NDArray[np.intp], weights: Sequence[int]) -> Floats:
    sums = np.zeros((labels.max() + 1, placed.shape[1]), np.float32)
    np.add.at(sums, labels, placed * np.asarray(weights[: len(placed)], np.float32)[:, None])
    result: Floats = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
    return result


def _linked(placed: Floats, furthest: float) -> npt.NDArray[np.intp]:
    count = len(placed)
    if count == 1:
        return np.zeros(1, np.intp)
    distances = np.empty(count * (count - 1) // 2)
    start = 0
    for row in range(count - 1):
        end = start + count - 1 - row
        distances[start:end] = 1 - placed[row + 1 :] @ placed[row]
        start = end
    tree = linkage(np.maximum(distances, 0, out=distances), "average")
    labels: npt.NDArray[np.intp] = fcluster(tree, furthest, "distance").astype(np.intp) - 1
    return labels


def _joined(late: Floats, centres: Floats) -> npt.NDArray[np.intp]:
    """The nearest centre of each row, -1 where none is near."""
    if not len(late):
        return np.zeros(0, np.intp)
    cosines = late @ centres.T
    nearest: npt.NDArray[np.intp] = cosines.argmax(axis=1)
    nearest[cosines.max(axis=1) < 1 - FURTHEST] = -1
    return nearest
