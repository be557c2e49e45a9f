"""Answers from the articles: what is found, what is quoted, and what is left alone."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.assistant.nlu.embedding import SentenceEmbedder
from bot.assistant.nlu.quoting import find_promise, pull
from bot.knowledge.article import Passage
from bot.knowledge.search import LONGEST_QUOTE, Search, quoted
from bot.knowledge.shelf import FOLDER, Shelf
from bot.live_model import Assistant
from tests.understanding.test_bad_input import parse

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.fixture(scope="module")
def search(embedder: SentenceEmbedder) -> Search:
    return Search(Shelf(ROOT / FOLDER), embedder)


def answered(assistant: Assistant, text: str) -> dict[str, Any] | None:
    """What would be quoted, or nothing."""
    found: Any = parse(assistant, text).get("knowledge")
    return found if found and found["score"] >= found["threshold"] else None


def write(path: Path, heading: str, text: str) -> None:
    aside = path.with_suffix(".new")
    aside.write_text(
        f"---\ntitle: {path.stem}\nurl: /help/{path.stem}\n---\n## {heading}\n{text}\n",
        encoding="utf-8",
    )
    os.replace(aside, path)


@pytest.mark.parametrize(
    ("typed", "heading"),
    [
        ("may I bring my dog into the shop", "Dogs"),
        ("wheelch", "Wheelchairs and prams"),
        ("do you res", "New soles"),
        ("MOTHS", "Moths"),
    ],
)
def test_agents_find_by_the_words_typed_so_far(search: Search, typed: str, heading: str) -> None:
    assert search.find_while_typing(typed, 5)[0].passage.heading == heading


@pytest.mark.parametrize("typed", ["?", "\u200d", "😀", "a" * 400, "'; DROP TABLE", "мой заказ"])
def test_whatever_is_typed_is_answered(search: Search, typed: str) -> None:
    assert len(search.find_while_typing(typed, 5)) == 5


def test_only_what_changed_is_embedded_anew(tmp_path: Path, embedder: SentenceEmbedder) -> None:
    embedded: list[str] = []

    class Counting(SentenceEmbedder):
        def __init__(self) -> None:
            """The real one embeds."""

        def embed_all(self, texts: Any, progress: Any = None) -> Any:
            embedded.extend(texts)
            return embedder.embed_all(texts, progress)

        def embed(self, text: str) -> Any:
            return embedder.embed(text)

    changing = Search(Shelf(tmp_path), Counting())
    assert changing.find("wax", 5) == []
    write(tmp_path / "boots.md", "Waxing boots", "Wax them twice a year.")
    write(tmp_path / "tents.md", "Pitching tents", "Begin with the corners.")
    assert changing.find("how do I wax boots", 5)[0].article.name == "boots"
    embedded.clear()
    write(tmp_path / "tents.md", "Drying tents", "Hang them up.")
    assert changing.find("how do I dry a tent", 5)[0].quote == "Hang them up."
    assert embedded
    assert not any("boots" in text for text in embedded)
    (tmp_path / "boots.md").unlink()
    assert [hit.article.name for hit in changing.find("wax boots", 5)] == ["tents"]


def test_a_quote_is_the_passages_own_words() -> None:
    short = Passage("Care", "Wax them. Often.")
    assert quoted(short, ["Wax them.", "Often."], 1) == short.text
    sentences = [f"Sentence {number} {'x' * 120}." for number in range(6)]
    quote = quoted(Passage("Care", " ".join(sentences)), sentences, 2)
    assert quote == " ".join(sentences[2:5])
    assert len(quote) <= LONGEST_QUOTE


def test_the_promise_keeps_both_rates() -> None:
    chance = np.random.default_rng(1)
    scores = chance.normal(0.5, 0.1, 300)
    right = chance.random(300) < 0.5 + scores
    foreign = chance.normal(0.2, 0.1, 800)
    promise = find_promise(
        scores, right, right, foreign, wrong_rate=0.1, foreign_rate=0.02, guarantee=0.95
    )
    assert promise.score is not None
    kept = scores >= promise.score
    assert promise.answered == kept.sum()
    assert promise.wrong == (kept & ~right).sum() <= 0.1 * promise.answered
    assert promise.foreign_answered == (foreign >= promise.score).sum() <= 0.02 * len(foreign)
    stricter = find_promise(
        scores, right, right, foreign, wrong_rate=0.1, foreign_rate=0.005, guarantee=0.95
    )
    assert stricter.score is not None
    assert stricter.score >= promise.score


@pytest.mark.parametrize("questions", [0, 5])
def test_too_few_questions_or_foreign_messages_promise_nothing(questions: int) -> None:
    scores = np.full(questions, 0.9)
    right = np.ones(questions, bool)
    promise = find_promise(
        scores, right, right, np.full(800, 0.1), wrong_rate=0.1, foreign_rate=0.02, guarantee=0.95
    )
    assert promise.score is None
    assert promise.answered == 0


def test_nothing_foreign_pulls_nothing() -> None:
    assert pull(np.zeros((3, 0), np.float32)).tolist() == [0, 0, 0]


def test_questions_nobody_tuned_by_are_answered_as_promised(assistant: Assistant) -> None:
    with (HERE / "knowledge_questions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    quotes = [(row, found) for row in rows if (found := answered(assistant, row["text"]))]
    right = [row for row, found in quotes if found["article"] == row["article"]]
    assert len(quotes) >= 45
    # The promise is one in ten; of so few quotes one or two more may be wrong by chance.
    assert len(right) / len(quotes) >= 0.88


@pytest.mark.parametrize("name", ["development", "held_out"])
def test_what_must_be_refused_still_is(assistant: Assistant, name: str) -> None:
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        foreign = [row["text"] for row in csv.DictReader(file) if row["intent"] == "out_of_scope"]
    # One asks for a student discount: there is an article about that now.
    assert len([text for text in foreign if answered(assistant, text)]) <= 1


def test_what_was_understood_is_not_looked_up(assistant: Assistant) -> None:
    for text in ("where is my order", "what are your opening hours", "/nlu_fallback"):
        assert "knowledge" not in parse(assistant, text)
