"""Old beside new: the figures of two models' evidence, and what changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from bot.assistant.nlu.intents import Unseen
from bot.assistant.reply import OUT_OF_SCOPE
from bot.learning.beside import beside, paired
from bot.learning.evidence import Evidence, by_intent, of_parses, of_unseen


def evidence(*said: tuple[str, str, int]) -> Evidence:
    """So many messages of each truth, read so."""
    pairs = [(truth, read) for truth, read, count in said for _ in range(count)]
    return Evidence(
        truth=tuple(truth for truth, _ in pairs),
        said=tuple(read for _, read in pairs),
        confidence=np.linspace(0.2, 0.99, len(pairs)),
        refused=np.array([truth == OUT_OF_SCOPE for truth, _ in pairs], bool),
        foreignness=np.array([float(truth == OUT_OF_SCOPE) for truth, _ in pairs]),
    )


OLD = evidence(("a", "a", 30), ("a", "b", 20), ("b", "b", 40), (OUT_OF_SCOPE, "a", 20))
NEW = evidence(
    ("a", "a", 45), ("a", "b", 5), ("b", "b", 30), ("b", "c", 10), (OUT_OF_SCOPE, "b", 20)
)


def test_what_changed_most_stands_first() -> None:
    found = beside(OLD, NEW)
    assert found["accuracy"]["old"]["value"] == pytest.approx(70 / 90, abs=1e-4)
    assert found["accuracy"]["new"]["value"] == pytest.approx(75 / 90, abs=1e-4)
    assert found["out_of_scope"]["recall"]["new"]["value"] == 1.0
    assert found["out_of_scope"]["auroc"]["new"]["value"] == 1.0
    assert [row["intent"] for row in found["intents"]] == ["a", "b", "c"]
    assert found["intents"][0]["change"] > 0
    assert found["intents"][2]["change"] is None  # only one of them knows it
    assert [
        (row["intent"], row["taken_for"], row["old"], row["new"]) for row in found["confusions"]
    ] == [("a", "b", 20, 5), ("b", "c", 0, 10)]


def test_figures_of_an_intent_count_what_was_wrongly_taken_for_it() -> None:
    counts = by_intent(OLD)["b"]
    assert (counts.right, counts.missed, counts.wrongly) == (40, 0, 20)
    assert counts.recall.value == 1.0
    assert counts.precision.value == pytest.approx(2 / 3, abs=1e-4)


def test_the_same_messages_are_paired() -> None:
    old = evidence(("a", "a", 5), ("a", "b", 5))
    new = evidence(("a", "a", 4), ("a", "b", 1), ("a", "a", 5))
    assert paired(old, new) == {
        "asked": 10,
        "old_right": 5,
        "new_right": 9,
        "fixed": 5,
        "broken": 1,
        "p": 0.21875,
    }


@pytest.mark.parametrize(
    "said", [(), (("a", "a", 1),), (("a", "a", 60),), ((OUT_OF_SCOPE, "a", 60),)]
)
def test_nothing_one_label_or_one_intent_say_little_and_break_nothing(
    said: Sequence[tuple[str, str, int]],
) -> None:
    for old in (None, evidence(*said)):
        found = beside(old, evidence(*said))
        assert found["out_of_scope"]["auroc"]["new"]["value"] is None
        assert found["confusions"] == []


def test_evidence_comes_from_parse_data() -> None:
    parsed: list[dict[str, Any]] = [
        {
            "intent": {"name": "nlu_fallback"},
            "intent_ranking": [
                {"name": "nlu_fallback", "confidence": 0.4},
                {"name": "a", "confidence": 0.4},
            ],
            "out_of_scope": {"score": 2.5, "refused": True},
        },
        {"intent": {"name": None}},
    ]
    found = of_parses(["a", "b"], parsed)
    assert found.said == ("a", OUT_OF_SCOPE)
    assert found.correct.tolist() == [True, False]
    assert found.refused.tolist() == [True, False]


def test_a_model_that_kept_no_truth_has_no_evidence() -> None:
    some = np.array([0, 1, 0])
    unseen = Unseen(np.ones(3, np.float32), some == 0, some == 9, some, inside=2)
    assert of_unseen(None, ["a", "b"]) is None
    assert of_unseen(unseen, ["a", "b"]) is None
    known = Unseen(
        np.ones(3, np.float32),
        some == 0,
        some == 9,
        some,
        2,
        np.array([0, 1, -1]),
        np.ones(3, np.float32),
    )
    found = of_unseen(known, ["a", "b"])
    assert found is not None
    assert found.truth == ("a", "b", OUT_OF_SCOPE)
    assert found.said == ("a", "b", "a")
