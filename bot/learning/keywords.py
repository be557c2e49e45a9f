"""Words that say what a cluster is about, and a name made of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

import numpy as np
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

KEYWORDS = 6
WORDS_IN_NAME = 3
NAMELESS = "new_intent"
_STEM = 4  # letters that two forms of a word share
# Of every request, and halves of "don't" and "isn't".
_EMPTY = sorted({*ENGLISH_STOP_WORDS, "don", "isn", "doesn", "need", "want", "like", "help", "ve"})
_WORD = r"(?u)\b[^\W\d_]{2,}\b"  # no numbers: they are one customer's


def find_keywords(texts: Sequence[str], groups: Sequence[Sequence[int]]) -> list[list[str]]:
    """The words and pairs of words that set each group of `texts` apart from all the others, the
    best first. What only one of several texts has is left out: it may be a name."""
    vectorizer = TfidfVectorizer(
        ngram_range=(1, 2), stop_words=_EMPTY, token_pattern=_WORD, sublinear_tf=True
    )
    try:
        matrix = vectorizer.fit_transform(texts)
    except ValueError:  # nothing but stop words
        return [[] for _ in groups]
    words = vectorizer.get_feature_names_out()
    total = np.asarray(matrix.sum(axis=0)).ravel()
    found = []
    for group in groups:
        inside = matrix[list(group)]
        own = np.asarray(inside.sum(axis=0)).ravel()
        rest = (total - own) / max(len(texts) - len(group), 1)
        common = inside.getnnz(axis=0) >= min(2, len(group))
        scores = np.where(common, own / len(group) - rest, 0)
        best = np.argsort(-scores, kind="stable")[: 3 * KEYWORDS]
        found.append(_without_parts([str(words[one]) for one in best if scores[one] > 0]))
    return found


def _without_parts(words: list[str]) -> list[str]:
    """Without what has a word, or another form of a word, that a better one already has."""
    kept: list[str] = []
    said: set[str] = set()
    for word in words:
        stems = {part[:_STEM] for part in word.split()}
        if not said & stems:
            kept.append(word)
            said |= stems
    return kept[:KEYWORDS]


def suggest_name(keywords: Sequence[str], taken: Collection[str]) -> str:
    """A name in snake_case that no other intent has."""
    parts: list[str] = []
    for keyword in keywords[:2]:
        plain = unicodedata.normalize("NFKD", keyword).encode("ascii", "ignore").decode()
        parts += re.findall(r"[a-z0-9]+", plain.lower())
    name = "_".join(parts[:WORDS_IN_NAME]) or NAMELESS
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free
