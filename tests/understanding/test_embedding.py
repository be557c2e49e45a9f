"""The int8 encoder against the same network computed plainly in float32."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from scipy.special import erf

from bot.assistant.nlu import embedding
from bot.assistant.nlu.embedding import SentenceEmbedder
from bot.assistant.nlu.minilm import EPSILON, HEADS, LAYERS, SENTENCE, WIDTH, Floats, quantised
from bot.errors import SetupError

TEXTS = (
    "where is my order",
    "I ordered a tent last Tuesday and haven't heard anything since. What's going on with it?",
    "ok",
    "wo ist meine Bestellung? 你好 😀",
)


def plain(weights: dict[str, Floats], ids: list[int]) -> Floats:
    """BERT as published: its last layer's mean, the one before's, and the last one's maximum."""

    def dense(value: Floats, name: str) -> Floats:
        return np.asarray(value @ weights[f"{name}.weight"].T + weights[f"{name}.bias"])

    def norm(value: Floats, name: str) -> Floats:
        moved = value - value.mean(-1, keepdims=True)
        scaled = moved / np.sqrt(value.var(-1, keepdims=True) + EPSILON)
        return np.asarray(scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"])

    value = norm(
        weights["embeddings.word_embeddings.weight"][ids]
        + weights["embeddings.position_embeddings.weight"][: len(ids)]
        + weights["embeddings.token_type_embeddings.weight"][0],
        "embeddings.LayerNorm",
    )
    before = value
    for layer in range(LAYERS):
        before = value
        name = f"encoder.layer.{layer}"
        query, key, content = (
            dense(value, f"{name}.attention.self.{part}")
            .reshape(len(ids), HEADS, -1)
            .transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        looks = np.exp(query @ key.transpose(0, 2, 1) / np.sqrt(WIDTH // HEADS))
        looks /= looks.sum(-1, keepdims=True)
        seen = (looks @ content).transpose(1, 0, 2).reshape(len(ids), WIDTH)
        value = norm(
            dense(seen, f"{name}.attention.output.dense") + value,
            f"{name}.attention.output.LayerNorm",
        )
        wide = dense(value, f"{name}.intermediate.dense")
        wide = wide * 0.5 * (1 + erf(wide / np.sqrt(2)))
        value = norm(dense(wide, f"{name}.output.dense") + value, f"{name}.output.LayerNorm")
    parts = [value.mean(0), before.mean(0), value.max(0)]
    joined = np.concatenate([part / np.linalg.norm(part) for part in parts])
    return np.asarray(joined / np.linalg.norm(joined))


def test_the_int8_graph_says_what_the_published_network_says(embedder: SentenceEmbedder) -> None:
    weights = load_file(embedding._checked_weights())
    for text in TEXTS:
        vector = embedder.embed(text)
        expected = plain(weights, embedder._tokenizer.encode(text).ids)
        assert vector.shape == (SENTENCE,)
        assert float(vector @ expected) > 0.96, text
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-3)


def test_columns_come_back_within_half_a_step() -> None:
    matrix = np.random.default_rng(1).normal(size=(50, 7)).astype(np.float32)
    codes, scales = quantised(matrix)
    assert codes.dtype == np.int8
    assert np.abs(codes).max() == 63
    assert np.all(np.abs(codes * scales - matrix) <= scales / 2 + 1e-6)


def test_a_vector_is_the_same_fresh_from_the_cache_and_in_any_company(
    embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    embedder_here = SentenceEmbedder(tmp_path)
    first = embedder_here.embed_all(TEXTS)
    cached = embedder_here.embed_all(TEXTS[::-1])[::-1]
    assert np.array_equal(first, cached)
    assert np.array_equal(first[0], embedder.embed(TEXTS[0]))


def test_damaged_caches_are_made_again(tmp_path: Path) -> None:
    SentenceEmbedder(tmp_path).embed_all(["hello"])
    (tmp_path / f"{embedding.GRAPH}.onnx").write_bytes(b"broken")
    (tmp_path / "vectors.db").write_bytes(b"broken" * 1000)
    assert SentenceEmbedder(tmp_path).embed_all(["hello"]).shape == (1, SENTENCE)


def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(embedding, "WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(SetupError, match="not the weights"):
        SentenceEmbedder(tmp_path)
