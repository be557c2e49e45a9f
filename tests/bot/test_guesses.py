"""Guesses at what only one person should know, counted over all conversations."""

from __future__ import annotations

from tests.client import Warmline

RIGHT, WRONG = "BS1 4DJ", "M1 1AA"


async def prove(warmline: Warmline, name: str, postcode: str) -> str:
    """The last thing said to somebody new who gives 10432 and this postcode."""
    await warmline.texts(name, "where is my order 10432?")
    return (await warmline.texts(name, postcode))[0]


async def test_who_knows_the_postcode_may_say_it_often(warmline: Warmline) -> None:
    for number in range(8):
        assert "hiking boots" in await prove(warmline, f"home {number}", RIGHT)


async def test_after_five_wrong_ones_a_right_guess_is_not_heard_either(
    warmline: Warmline,
) -> None:
    said = {await prove(warmline, f"guesser {number}", WRONG) for number in range(5)}
    said.add(await prove(warmline, "guesser 5", RIGHT))
    assert len(said) == 1, "nothing tells a right guess from a wrong one"
    assert "can't find" in said.pop()


async def test_four_wrong_ones_leave_the_owner_a_chance(warmline: Warmline) -> None:
    for number in range(4):
        await prove(warmline, f"guesser {number}", WRONG)
    assert "hiking boots" in await prove(warmline, "owner", RIGHT)
