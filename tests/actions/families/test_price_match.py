"""Matching a lower price: all of it ready for a person, by the real engine over a real shop."""

from __future__ import annotations

import pytest

from tests.actions.conftest import Talk
from tests.actions.families.conftest import Customer, ShopFile

MATCH = "price_match"


async def test_all_in_one_sentence(customer: Customer) -> None:
    ava = customer("C-1007")
    words = "I paid £159 for the rain jacket and it's £129.99 at https://hills.test/jacket now"
    said = await ava.say(words, MATCH)
    assert said.names == ["utter_price_match_prepared"]
    wanted = ava.slots["handoff_request"]
    assert wanted["reason"] == "needs_approval"
    assert "https://hills.test/jacket" in wanted["evidence"]
    (prepared,) = wanted["prepared"]
    assert prepared["name"] == "refund"
    assert prepared["arguments"]["amount"] == "29.01"
    assert prepared["arguments"]["order"] == "10587"


async def test_piece_by_piece(customer: Customer) -> None:
    ava = customer("C-1007")
    said = await ava.say("do you match prices?", MATCH)
    assert said.names == ["utter_price_match_facts", "utter_ask_which_order"]
    said = await ava.say("10640", order_number="10640")
    assert said.names == ["utter_ask_price_match_item"]
    said = await ava.say("the mug", "track_order")
    assert said.names == ["utter_ask_lower_price"]
    said = await ava.say("9.50")
    assert said.names == ["utter_ask_price_link"]
    said = await ava.press(said, "In your own shop")
    assert said.values["difference"] == "£2.50"


@pytest.mark.parametrize("price", ["£159", "£200"])
async def test_no_lower_price(customer: Customer, price: str) -> None:
    said = await customer("C-1007").say(f"rain jacket for {price} at www.hills.test", MATCH)
    assert said.names == ["utter_price_not_lower"]


@pytest.mark.parametrize(
    ("price", "problem"),
    [
        ("-£20", "utter_amount_not_positive"),
        ("£20.555", "utter_amount_too_fine"),
        ("20 euros", "utter_amount_in_other_currency"),
    ],
)
async def test_a_price_that_cannot_be(customer: Customer, price: str, problem: str) -> None:
    said = await customer("C-1007").say(f"rain jacket for {price}", MATCH)
    assert said.names == [problem, "utter_ask_lower_price"]


async def test_too_long_ago_or_void(customer: Customer, shop_file: ShopFile) -> None:
    ava = customer("C-1007")
    said = await ava.say("match it", MATCH, order_number="10398")
    assert said.names == ["utter_price_match_too_late"]
    shop_file.set_order("10640", state="cancelled")
    said = await ava.say("match it", MATCH, order_number="10640")
    assert said.names == ["utter_price_match_void"]


async def test_a_guest_is_told_how_it_works(guest: Talk) -> None:
    said = await guest.say("do you match prices", MATCH)
    assert said.names == ["utter_price_match_facts", "utter_ask_order_number"]
