"""Words and pieces of words, weighed by how rare they are (TF-IDF).

The weights are scikit-learn's (sublinear, smooth idf, length one), a test holds them equal; but a
sentence takes a tenth of its time, and nothing of scikit-learn is loaded to answer customers.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import scipy.sparse as sparse

Kind = Literal["word", "piece"]
WORD = re.compile(r"\b\w\w+\b")
SPACES = re.compile(r"\s\s+")
PIECE = 4  # letters; three to five at once cost three times the time and told nothing more apart
READ_CHARACTERS = 1_000
# An n-gram in more examples than this says little and would cost most of the time.
COMMON_SHARE, COMMON_LEAST = 0.03, 20


@dataclass(frozen=True, slots=True)
class Ngrams:
    """The known n-grams of one kind, their column and their weight."""

    kind: Kind
    columns: dict[str, int]
    rarity: list[float]

    @classmethod
    def learn(cls, kind: Kind, texts: Sequence[str], *, rarest: int) -> Ngrams:
        """Learn which n-grams there are; `rarest` is the least number of texts one occurs in."""
        found: Counter[str] = Counter()
        for text in texts:
            found.update(set(split(kind, text)))
        most = max(COMMON_LEAST, COMMON_SHARE * len(texts))
        kept = sorted(ngram for ngram, count in found.items() if rarest <= count <= most)
        rarity = [math.log((1 + len(texts)) / (1 + found[ngram])) + 1 for ngram in kept]
        return cls(kind, {ngram: column for column, ngram in enumerate(kept)}, rarity)

    def weigh(self, text: str) -> tuple[list[int], list[float]]:
        """The columns and weights of one text; both empty when nothing in it is known."""
        columns = self.columns
        counts = Counter(columns[ngram] for ngram in split(self.kind, text) if ngram in columns)
        weights = [(1 + math.log(count)) * self.rarity[column] for column, count in counts.items()]
        length = math.sqrt(sum(weight * weight for weight in weights))
        return list(counts), [weight / length for weight in weights]

    def matrix(self, texts: Iterable[str]) -> sparse.csr_matrix:
        """One row a text."""
        columns: list[int] = []
        weights: list[float] = []
        ends = [0]
        for text in texts:
            row_columns, row_weights = self.weigh(text)
            columns += row_columns
            weights += row_weights
            ends.append(len(columns))
        shape = (len(ends) - 1, len(self.columns))
        return sparse.csr_matrix((np.array(weights, np.float32), columns, ends), shape=shape)


def split(kind: Kind, text: str) -> Iterator[str]:
    """The text's n-grams: single words and pairs, or pieces of four letters of a word."""
    text = text[:READ_CHARACTERS].lower()
    if kind == "word":
        words = WORD.findall(text)
        yield from words
        yield from map(" ".join, pairwise(words))
        return
    for word in SPACES.sub(" ", text).split():
        padded = f" {word} "
        for start in range(max(len(padded) - PIECE, 0) + 1):
            yield padded[start : start + PIECE]
