"""Examples that say the same: they must not be in training and in judgement at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

SAME = 0.93  # cosine of two sentences: "where is my order" reaches 0.94 with "where's my order"
ROWS = 1_000


def groups(meanings: npt.NDArray[np.float32]) -> list[npt.NDArray[np.intp]]:
    """The rows in groups of near-duplicates, most of them alone."""
    count = len(meanings)
    left: list[npt.NDArray[np.intp]] = []
    right: list[npt.NDArray[np.intp]] = []
    for start in range(0, count, ROWS):
        rows, columns = np.nonzero(meanings[start : start + ROWS] @ meanings[start:].T >= SAME)
        left.append(rows + start)
        right.append(columns + start)
    if not left:
        return []
    pairs = (np.concatenate(left), np.concatenate(right))
    graph = coo_matrix((np.ones(len(pairs[0]), np.int8), pairs), shape=(count, count))
    number, labels = connected_components(graph, directed=False)
    order = np.argsort(labels, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(labels[order])) + 1) if number else []
