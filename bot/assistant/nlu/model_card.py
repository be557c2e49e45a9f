"""What a model promises and on what evidence, stored with it as JSON."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np

from bot.assistant.calibration import Threshold, calibration_error, find_threshold
from bot.assistant.nlu.intents import IntentModel, Unseen

CURVE = "unseen.npz"
PROVISIONAL = (
    "Provisional: judged on the project's own examples, each as if it had not been seen. They are "
    "no random sample of what customers write, so nothing is guaranteed for live traffic."
)


def make_card(
    examples: Sequence[tuple[str, str]],
    unseen: Unseen,
    model: IntentModel,
    *,
    accepted_wrong_rate: float,
    guarantee: float,
) -> dict[str, Any]:
    """The card: data, quality on unseen examples, and the threshold with its bound."""
    inside = unseen.inside
    counts = Counter(intent for _, intent in examples)
    threshold = threshold_of(unseen, rate=accepted_wrong_rate, guarantee=guarantee)
    listed = "\n".join(sorted(f"{intent}\t{text}" for text, intent in examples))
    return {
        "made_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "data": {
            "sha256": hashlib.sha256(listed.encode(errors="replace")).hexdigest(),
            "examples": len(examples),
            "out_of_scope_examples": len(examples) - sum(counts[name] for name in model.names),
            "intents": len(model.names),
            "fewest_examples": {name: counts[name] for name in fewest_first(model.names, counts)},
        },
        "unseen_examples": {
            "accuracy": round(float(unseen.correct[:inside].mean()), 4),
            "calibration_error": round(
                calibration_error(unseen.confidence[:inside], unseen.correct[:inside]), 4
            ),
            "refused": round(float(unseen.refused[:inside].mean()), 4),
            "out_of_scope_refused": round(float(unseen.refused[inside:].mean()), 4)
            if len(unseen.refused) > inside
            else None,
        },
        "provisional": True,
        "statement": PROVISIONAL,
        "threshold": {**asdict(threshold), "coverage": round(threshold.coverage, 4)},
    }


def fewest_first(names: Sequence[str], counts: Counter[str]) -> list[str]:
    """The five intents with the fewest examples."""
    return sorted(names, key=lambda name: counts[name])[:5]


def threshold_of(unseen: Unseen, *, rate: float, guarantee: float) -> Threshold:
    """The threshold for messages that are answered unless refused as out of scope."""
    trusted = np.where(unseen.refused, 0.0, unseen.confidence)
    return find_threshold(trusted, unseen.correct, rate=rate, guarantee=guarantee)


def save_curve(path: Path, unseen: Unseen, names: Sequence[str]) -> None:
    """Keep the evidence, so that another accepted rate needs no training."""
    np.savez_compressed(
        path,
        confidence=unseen.confidence.astype(np.float32),
        correct=unseen.correct,
        refused=unseen.refused,
        predicted=unseen.predicted.astype(np.int32),
        inside=np.array(unseen.inside),
        names=np.array(names),
    )


def load_curve(path: Path) -> tuple[Unseen, list[str]]:
    """Read what `save_curve` wrote."""
    with np.load(path, allow_pickle=False) as file:
        unseen = Unseen(
            confidence=file["confidence"],
            correct=file["correct"],
            refused=file["refused"],
            predicted=file["predicted"],
            inside=int(file["inside"]),
        )
        return unseen, [str(name) for name in file["names"]]
