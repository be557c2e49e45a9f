"""Clustering in a process of its own, which bot.learning.discover starts.

It reads one JSON object from its input and writes progress and the result as lines of JSON. It
keeps no vector of what customers wrote, and stands back for whoever answers them.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.assistant.nlu.embedding import SentenceEmbedder
from bot.folding import folded
from bot.learning.clusters import Floats, centred, find_clusters
from bot.learning.keywords import find_keywords, suggest_name
from bot.learning.training_examples import TrainingExample, read_training_examples

# Cosine of two clusters' middles: halves of one intent reach 0.92, other intents 0.89.
SAME_CLUSTER = 0.92
READING = 0.85  # of the progress
STAND_BACK = 10
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Found:
    """A cluster of the messages that were given: `copies` are the places of each of its texts, the
    most typical first. `centre` is its meaning (float16, base64), by which it is known again."""

    name: str
    keywords: list[str]
    nearest: str | None
    similarity: float | None
    centre: str
    copies: list[list[int]]


def discover(
    texts: Sequence[str],
    examples: Sequence[TrainingExample],
    dismissed: Sequence[str],
    progress: Progress,
) -> list[Found]:
    """Clusters of the messages, without those like one that was dismissed."""
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        if any(one.isalpha() for one in text):  # without a letter there is nothing to learn
            places.setdefault(folded(text), []).append(place)
    copies = list(places.values())
    if not copies:
        return []
    embedder = SentenceEmbedder()
    known = embedder.embed_all([example.text for example in examples])
    said = _embedded(embedder, [texts[each[0]] for each in copies], progress)
    mean = known.mean(axis=0) if len(known) else np.zeros(said.shape[1], np.float32)
    placed = centred(said, mean)
    clusters = find_clusters(placed, [len(each) for each in copies])
    progress(0.95)
    intents, middles = _middles(examples, centred(known, mean))
    keywords = find_keywords(
        [texts[each[0]] for each in copies], [cluster.members for cluster in clusters]
    )
    taken, found = set(intents), []
    unwanted = [np.frombuffer(base64.b64decode(one), np.float16) for one in dismissed]
    for cluster, words in zip(clusters, keywords, strict=True):
        centre = said[cluster.members].mean(axis=0)
        centre = (centre / max(float(np.linalg.norm(centre)), 1e-6)).astype(np.float16)
        if any(float(centre @ one.astype(np.float32)) >= SAME_CLUSTER for one in unwanted):
            continue
        alike = middles @ cluster.centre
        name = suggest_name(words, taken)
        taken.add(name)
        found.append(
            Found(
                name=name,
                keywords=words,
                nearest=intents[int(alike.argmax())] if intents else None,
                similarity=round(float(alike.max()), 3) if intents else None,
                centre=base64.b64encode(centre.tobytes()).decode(),
                copies=[copies[row] for row in cluster.members],
            )
        )
    return found


def _embedded(embedder: SentenceEmbedder, texts: Sequence[str], progress: Progress) -> Floats:
    vectors = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for done, vector in enumerate(pool.map(embedder.embed, texts), start=1):
            vectors.append(vector)
            if done % 100 == 0:
                progress(READING * done / len(texts))
    return np.stack(vectors)


def _middles(examples: Sequence[TrainingExample], placed: Floats) -> tuple[list[str], Floats]:
    intents = sorted({example.intent for example in examples})
    if not intents:
        return [], np.zeros((0, placed.shape[1]), np.float32)
    rows = np.array([intents.index(example.intent) for example in examples])
    middles = np.stack([placed[rows == place].mean(axis=0) for place in range(len(intents))])
    return intents, centred(middles, np.zeros(placed.shape[1], np.float32))


def main() -> None:
    os.nice(STAND_BACK)
    asked: dict[str, Any] = json.load(sys.stdin)
    found = discover(
        asked["texts"],
        read_training_examples(Path(asked["data"])),
        asked["dismissed"],
        lambda share: print(json.dumps({"progress": share}), flush=True),
    )
    print(json.dumps({"found": [asdict(one) for one in found]}), flush=True)


if __name__ == "__main__":
    main()
