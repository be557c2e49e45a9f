"""The intent model: trained from texts and intents, kept as plain arrays, read by one message.

It knows nothing of Rasa; `classifier.py` puts it into Rasa's pipeline.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse
from threadpoolctl import threadpool_limits

from bot.assistant.calibration import confidences, fit_sharpness, fit_trust, softmax
from bot.assistant.nlu.embedding import SentenceEmbedder
from bot.assistant.nlu.kernel import NARROWNESS, NGRAM_WEIGHT, NOISE, Floats, Points, Whole, fit
from bot.assistant.nlu.near_duplicates import groups
from bot.assistant.nlu.ngrams import Ngrams

NAME_WORTH = np.float32(0.3)  # an intent's own name counts as a third of an example
COVERAGE = 0.95  # of the in-scope messages pass as in scope
NEIGHBOURS = 5
# Of the best score, the nearness and the pull of what is foreign.
SIGN_WEIGHTS = np.array((-1.0, -1.0, 1.0), np.float32)
AXES = 160
HEAP = 16
ROWS = 500  # compared at once
# Time grows with the cube and memory with the square: 16,000 take a minute and 2 GB of training.
LARGEST = 16_000


@dataclass(frozen=True, slots=True)
class Scores:
    """One message's scores; `foreignness` above the model's limit means out of scope."""

    confidences: Floats
    foreignness: float


@dataclass(frozen=True, slots=True)
class Unseen:
    """What the model says of each example as if it had not seen it, nor its near-duplicates.

    `truth` is the place of each one's intent, -1 for what is to be refused; it and `foreignness`
    are None for a model that was trained before they were kept.
    """

    confidence: Floats
    correct: npt.NDArray[np.bool_]
    refused: npt.NDArray[np.bool_]
    predicted: Whole
    inside: int  # this many are requests; the rest are examples of what to refuse
    truth: Whole | None = None
    foreignness: Floats | None = None

    @property
    def names_foreign(self) -> bool:
        """Whether there are examples of what to refuse."""
        return self.inside < len(self.confidence)


class IntentModel:
    """Examples, their pull towards each intent, and what turns scores into confidences."""

    def __init__(
        self, names: list[str], ngrams: tuple[Ngrams, Ngrams], arrays: dict[str, npt.NDArray[Any]]
    ) -> None:
        self.names = names
        self.ngrams = ngrams
        self.arrays = arrays
        self._axes: Floats = arrays["axes"]
        self._meanings: Floats = arrays["meanings"]
        self._pulls: Floats = arrays["pulls"]
        self._lengths: Floats = arrays["lengths"]
        width = sum(len(kind.columns) for kind in ngrams)
        stored = (arrays["ngram_data"], arrays["ngram_columns"], arrays["ngram_ends"])
        matrix = sparse.csr_matrix(stored, shape=(len(self._meanings), width))
        self._by_ngram = matrix.T.tocsr()
        self._real = int(arrays["real"])  # the rows after these are the intents' names
        self.sharpness = float(arrays["sharpness"])
        self._trust: Floats = arrays["trust"]
        self.limit = float(arrays["limit"])
        self._scale: Floats = arrays["scale"]  # mean and deviation of what foreignness is made of

    def read(self, embedder: SentenceEmbedder, text: str) -> Scores:
        """The confidence of every intent, in the order of `names`, and how foreign the text is."""
        meaning = embedder.embed(text) @ self._axes
        alike = self._meanings @ meaning
        words, length = self._weigh(text)
        close = alike + NGRAM_WEIGHT * words
        own = meaning @ meaning + np.float32(NGRAM_WEIGHT * length)
        kernel = np.exp(NARROWNESS * (2 * close - self._lengths - own))
        pulled = kernel @ self._pulls
        scores, drawn = pulled[:-1], pulled[-1]
        nearness = nearest(_candidates(alike[: self._real])[None])[0]
        signs = np.array([[scores.max(), nearness, drawn]])
        likely = confidences(softmax(scores[None], self.sharpness), *self._trust)
        return Scores(likely[0], float(foreignness(signs, self._scale)[0]))

    def read_all(self, embedder: SentenceEmbedder, texts: Sequence[str]) -> list[Scores]:
        """The same of each of many texts, for a third of the time: the examples are gone through
        once for `ROWS` of them. What customers wait for is read one by one."""
        found: list[Scores] = []
        for start in range(0, len(texts), ROWS):
            found += self._read_rows(embedder, texts[start : start + ROWS])
        return found

    def _read_rows(self, embedder: SentenceEmbedder, texts: Sequence[str]) -> Iterator[Scores]:
        meanings = embedder.embed_unkept(texts) @ self._axes
        alike = meanings @ self._meanings.T
        ngrams = sparse.hstack([kind.matrix(texts) for kind in self.ngrams]).tocsr()
        own = (meanings**2).sum(axis=1) + NGRAM_WEIGHT * ngrams.multiply(ngrams).sum(axis=1).A1
        close = (ngrams @ self._by_ngram).toarray()
        close *= np.float32(NGRAM_WEIGHT)
        close += alike
        close *= np.float32(2)
        close -= self._lengths
        close -= own[:, None].astype(np.float32)
        close *= np.float32(NARROWNESS)
        pulled = np.exp(close, out=close) @ self._pulls
        scores, drawn = pulled[:, :-1], pulled[:, -1]
        near = [nearest(_candidates(row[: self._real])[None])[0] for row in alike]
        signs = np.stack([scores.max(axis=1), np.array(near), drawn], axis=1)
        likely = confidences(softmax(scores, self.sharpness), *self._trust)
        for row, foreign in zip(likely, foreignness(signs, self._scale), strict=True):
            yield Scores(row, float(foreign))

    def _weigh(self, text: str) -> tuple[Floats, float]:
        """What each example shares with the text, by its n-grams; and the text's squared length."""
        columns: list[int] = []
        weights: list[float] = []
        for kind, shift in zip(self.ngrams, (0, len(self.ngrams[0].columns)), strict=True):
            found, weighed = kind.weigh(text)
            columns += [column + shift for column in found]
            weights += weighed
        if not columns:
            return np.zeros(len(self._meanings), np.float32), 0.0
        # scipy's product says the same, and takes longer to prepare than this takes to compute.
        ends = self._by_ngram.indptr
        known = np.array(columns)
        sizes = ends[known + 1] - ends[known]
        places = np.arange(sizes.sum()) + np.repeat(ends[known + 1] - np.cumsum(sizes), sizes)
        shares = self._by_ngram.data[places] * np.repeat(weights, sizes)
        shared = np.bincount(self._by_ngram.indices[places], shares, minlength=len(self._meanings))
        return shared.astype(np.float32), sum(weight * weight for weight in weights)

    def save(self, folder: Path) -> None:
        """Write plain arrays and JSON: nothing in a model file is ever executed."""
        np.savez(folder / "intents.npz", **self.arrays)
        kinds = [{"columns": list(kind.columns), "rarity": kind.rarity} for kind in self.ngrams]
        content = {"names": self.names, "ngrams": kinds}
        (folder / "intents.json").write_text(json.dumps(content), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read what `save` wrote."""
        content = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
        word, piece = (
            ({ngram: column for column, ngram in enumerate(kind["columns"])}, kind["rarity"])
            for kind in content["ngrams"]
        )
        with np.load(folder / "intents.npz", allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        return cls(content["names"], (Ngrams("word", *word), Ngrams("piece", *piece)), arrays)


def train(
    embedder: SentenceEmbedder,
    texts: Sequence[str],
    intents: Sequence[str],
    foreign: Sequence[str] = (),
) -> tuple[IntentModel, Unseen]:
    """Learn from examples, and from `foreign` ones, which pull towards none of the intents."""
    names = sorted(set(intents))
    kept = thinned(intents, LARGEST)
    texts, intents = [texts[place] for place in kept], [intents[place] for place in kept]
    foreign = foreign[: LARGEST // 4]
    truth = np.array([names.index(intent) for intent in intents] + [-1] * len(foreign))
    called = [re.sub(r"[\W_]+", " ", name).strip().lower() for name in names]
    everything = [*texts, *foreign, *called]
    raw = embedder.embed_all(everything)
    inside, real = len(texts), len(texts) + len(foreign)
    axes = main_axes(raw[:inside])
    meanings = raw @ axes
    rarest = 1 if inside < 5_000 else 2
    kinds = (
        Ngrams.learn("word", everything[:real], rarest=rarest),
        Ngrams.learn("piece", everything[:real], rarest=rarest),
    )
    matrix = sparse.hstack([kind.matrix(everything) for kind in kinds]).tocsr()
    points = Points(meanings, matrix)
    targets = np.zeros((len(everything), len(names) + 1), np.float32)
    targets[np.arange(real), truth] = 1  # -1, the last column, is what foreign examples pull to
    targets[np.arange(real, len(everything)), np.arange(len(names))] = 1
    noise = np.full(len(everything), NOISE, np.float32)
    noise[real:] /= NAME_WORTH
    folds = groups(raw[:real])
    with threadpool_limits(os.cpu_count(), "blas"):
        fitted = fit(points, targets, noise, folds)
    unseen, drawn = fitted.unseen[:real, :-1], fitted.unseen[:real, -1]
    sharpness = fit_sharpness(unseen[:inside], truth[:inside])
    probabilities = softmax(unseen, sharpness)
    predicted = probabilities.argmax(axis=1)
    trust = fit_trust(probabilities[:inside].max(axis=1), (predicted == truth)[:inside])
    likely = confidences(probabilities, *trust)
    near = _nearness_unseen(meanings[:inside], meanings[:real], folds)
    signs = np.stack([unseen.max(axis=1), near, drawn], axis=1)
    scale = np.stack([signs[:inside].mean(axis=0), np.maximum(signs[:inside].std(axis=0), 1e-6)])
    foreignness_unseen = foreignness(signs, scale)
    limit = float(np.quantile(foreignness_unseen[:inside], COVERAGE))
    arrays = {
        "axes": axes,
        "meanings": meanings,
        "pulls": fitted.pulls,
        "lengths": points.lengths(),
        "ngram_data": matrix.data,
        "ngram_columns": matrix.indices,
        "ngram_ends": matrix.indptr,
        "real": np.array(inside),
        "sharpness": np.array(sharpness),
        "trust": np.array(trust),
        "limit": np.array(limit),
        "scale": scale,
    }
    left_out = Unseen(
        confidence=likely.max(axis=1),
        correct=predicted == truth,
        refused=foreignness_unseen > limit,
        predicted=predicted,
        inside=inside,
        truth=truth,
        foreignness=foreignness_unseen,
    )
    return IntentModel(names, kinds, arrays), left_out


def main_axes(vectors: Floats) -> Floats:
    """The directions in which the vectors differ most, scaled so that their spread is one.

    One domain's sentences need few of the encoder's directions: fewer numbers are faster and no
    worse. The scale fits the kernel's width to the domain.
    """
    _, directions = np.linalg.eigh(vectors.T @ vectors)
    axes = directions[:, -AXES:]
    placed = vectors @ axes
    spread = float(((placed - placed.mean(axis=0)) ** 2).sum(axis=1).mean())
    scaled: Floats = np.ascontiguousarray(axes / max(spread, 1e-6) ** 0.5, np.float32)
    return scaled


def thinned(intents: Sequence[str], most: int) -> list[int]:
    """Which examples to keep so that at most `most` remain: the intents with many give."""
    if len(intents) <= most:
        return list(range(len(intents)))
    counts = Counter(intents)
    share = max(
        limit
        for limit in range(1, max(counts.values()) + 1)
        if sum(min(count, limit) for count in counts.values()) <= max(most, len(counts))
    )
    taken: Counter[str] = Counter()
    kept = []
    for place in np.random.default_rng(0).permutation(len(intents)):
        taken[intents[place]] += 1
        if taken[intents[place]] <= share:
            kept.append(int(place))
    return sorted(kept)


def foreignness(signs: Floats, scale: Floats) -> Floats:
    """How unlike everything known, a number a row: a low best score, far neighbours, and a pull
    towards the foreign examples, each in deviations of unseen examples (`scale`: mean, deviation).
    """
    result: Floats = ((signs - scale[0]) / scale[1]) @ SIGN_WEIGHTS
    return result


def nearest(cosines: Floats) -> Floats:
    """Mean cosine to the nearest neighbours, a row a message."""
    first = max(cosines.shape[1] - NEIGHBOURS, 0)
    result: Floats = np.partition(cosines, first, axis=1)[:, first:].mean(axis=1)
    return result


def _candidates(cosines: Floats) -> Floats:
    """Those among which the nearest neighbours are, for less than sorting them all costs.

    Of the largest in each of many heaps, as many as there are neighbours are no nearer than these.
    """
    heaps = len(cosines) // HEAP
    if heaps < NEIGHBOURS:
        return cosines
    largest = cosines[: heaps * HEAP].reshape(HEAP, heaps).max(axis=0)
    least = np.partition(largest, heaps - NEIGHBOURS)[heaps - NEIGHBOURS]
    found: Floats = cosines[cosines >= least]
    return found


def _nearness_unseen(inside: Floats, everything: Floats, folds: Sequence[Whole]) -> Floats:
    """Each row's nearness to the examples outside its own fold."""
    result = np.empty(len(everything), np.float32)
    fold_of = np.empty(len(everything), np.intp)
    for place, fold in enumerate(folds):
        fold_of[fold] = place
    for start in range(0, len(everything), ROWS):
        rows = slice(start, start + ROWS)
        cosines = everything[rows] @ inside.T
        cosines[fold_of[rows, None] == fold_of[: len(inside)]] = -np.inf
        result[rows] = nearest(cosines)
    return result
