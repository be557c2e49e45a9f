"""Clusters of messages: what is put together, and what bad input leaves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.errors import SetupError
from bot.learning import clusters
from bot.learning.clustering import discover
from bot.learning.clusters import FEWEST, centred, find_clusters
from bot.learning.keywords import NAMELESS, find_keywords, suggest_name
from bot.learning.training_examples import TrainingExample, read_training_examples

WARRANTY = [
    "does the warranty cover a broken zip",
    "how long is the warranty on the tent",
    "is my jacket still under warranty",
    "warranty claim for my boots",
    "what does your warranty cover",
    "I want to make a warranty claim",
]
GIFTS = [
    "can you wrap it as a gift",
    "do you offer gift wrapping",
    "gift wrap please",
    "how much is gift wrapping",
    "I'd like it gift wrapped with a card",
    "is gift wrapping free",
]
KNOWN = [
    TrainingExample(text, intent, "nlu/a.yml", 1)
    for intent, text in (
        ("track_order", "where is my parcel"),
        ("track_order", "when does my order arrive"),
        ("open_account", "I want an account"),
        ("open_account", "how do I register"),
        ("return_item", "I want to send it back"),
        ("return_item", "where do I return this jacket"),
    )
]


def points(*counts: int, spread: float = 0.1) -> clusters.Floats:
    """So many rows around each of some directions at right angles."""
    rng = np.random.default_rng(0)
    rows = [
        np.eye(16)[at] + rng.normal(0, spread, 16)
        for at, count in enumerate(counts)
        for _ in range(count)
    ]
    return centred(np.array(rows, np.float32), np.zeros(16, np.float32))


def test_rows_of_one_direction_are_a_cluster_and_few_are_none() -> None:
    found = find_clusters(points(6, 9, FEWEST - 1), [1] * (15 + FEWEST - 1))
    assert [sorted(one.members) for one in found] == [list(range(6, 15)), list(range(6))]


def test_copies_count_as_messages() -> None:
    assert find_clusters(points(1), [FEWEST - 1]) == []
    (alone,) = find_clusters(points(1), [FEWEST])
    assert alone.members == [0]


def test_the_most_typical_comes_first() -> None:
    placed = centred(
        np.array([[1, 0.9], [1, 0.1], [1, 0], [1, -0.1], [1, 0.2]], np.float32),
        np.zeros(2, np.float32),
    )
    (found,) = find_clusters(placed, [1] * 5)
    assert found.members[-1] == 0


def test_what_is_beyond_those_compared_joins_what_was_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clusters, "MOST_COMPARED", 12)
    order = [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11]
    placed = np.concatenate([points(6, 6)[order], points(1, 1), -points(1)])
    found = find_clusters(placed, [1] * 15)
    assert sorted(len(one.members) for one in found) == [7, 7]  # the last row is unlike all


def test_keywords_tell_groups_apart_and_leave_out_what_one_message_has() -> None:
    texts = [*WARRANTY, "warranty for Ludmila", *GIFTS]
    warranty, gifts = find_keywords(texts, [range(7), range(7, 13)])
    assert warranty[0] == "warranty"
    assert "gift" in " ".join(gifts)
    assert not any("ludmila" in word for word in warranty)
    assert find_keywords(["the", "and"], [[0], [1]]) == [[], []]


def test_a_suggested_name_is_a_name_that_is_free() -> None:
    assert suggest_name(["gift wrapping", "card"], set()) == "gift_wrapping_card"
    assert suggest_name(["café"], {"cafe"}) == "cafe_2"
    assert suggest_name([], {NAMELESS, f"{NAMELESS}_2"}) == f"{NAMELESS}_3"


def test_two_requests_are_found_among_others_and_a_dismissed_one_stays_away() -> None:
    texts = [*WARRANTY, *GIFTS, WARRANTY[0].upper(), "!!!", "my cat is called Tom"]
    told: list[float] = []
    found = discover(texts, KNOWN, [], told.append)
    members = [sorted(place for copies in one.copies for place in copies) for one in found]
    assert members == [[0, 1, 2, 3, 4, 5, 12], [6, 7, 8, 9, 10, 11]]
    assert "warranty" in found[0].name
    assert "gift" in found[1].name
    assert found[0].nearest in {"track_order", "open_account", "return_item"}
    assert told == sorted(told)
    again = discover([*texts, "warranty please"], KNOWN, [found[0].centre], told.append)
    assert [one.name for one in again] == [found[1].name]


@pytest.mark.parametrize(
    ("texts", "sizes"),
    [([], []), (["hello there"], []), (["???"] * 20, []), (["same words"] * 20, [20])],
)
def test_bad_input_leaves_no_cluster_or_the_one_there_is(
    texts: list[str], sizes: list[int]
) -> None:
    found = discover(texts, [], [], lambda share: None)
    assert [sum(len(copies) for copies in one.copies) for one in found] == sizes


def test_examples_have_their_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "nlu").mkdir()
    (tmp_path / "nlu" / "a.yml").write_text(
        'version: "3.1"\nnlu:\n  - intent: track_order\n    examples: |\n'
        "      - where is [O-1](order_number)\n      - parcel?\n  - synonym: x\n"
        "    examples: |\n      - y\n"
    )
    (tmp_path / "rules.yml").write_text("rules: []\n")
    assert read_training_examples(tmp_path) == [
        TrainingExample("where is O-1", "track_order", "nlu/a.yml", 5),
        TrainingExample("parcel?", "track_order", "nlu/a.yml", 6),
    ]
    (tmp_path / "nlu" / "b.yml").write_text("nlu: [\n")
    with pytest.raises(SetupError, match=r"b\.yml"):
        read_training_examples(tmp_path)
