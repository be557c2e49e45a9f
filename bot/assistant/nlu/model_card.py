"""What a model promises and on what evidence, stored with it as JSON."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from bot.assistant.calibration import Threshold, calibration_error
from bot.assistant.nlu.intents import IntentModel, Unseen
from bot.rules import Rules

CURVE = "unseen.npz"
PROVISIONAL = (
    "Provisional: judged on the project's own examples, each as if it had not been seen. They are "
    "no random sample of what customers write, so nothing is guaranteed for live traffic."
)


def make_card(
    examples: Sequence[tuple[str, str]],
    unseen: Unseen,
    model: IntentModel,
    bounds: Mapping[str, Threshold],
    rules: Rules,
) -> dict[str, Any]:
    """The card: data, quality on unseen examples, and each risk class's threshold and bound."""
    inside = unseen.inside
    counts = Counter(intent for _, intent in examples)
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
        "thresholds": {
            name: {
                **asdict(bound),
                "coverage": round(bound.coverage, 4),
                "intents": [intent for intent in model.names if rules.risk_class(intent) == name],
            }
            for name, bound in bounds.items()
        },
    }


def fewest_first(names: Sequence[str], counts: Counter[str]) -> list[str]:
    """The five intents with the fewest examples."""
    return sorted(names, key=lambda name: counts[name])[:5]


def save_curve(path: Path, unseen: Unseen, names: Sequence[str]) -> None:
    """Keep the evidence, so that another accepted rate needs no training, and a candidate can be
    held against it."""
    later = {
        name: value.astype(kind)
        for name, value, kind in (
            ("truth", unseen.truth, np.int32),
            ("foreignness", unseen.foreignness, np.float32),
        )
        if value is not None
    }
    np.savez_compressed(
        path,
        **later,
        confidence=unseen.confidence.astype(np.float32),
        correct=unseen.correct,
        refused=unseen.refused,
        predicted=unseen.predicted.astype(np.int32),
        inside=np.array(unseen.inside),
        names=np.array(names),
    )


def load_curve(path: Path | BinaryIO) -> tuple[Unseen, list[str]]:
    """Read what `save_curve` wrote."""
    with np.load(path, allow_pickle=False) as file:
        unseen = Unseen(
            confidence=file["confidence"],
            correct=file["correct"],
            refused=file["refused"],
            predicted=file["predicted"],
            inside=int(file["inside"]),
            truth=file.get("truth"),
            foreignness=file.get("foreignness"),
        )
        return unseen, [str(name) for name in file["names"]]
