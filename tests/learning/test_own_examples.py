"""What a model says of its own examples, read from its file."""

from __future__ import annotations

import tarfile
from pathlib import Path

import numpy as np

from bot.assistant.nlu.intents import Unseen
from bot.assistant.nlu.model_card import CURVE, save_curve
from bot.learning.own_examples import OwnExamples, own_examples


def test_only_requests_count_and_a_model_that_is_gone_says_nothing(tmp_path: Path) -> None:
    unseen = Unseen(
        confidence=np.array([0.75, 0.25, 0.1]),
        correct=np.array([True, False, False]),
        refused=np.array([False, True, True]),
        predicted=np.array([0, 1, 0]),
        inside=2,
    )
    curve = tmp_path / CURVE
    save_curve(curve, unseen, ["greet", "thank"])
    with tarfile.open(tmp_path / "one.tar.gz", "w:gz") as archive:
        archive.add(curve, f"components/intents/{CURVE}")
    with tarfile.open(tmp_path / "silent.tar.gz", "w:gz"):
        pass
    (tmp_path / "torn.tar.gz").write_bytes(b"torn")

    expected = OwnExamples(examples=2, confidence=0.5, refused=0.5, accuracy=0.5)
    assert own_examples(tmp_path, "one.tar.gz") == expected
    assert own_examples(tmp_path / "one.tar.gz", "one.tar.gz") == expected
    for name in ("silent.tar.gz", "torn.tar.gz", "gone.tar.gz"):
        assert own_examples(tmp_path, name) is None
