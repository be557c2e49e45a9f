"""The intent model: trained from texts and intents, kept as plain arrays, read by one message.

It knows nothing of Rasa; `classifier.py` puts it into Rasa's pipeline.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
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
LARGEST = 12_000  # examples; time grows with their cube, 12,000 take 1.2 GB while training


@dataclass(frozen=True, slots=True)
class Reading:
    """One message's scores; `foreignness` above the model's limit means out of scope."""

    confidences: Floats
    foreignness: float


@dataclass(frozen=True, slots=True)
class Unseen:
    """What the model says of each example as if it had not seen it, nor its near-duplicates."""

    confidence: Floats
    correct: np.ndarray[tuple[int], np.dtype[np.bool_]]
    refused: np.ndarray[tuple[int], np.dtype[np.bool_]]
    predicted: Whole


class IntentModel:
    """Examples, their pull towards each intent, and what turns scores into confidences."""

    def __init__(
        self, names: list[str], ngrams: tuple[Ngrams, Ngrams], arrays: dict[str, np.ndarray]
    ) -> None:
        self.names = names
        self.ngrams = ngrams
        self.arrays = arrays
        self._mean: Floats = arrays["mean"]
        self._meanings: Floats = arrays["meanings"]
        self._pulls: Floats = arrays["pulls"]
        self._lengths: Floats = arrays["lengths"]
        width = sum(len(kind.columns) for kind in ngrams)
        stored = (arrays["ngram_data"], arrays["ngram_columns"], arrays["ngram_ends"])
        matrix = sparse.csr_matrix(stored, shape=(len(self._meanings), width))
        self._by_ngram = matrix.T.tocsr()
        self._real = int(arrays["real"])  # the rows after these are the intents' names
        self._away: Floats = arrays["away"]
        self._at_mean: Floats = arrays["at_mean"]
        self.sharpness = float(arrays["sharpness"])
        self._trust: Floats = arrays["trust"]
        self.limit = float(arrays["limit"])
        self._scale: Floats = arrays["scale"]  # mean and deviation of top score and nearness

    def read(self, embedder: SentenceEmbedder, text: str) -> Reading:
        """The confidence of every intent, in the order of `names`, and how foreign the text is."""
        raw = embedder.embed(text)
        moved = raw - self._mean
        distance = float(np.linalg.norm(moved)) or 1.0
        alike = self._meanings @ (moved / distance)
        words, length = self._weigh(text)
        close = alike + NGRAM_WEIGHT * words
        own = np.float32(1 + NGRAM_WEIGHT * length)
        kernel = np.exp(NARROWNESS * (2 * close - self._lengths - own))
        scores = kernel @ self._pulls
        real = self._real
        offset = float(self._mean @ raw) - float(self._mean @ self._mean)
        cosines = self._away[:real] * distance * alike[:real] + self._at_mean[:real] + offset
        nearness = nearest(cosines[None])[0]
        foreign = foreignness(scores.max()[None], nearness[None], self._scale)[0]
        likely = confidences(softmax(scores[None], self.sharpness), *self._trust)
        return Reading(likely[0], float(foreign))

    def _weigh(self, text: str) -> tuple[Floats, float]:
        columns: list[int] = []
        weights: list[float] = []
        for kind, shift in zip(self.ngrams, (0, len(self.ngrams[0].columns)), strict=True):
            found, weighed = kind.weigh(text)
            columns += [column + shift for column in found]
            weights += weighed
        row = sparse.csr_matrix(
            (np.array(weights, np.float32), columns, [0, len(columns)]),
            shape=(1, self._by_ngram.shape[0]),
        )
        return (row @ self._by_ngram).toarray()[0], sum(weight * weight for weight in weights)

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
    """Learn from examples, and from `foreign` ones, which pull towards no intent at all."""
    names = sorted(set(intents))
    truth = np.array([names.index(intent) for intent in intents] + [-1] * len(foreign))
    called = [re.sub(r"[\W_]+", " ", name).strip().lower() for name in names]
    everything = [*texts, *foreign, *called]
    raw = embedder.embed_all(everything)
    inside, real = len(texts), len(texts) + len(foreign)
    mean = raw[:inside].mean(axis=0)
    moved = raw - mean
    away = np.maximum(np.linalg.norm(moved, axis=1), 1e-6).astype(np.float32)
    rarest = 1 if inside < 5_000 else 2
    kinds = (
        Ngrams.learn("word", everything[:real], rarest=rarest),
        Ngrams.learn("piece", everything[:real], rarest=rarest),
    )
    matrix = sparse.hstack([kind.matrix(everything) for kind in kinds]).tocsr()
    points = Points(moved / away[:, None], matrix)
    targets = np.zeros((len(everything), len(names)), np.float32)
    targets[np.arange(inside), truth[:inside]] = 1
    targets[np.arange(real, len(everything)), np.arange(len(names))] = 1
    noise = np.full(len(everything), NOISE, np.float32)
    noise[real:] /= NAME_WORTH
    folds = groups(raw[:real])
    with threadpool_limits(os.cpu_count(), "blas"):
        fitted = fit(points, targets, noise, folds)
    unseen = fitted.unseen[:real]
    sharpness = fit_sharpness(unseen[:inside], truth[:inside])
    probabilities = softmax(unseen, sharpness)
    predicted = probabilities.argmax(axis=1)
    trust = fit_trust(probabilities[:inside].max(axis=1), (predicted == truth)[:inside])
    likely = confidences(probabilities, *trust)
    top = unseen.max(axis=1)
    near = _nearness_unseen(raw[:inside], raw[:real], folds)
    scale = np.array([top[:inside].mean(), top[:inside].std(), near[:inside].mean(), near[:inside].std()])
    scale[[1, 3]] = np.maximum(scale[[1, 3]], 1e-6)
    foreignness_unseen = foreignness(top, near, scale)
    limit = float(np.quantile(foreignness_unseen[:inside], COVERAGE))
    arrays = {
        "mean": mean,
        "meanings": points.meanings,
        "pulls": fitted.pulls,
        "lengths": points.lengths(),
        "ngram_data": matrix.data,
        "ngram_columns": matrix.indices,
        "ngram_ends": matrix.indptr,
        "real": np.array(inside),
        "away": away,
        "at_mean": raw @ mean,
        "sharpness": np.array(sharpness),
        "trust": np.array(trust),
        "limit": np.array(limit),
        "scale": scale,
    }
    left_out = Unseen(likely.max(axis=1), predicted == truth, foreignness_unseen > limit, predicted)
    return IntentModel(names, kinds, arrays), left_out


def foreignness(top: Floats, nearness: Floats, scale: Floats) -> Floats:
    """How unlike everything known: a low best score and far neighbours, each on its own scale."""
    result: Floats = (scale[0] - top) / scale[1] + (scale[2] - nearness) / scale[3]
    return result


def nearest(cosines: Floats) -> Floats:
    """Mean cosine to the nearest neighbours, a row a message."""
    count = min(NEIGHBOURS, cosines.shape[1])
    result: Floats = -np.partition(-cosines, count - 1, axis=1)[:, :count].mean(axis=1)
    return result


def _nearness_unseen(inside: Floats, everything: Floats, folds: Sequence[Whole]) -> Floats:
    """Each row's nearness to the examples outside its own fold."""
    cosines = everything @ inside.T
    for fold in folds:
        own = fold[fold < len(inside)]
        cosines[np.ix_(fold, own)] = -1
    return nearest(cosines)
