"""What is in stock and what is known of a product: the real engine over a real shop."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from actions.context import tables
from tests.actions.conftest import Said, Talk
from tests.actions.families.conftest import Customer, ShopFile

STOCK, INFO = "product_availability", "product_info"


@pytest.mark.parametrize(
    ("text", "left", "response"),
    [
        ("have you got the wool jumper in medium", 30, "utter_stock_enough"),
        ("have you got the wool jumper in M", 2, "utter_stock_few"),
        ("have you got the wool jumper in M", 0, "utter_stock_gone"),
        ("I need 20 wool jumpers in M", 12, "utter_stock_too_few"),
        ("I need 20 wool jumpers in M", 30, "utter_stock_enough"),
        ("have you got the wool jumper", 30, "utter_stock_by_size"),
        ("have you got the wool jumper in 3XL", 30, "utter_stock_no_such_size"),
    ],
)
async def test_the_stock_is_told(
    guest: Talk, shop_file: ShopFile, text: str, left: int, response: str
) -> None:
    shop_file.set_stock("FF-115", "M", left)
    said = await guest.say(text, STOCK)
    assert said.names == [response]
    assert said.values["product"] == "wool jumper"
    assert said.values["price"] == "£89.00"


async def test_all_sizes_are_told_with_those_that_are_gone(guest: Talk) -> None:
    said = await guest.say("which sizes of the leggings are there", STOCK)
    assert said.values["gone"] == "M and L"
    assert "Tell me when M is back" in said.buttons


@pytest.mark.parametrize(
    ("text", "size"),
    [("boots in uk 4", "UK 4"), ("a size four of the boots", "UK 4"), ("boots in 11", "UK 11")],
)
async def test_sold_out_sizes_are_watched_for_a_known_customer(
    customer: Customer, shop_file: ShopFile, text: str, size: str
) -> None:
    ava = customer("C-1007", "known")
    said = await ava.say(text, STOCK)
    assert said.names == ["utter_confirm_watch_stock"]
    assert said.values["what"] == f"hiking boots in {size}"
    said = await ava.press(said, "Yes")
    assert said.names == ["utter_done_watch_stock"]
    assert [row.size for row in shop_file.rows(sa.select(tables.stock_watches))] == [size]
    assert (await ava.press(said, "Undo")).names == ["utter_undone"]
    assert shop_file.rows(sa.select(tables.stock_watches)) == []


async def test_the_next_size_is_a_button_away(ava: Talk, shop_file: ShopFile) -> None:
    shop_file.set_stock("FF-101", "UK 10", 0)
    said = await ava.say("do you have the boots in UK 11", STOCK)
    assert list(said.buttons) == ["UK 12", "Yes", "No"]
    said = await ava.press(said, "UK 12")
    assert said.values["what"] == "hiking boots in UK 12"


async def test_a_guest_who_wants_to_hear_of_it_is_asked_who_they_are(
    guest: Talk, shop_file: ShopFile
) -> None:
    said = await guest.say("is the beanie in stock", STOCK)
    assert said.names == ["utter_stock_gone"]
    said = await guest.press(said, "Tell me when it's back")
    assert said.names == ["utter_ask_email"]
    await guest.say("isaac.1085@customer.test", email="isaac.1085@customer.test")
    said = await guest.say(shop_file.newest_code())
    assert said.names == ["utter_done_watch_stock"]


@pytest.mark.parametrize(
    ("text", "size"), [("wool socks in size 7", "UK 6-8"), ("wool socks UK 9-11", "UK 9-11")]
)
async def test_sizes_in_runs(guest: Talk, text: str, size: str) -> None:
    assert (await guest.say(text, STOCK)).values["what"] == f"wool socks in {size}"


async def test_colours_and_dates_are_not_made_up(guest: Talk) -> None:
    said = await guest.say("do you have the fleece in blue", STOCK)
    assert said.names == ["utter_stock_in_all_sizes", "utter_stock_tells_no_more"]
    assert "Talk to a person" in said.buttons


async def test_the_size_of_a_rucksack_counts_nothing(guest: Talk, shop_file: ShopFile) -> None:
    shop_file.set_stock("FF-131", "", 5)
    said = await guest.say("is the 60 l rucksack there", STOCK)
    assert said.names == ["utter_stock_enough"]


@pytest.mark.parametrize("text", ["do you sell climbing ropes", "do you have gift cards"])
async def test_what_is_not_in_the_list_is_said_to_be_unknown(guest: Talk, text: str) -> None:
    assert (await guest.say(text, STOCK)).names == ["utter_product_not_listed"]


@pytest.mark.parametrize(
    ("text", "skus"),
    [
        ("how heavy are the boots", ["Hiking boots"]),
        ("how heavy are the bots", ["utter_ask_which_product"]),
        ("how heavy is the raincoat", ["Rain jacket"]),
        ("how heavy is the coat", ["Rain jacket", "Down jacket", "Softshell jacket"]),
        ("how heavy is the two person tent", ["Two-person tent"]),
        ("how heavy is the backpack", ["60 l rucksack"]),
        ("how heavy is the sweater", ["Wool jumper"]),
        ("how heavy are the trekking poels", ["Trekking poles"]),
        ("how heavy are daypack and hammock", ["Daypack", "Hammock"]),
        ("how heavy are your things", ["utter_ask_which_product"]),
    ],
)
async def test_products_are_named_in_many_ways(guest: Talk, text: str, skus: list[str]) -> None:
    said = await guest.say(text, INFO)
    assert [each.get("product", each["response"]) for each in said.responses] == skus


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("how heavy is the rain jacket", "weight: 380 g in M"),
        ("how much is the rain jacket", "price: £159.00"),
        ("is the rain jacket waterproof and what's it made of", "waterproofing: waterproof"),
        ("does the rain jacket have a hood", "fit: regular, room for a fleece; the hood"),
        ("what sizes does the rain jacket come in", "sizes: XS, S, M, L, XL and XXL"),
        ("which gas fits the gas stove", "fuel: screw-on gas cartridges"),
        ("how warm is the down sleeping bag", "warmth: comfort −2"),  # noqa: RUF001
    ],
)
async def test_the_fact_that_was_asked_for_is_quoted(guest: Talk, text: str, facts: str) -> None:
    said = await guest.say(text, INFO)
    assert said.names == ["utter_product_facts"]
    assert said.values["facts"].startswith(facts)


@pytest.mark.parametrize(
    "text",
    ["is the wool jumper itchy", "how many pockets has the rain jacket", "is the pot warm"],
)
async def test_what_no_fact_says_is_said_to_be_unknown(guest: Talk, text: str) -> None:
    said = await guest.say(text, INFO)
    assert said.names == ["utter_fact_unknown"]
    assert "Talk to a person" in said.buttons


async def test_all_there_is_about_a_product(guest: Talk) -> None:
    said = await guest.say("tell me about the gas stove", INFO)
    assert said.values["facts"].count("; ") >= 4
    said = await guest.press(said, "Is it in stock?")
    assert said.values["product"] == "gas stove"


async def test_one_of_several_is_chosen_by_a_button(guest: Talk) -> None:
    said = await guest.say("tell me about the jacket", INFO)
    assert said.names == ["utter_which_of_these_products"]
    said = await guest.press(said, "down jacket")
    assert said.values["product"] == "Down jacket"


async def test_it_is_what_was_talked_of_last(guest: Talk) -> None:
    await guest.say("how heavy is the hammock", INFO)
    said = await guest.say("and is it in stock?", STOCK)
    assert said.values["product"] == "hammock"


async def test_it_is_the_page_just_looked_at_but_not_an_old_one(
    customer: Customer, shop_file: ShopFile
) -> None:
    erin = customer("C-1046")
    assert (await erin.say("is it waterproof?", INFO)).values["product"] == "Daypack"
    an_hour_ago = datetime.now(timezone.utc).replace(tzinfo=None) - timedelta(hours=1)
    shop_file.run(sa.update(tables.signals).values(at=an_hour_ago))
    said = await customer("C-1046").say("is it waterproof?", INFO)
    assert said.names == ["utter_ask_which_product"]


async def test_asked_for_the_product_any_words_may_name_it(guest: Talk) -> None:
    await guest.say("how heavy is it", INFO)
    said = await guest.say("a unicorn saddle", "out_of_scope")
    assert said.names == ["utter_product_not_found", "utter_ask_which_product"]
    said = await guest.say("ok then hiking boots", "nlu_fallback")
    assert said.values["facts"].startswith("weight: ")
    assert _is_finished(said, guest)


async def test_other_words_in_the_middle_leave_it_alone(ava: Talk) -> None:
    await ava.say("is the beanie in stock", STOCK)
    said = await ava.say("when are you open?", "opening_hours")
    assert said.digressed
    assert said.names == ["utter_confirm_watch_stock"]


def _is_finished(said: Said, talk: Talk) -> bool:
    return not talk.active and said.names != []
