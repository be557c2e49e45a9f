"""Words that are searched for, and where a text has them."""

from __future__ import annotations

import pytest

from bot.searching import MOST_WORDS, snippet, words_of


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Where's my ORDER?", ("where", "s", "my", "order")),
        ("#WL-10432", ("wl", "10432")),
        ('"a* OR b" NOT NEAR(c)', ("a", "or", "b", "not", "near", "c")),
        ("Gru\u0308ße", ("grüße",)),
        (" *\"'_-%\\ ", ()),
        ("x " * 20, ("x",) * MOST_WORDS),
    ],
)
def test_only_letters_and_digits_are_looked_for(typed: str, words: tuple[str, ...]) -> None:
    assert words_of(typed) == words


def marked(text: str, search: str) -> str:
    parts = snippet(text, words_of(search))
    return "".join(f"[{part.text}]" if part.hit else part.text for part in parts)


def test_every_word_is_marked_and_the_last_one_from_its_beginning() -> None:
    assert marked("Order 10432: my order is late", "order 104") == (
        "[Order] [10432]: my [order] is late"
    )
    assert marked("An orderly order", "orde") == "An [orderly] [order]"
    assert marked("An orderly order", "order late") == "An orderly [order]"
    assert marked("nothing of it", "order") == "nothing of it"


def test_a_snippet_is_a_line_around_the_first_hit() -> None:
    long = "word " * 50 + "the refund that was promised " + "word " * 50
    line = marked(long, "refund")
    assert line.startswith("…word ")
    assert "the [refund] that was promised" in line
    assert line.endswith("…")
    assert len(line) < 180
    assert marked("refund " + "x" * 500, "refund").startswith("[refund] xxx")
    # A text without a space before the hit is cut where it must be.
    assert "[refund]" in marked("é" * 10 + "." * 300 + "refund", "refund")
