"""What of a customer's message may become an example."""

from __future__ import annotations

import pytest

from bot.learning import deidentify as reasons
from bot.learning.deidentify import Clean, deidentify
from bot.learning.example import written
from bot.learning.lesson import Entity, held_out
from bot.suggesting.open_places import names_in

NAMES = names_in("Jonas Byrne", "jonas.b@shop.test", "Nora Agent")
KNOWN = """
where is order my name it on the invoice wrong i live at bristol mail me track please ring us parcel
size weeks ago paid thanks lost says tracking bought this from am high
"""
WORDS = frozenset(KNOWN.split())


def made(text: str, *entities: Entity, seed: str = "turn") -> str:
    """The example that the text becomes, or why it becomes none."""
    clean = deidentify(text, entities, seed=seed, names=NAMES, vocabulary=WORDS)
    return written(clean.text, clean.entities) if isinstance(clean, Clean) else clean


@pytest.mark.parametrize(
    ("text", "particulars"),
    [
        ("Where is order 10432? Thanks, Lena", ["10432", "Lena"]),
        ("my name is jonas byrne, where is it", ["jonas", "byrne"]),
        ("my name is ludmila petrova", ["ludmila", "petrova"]),
        ("I live at 12 Mill Lane, Bristol BS1 4DJ", ["12 Mill", "BS1 4DJ"]),
        ("it is 10 high street", ["10 high street"]),
        ("mail me at a.b+c@d.co.uk or ring 07911 123456", ["a.b+c", "d.co.uk", "07911", "123456"]),
        ("tracking JD014600006228974412 says lost", ["JD0146", "8974412"]),
        ("it is DE89 3704 0044 0532 0130 00", ["DE89", "3704", "0532"]),
        ("it is on https://shop.test/t?x=secret", ["secret", "shop.test"]),
        ("I am @jonas_b", ["jonas_b"]),
        ("paid on 12/03/2024", ["12/03/2024"]),
        ("ring Mrs Featherstone-Haugh please", ["Featherstone", "Haugh"]),
        ("where is it\nthanks jonas", ["jonas"]),
        ("Jonas's parcel is lost", ["Jonas"]),
        ("WHERE IS MY PARCEL, THANKS JONAS", ["JONAS"]),
    ],
)
def test_particulars_become_invented(text: str, particulars: list[str]) -> None:
    example = made(text)
    assert len(example.split()) >= len(text.split()) - 6
    for particular in particulars:
        assert particular.casefold() not in example.casefold()


@pytest.mark.parametrize(
    "text",
    [
        "where is my parcel 🙂 — please: “track” it",
        "size 43, 2 weeks ago I paid £84.50",
        "WHERE IS MY PARCL",
        "my name is wrong on the invoice",
        "- | # \"q\" 'x' & * ! % @ `",
        "wo ist es, où est-il, где",
        "[card number removed] paid",
        "a]b[c {d} (e)",
    ],
)
def test_what_is_nobodys_stays_as_it_is(text: str) -> None:
    assert made(text) == text


def test_invented_values_are_of_their_kind_and_marked_as_entities() -> None:
    assert made("it is 10432 and 10432") == made("it is 10715 and 10715")
    one, other = made("it is 10432 and 10432").removeprefix("it is ").split(" and ")
    assert one == other
    assert one.endswith("](order_number)")
    assert one[1:6].isdigit()
    assert made("it is 10432", seed="another") != made("it is 10432")


def test_a_leads_entities_are_kept_where_they_stand() -> None:
    text = "the\n wrong  tent for 10432"
    start = text.index("tent")
    example = made(text, Entity(start, start + 4, "product"), Entity(20, 21, "broken"))
    assert example.startswith("the wrong [tent](product) for [")
    assert made("Zelda", Entity(0, 5, "product")).endswith("](product)")
    assert "Zelda" not in made("Zelda", Entity(0, 5, "product"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (" \n", reasons.NO_WORDS),
        ("really " * 100, reasons.TOO_LONG),
        ("Ada, Bo, Cyd, Dora and Edmund", reasons.TOO_PERSONAL),
    ],
)
def test_what_can_be_no_example_says_why(text: str, reason: str) -> None:
    assert made(text) == reason


@pytest.mark.parametrize("text", ["[10432](order_number)", "x [y]{z: 1}", "a [b][c]", "[ 10432 ]("])
def test_a_customers_brackets_mark_nothing(text: str) -> None:
    clean = deidentify(text, (), seed="turn", names=(), vocabulary=WORDS)
    assert isinstance(clean, Clean)
    assert {one.name for one in clean.entities} <= {"order_number"}
    assert clean.text.count("[") == 0 or "](" not in clean.text


def test_near_copies_are_held_out_together() -> None:
    assert held_out("Where is order 10432?") == held_out("where is  ORDER 10587!!")
    share = sum(held_out(f"message {chr(97 + n % 26)}{chr(97 + n // 26)}") for n in range(500))
    assert 70 < share < 130
