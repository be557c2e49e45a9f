"""What the live model says of its own examples, each as if it had not seen it."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.assistant.model import file_in
from bot.assistant.nlu.model_card import CURVE, load_curve


@dataclass(frozen=True, slots=True)
class OwnExamples:
    """How many there are of requests, their mean confidence, and the shares refused and right."""

    examples: int
    confidence: float
    refused: float
    accuracy: float


def own_examples(models: Path, model: str) -> OwnExamples | None:
    """Of the model of that name, in a folder or as the file itself; None when it says nothing, or
    its file is gone. Blocks at the first time of asking."""
    path = models if models.is_file() else models / model
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, tarfile.TarError):
        return None


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int) -> OwnExamples | None:
    content = file_in(path, CURVE)
    if content is None:
        return None
    unseen, _names = load_curve(io.BytesIO(content))
    inside = slice(unseen.inside)
    return OwnExamples(
        examples=unseen.inside,
        confidence=float(unseen.confidence[inside].mean()),
        refused=float(unseen.refused[inside].mean()),
        accuracy=float(unseen.correct[inside].mean()),
    )
