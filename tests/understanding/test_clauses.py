"""Where a message is cut, and what a clause does."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant.nlu.clauses import clauses


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("cancel it and send me the invoice", ["cancel it", "send me the invoice"]),
        (
            "Where is it? Also, what does express cost?",
            ["Where is it", "what does express cost"],
        ),
        ("track my order; and then cancel the other", ["track my order", "cancel the other"]),
        ("return the tent, get the invoice", ["return the tent", "get the invoice"]),
        ("can I get a refund plus an invoice", ["can I get a refund", "an invoice"]),
        ("I need a label as well as an invoice", ["I need a label", "an invoice"]),
        ("I also want to return it", ["I also want to return it"]),
        ("it cost 59.90 at help@shop.test", ["it cost 59.90 at help@shop.test"]),
        (
            'what does "buy one and get one free" mean',
            ['what does "buy one and get one free" mean'],
        ),
        ("order no. 10432 please", ["order no. 10432 please"]),
        ("hello", []),
        ("...", []),
        ("", []),
    ],
)
def test_where_a_message_is_cut(text: str, pieces: list[str]) -> None:
    assert [clause.text for clause in clauses(text)] == pieces


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("where are my hiking boots and wool socks", ["asked", "part"]),
        ("cancel 10432 and 10433", ["asked", "part"]),
        ("please cancel 10432 and order 10433", ["asked", "part"]),
        ("I bought a jacket and I want to return it", ["part", "asked"]),
        ("My refund hasn't arrived. How do I close my account?", ["told", "asked"]),
        ("not packed yet? then cancel it", ["part", "asked"]),
        ("it hasn\u2019t come and I'd like my money", ["part", "asked"]),
        ("If I cancel today, what happens? Thanks", ["part", "asked", "part"]),
    ],
)
def test_what_a_clause_does(text: str, kinds: list[str]) -> None:
    assert [clause.kind for clause in clauses(text)] == kinds


@given(st.text(alphabet="ab .?!;,&\n'\"“”é1", max_size=60))
def test_a_clause_stands_where_it_says(text: str) -> None:
    found = clauses(text)
    assert all(text[one.start : one.end] == one.text for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
