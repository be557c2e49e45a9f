"""The intent model: its closed forms against the long way round, and what it makes of a message."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.assistant.nlu.embedding import SentenceEmbedder
from bot.assistant.nlu.intents import IntentModel, thinned, train
from bot.assistant.nlu.kernel import NOISE, Points, fit, likeness
from bot.assistant.nlu.near_duplicates import groups
from bot.assistant.nlu.ngrams import PIECE, Ngrams

EXAMPLES = {
    "track_order": [
        "where is my order",
        "where's my parcel?",
        "has my jacket been sent",
        "tracking says nothing",
        "when will it arrive",
        "my package is late",
    ],
    "refund": [
        "I want my money back",
        "how do refunds work",
        "give me a refund",
        "when do I get my money",
        "refund me please",
        "has the money gone back to my card",
    ],
    "opening_hours": [
        "when are you open",
        "are you open on Sunday",
        "what time do you close",
        "opening times please",
        "is the shop open today",
        "until when can I call",
    ],
}
FOREIGN = ["what's the capital of France", "play some music", "book me a flight to Rome"]
TEXTS = [text for texts in EXAMPLES.values() for text in texts]
INTENTS = [intent for intent, texts in EXAMPLES.items() for _ in texts]


@pytest.fixture(scope="module")
def model(embedder: SentenceEmbedder) -> IntentModel:
    return train(embedder, TEXTS, INTENTS, FOREIGN)[0]


@pytest.mark.parametrize(("kind", "analyzer"), [("word", "word"), ("piece", "char_wb")])
def test_ngrams_are_weighed_as_scikit_learn_weighs_them(kind: str, analyzer: str) -> None:
    sizes = (1, 2) if kind == "word" else (PIECE, PIECE)
    theirs = TfidfVectorizer(
        analyzer=analyzer, ngram_range=sizes, sublinear_tf=True, min_df=2, max_df=20
    )
    texts = [*TEXTS, *TEXTS[:5], "a b", "", "W-10432 ééé  double  space", "ordrs"]
    expected = theirs.fit_transform(texts)
    ours = Ngrams.learn("word" if kind == "word" else "piece", texts, rarest=2)
    assert list(ours.columns) == list(theirs.get_feature_names_out())
    assert abs(ours.matrix(texts) - expected).max() < 1e-6
    new = ["where is the new order then", "12345", "\n\t"]
    assert abs(ours.matrix(new) - theirs.transform(new)).max() < 1e-6


def test_unseen_scores_are_those_of_a_fit_without_the_fold() -> None:
    chance = np.random.default_rng(2)
    meanings = chance.normal(size=(30, 8)).astype(np.float32)
    meanings /= np.linalg.norm(meanings, axis=1, keepdims=True)
    points = Points(meanings, sparse.random(30, 12, 0.3, "csr", np.float32, random_state=2))
    targets = np.eye(3, dtype=np.float32)[chance.integers(0, 3, 30)]
    folds = [np.array([0, 7, 9]), *(np.array([row]) for row in range(30) if row not in (0, 7, 9))]
    noise = np.full(30, NOISE, np.float32)
    fitted = fit(points, targets, noise, folds)
    for fold in folds[:4]:
        kept = np.setdiff1d(np.arange(30), fold)
        rest = Points(points.meanings[kept], points.ngrams[kept])
        pulls = fit(rest, targets[kept], noise[kept], []).pulls
        gone = Points(points.meanings[fold], points.ngrams[fold])
        assert np.allclose(likeness(gone, rest) @ pulls, fitted.unseen[fold], atol=2e-4)


def test_near_duplicates_share_a_fold(embedder: SentenceEmbedder) -> None:
    texts = ["where is my order", "Where is my order?", "give me a refund", "where's my order"]
    found = {tuple(sorted(group)) for group in groups(embedder.embed_all(texts))}
    assert found == {(0, 1, 3), (2,)}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("my order has not come", "track_order"),
        ("can I have a refund", "refund"),
        ("open tomorrow?", "opening_hours"),
    ],
)
def test_it_understands_what_it_has_not_seen(
    model: IntentModel, embedder: SentenceEmbedder, text: str, intent: str
) -> None:
    reading = model.read(embedder, text)
    assert model.names[int(reading.confidences.argmax())] == intent
    assert reading.foreignness <= model.limit


def test_the_foreign_is_more_foreign(model: IntentModel, embedder: SentenceEmbedder) -> None:
    known = max(model.read(embedder, text).foreignness for text in ("my parcel?", "refund pls"))
    for text in ("who won the world cup in 1998", "renew my passport", "asdf jkl qwer"):
        assert model.read(embedder, text).foreignness > known


def test_it_reads_the_same_after_saving(
    model: IntentModel, embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    model.save(tmp_path)
    loaded = IntentModel.load(tmp_path)
    for text in (*TEXTS[:3], "something else", "😀"):
        one, other = model.read(embedder, text), loaded.read(embedder, text)
        assert np.array_equal(one.confidences, other.confidences)
        assert one.foreignness == other.foreignness


def test_of_too_many_examples_the_large_intents_give() -> None:
    intents = ["large"] * 90 + ["small"] * 10
    kept = [intents[place] for place in thinned(intents, 40)]
    assert kept.count("small") == 10
    assert kept.count("large") == 30
    assert thinned(intents, 100) == list(range(100))


def test_many_texts_at_once_are_read_as_one_by_one(
    model: IntentModel, embedder: SentenceEmbedder
) -> None:
    texts = [*TEXTS, *FOREIGN, "?", "qwrtz", "where is my order " * 90]
    many = model.read_all(embedder, texts)
    for text, together in zip(texts, many, strict=True):
        alone = model.read(embedder, text)
        np.testing.assert_allclose(together.confidences, alone.confidences, atol=1e-4)
        assert together.foreignness == pytest.approx(alone.foreignness, abs=1e-2)
