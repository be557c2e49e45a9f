"""Things, sizes and numbers as customers name them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from actions import goods
from actions.context.model import OrderItem, Product

CLOTHES = ("XS", "S", "M", "L", "XL", "XXL")
SHOES = ("UK 4", "UK 5", "UK 9", "UK 10")
SOCKS = ("UK 3-5", "UK 6-8", "UK 9-11")
NAMES = (
    "hiking boots",
    "rain jacket",
    "down jacket",
    "wool socks",
    "wool jumper",
    "two-person tent",
    "first aid kit",
    "beanie",
    "sun hat",
    "down sleeping bag",
    "sleeping mat",
)


def product(name: str) -> Product:
    return Product(name, name, Decimal(1), "GBP", "/", {}, {"": 1})


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("the boots", ["hiking boots"]),
        ("a hat please", ["sun hat"]),
        ("put a jacket in", ["rain jacket", "down jacket"]),
        ("the down jacket", ["down jacket"]),
        ("sleeping mat", ["sleeping mat"]),
        ("a beenie", ["beanie"]),
        ("two mugs", []),
        ("the two-person one", ["two-person tent"]),
        ("the first one", []),
        ("take it down to one", []),
        ("BOOTS!!", ["hiking boots"]),
        ("", []),
    ],
)
def test_products_are_named(text: str, names: list[str]) -> None:
    found = goods.products_named(text, [product(name) for name in NAMES])
    assert [each.name for each in found] == names


@pytest.mark.parametrize(
    ("text", "sizes", "size"),
    [
        ("make that a medium instead of a large please, order 11204", CLOTHES, "M"),
        ("from m to xl", CLOTHES, "XL"),
        ("extra large", CLOTHES, "XL"),
        ("it's too big, I'd like s", CLOTHES, "S"),
        ("S or M", CLOTHES, None),
        ("UK 9", SHOES, "UK 9"),
        ("a nine please", SHOES, "UK 9"),
        ("size 10 not 9", SHOES, "UK 10"),
        ("6 to 8", SOCKS, "UK 6-8"),
        ("size 42", SHOES, None),
        ("£9.00", SHOES, None),
        ("order 10640", SHOES, None),
        ("bigger", CLOTHES, None),
    ],
)
def test_sizes_are_named(text: str, sizes: tuple[str, ...], size: str | None) -> None:
    assert goods.size_in(text, sizes) == size


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("two pairs of socks, not one", 2),
        ("only 1 mug not 3!!", 1),
        ("can i have 2 instead of 1", 2),
        ("make it one", 1),
        ("reduce them from 4 to two", 2),
        ("in order 10640", None),
        ("-3", None),
        ("2.5", None),
        ("£20", None),
        ("20%", None),
        ("2 or 3", None),
        ("size 9", None),
        ("UK 9", None),
        ("a few", None),
    ],
)
def test_numbers_of_things_are_named(text: str, count: int | None) -> None:
    assert goods.count_in(text) == count


def test_lines_are_told_in_full() -> None:
    boots = OrderItem("A", "hiking boots", "UK 9", 1, Decimal(129))
    socks = OrderItem("B", "wool socks", "UK 6-8", 2, Decimal(16))
    mug = OrderItem("C", "enamel mug", None, 1, Decimal(12))
    assert goods.lines_text([mug]) == "enamel mug"
    assert (
        goods.lines_text([boots, socks, mug])
        == "hiking boots (UK 9), 2 × wool socks (UK 6-8) and enamel mug"  # noqa: RUF001
    )
