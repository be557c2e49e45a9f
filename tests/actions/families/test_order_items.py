"""Changing what is in an order: the real engine over a real shop."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from actions.context import tables
from tests.actions.conftest import Said, Talk
from tests.actions.families.conftest import Customer, PolicyFile, ShopFile

TORCH, MUG = "head torch", "2 × enamel mug"  # noqa: RUF001


async def change(talk: Talk, text: str, number: str = "10640") -> Said:
    return await talk.say(text, "change_order", order_number=number)


def items(shop_file: ShopFile, number: str = "10640") -> list[tuple[Any, ...]]:
    columns = tables.order_items.c
    query = sa.select(columns.name, columns.size, columns.quantity)
    return [tuple(row) for row in shop_file.rows(query.where(columns.order_number == number))]


@pytest.mark.parametrize(
    ("text", "response", "items_then", "total", "extra"),
    [
        ("pls add a dry bag to 10640", "dearer", f"{TORCH}, {MUG} and dry bag", "£77.00", "£19.00"),
        ("take the torch off 10640", "cheaper", MUG, "£24.00", "£34.00"),
        ("only 1 mug not 2!!", "cheaper", f"{TORCH} and enamel mug", "£46.00", "£12.00"),
        ("one more mug in 10640", "dearer", f"{TORCH} and 3 {MUG[2:]}", "£70.00", "£12.00"),
        ("remove one mug", "cheaper", f"{TORCH} and enamel mug", "£46.00", "£12.00"),
        (
            "swap the torch for a steel bottle",
            *("cheaper", f"{MUG} and steel bottle", "£48.00", "£10.00"),
        ),
        ("lose the torch and add a dry bag", "cheaper", f"{MUG} and dry bag", "£43.00", "£15.00"),
    ],
)
async def test_a_wish_in_one_sentence_is_read_back(
    ava: Talk, text: str, response: str, items_then: str, total: str, extra: str
) -> None:
    said = await change(ava, text)
    assert said.names == [f"utter_confirm_change_{response}"]
    values = said.values
    assert (values["items"], values["total"], values["extra"]) == (items_then, total, extra)


async def test_after_a_yes_the_order_is_changed_and_can_be_changed_back(
    ava: Talk, shop_file: ShopFile
) -> None:
    before = items(shop_file)
    await change(ava, "take the torch off 10640")
    assert items(shop_file) == before
    said = await ava.say("yes", "affirm")
    assert said.names == ["utter_changed_cheaper"]
    assert items(shop_file) == [("enamel mug", None, 2)]
    assert shop_file.order("10640").total_pence == 2_400
    said = await ava.press(said, "Undo")
    assert said.names == ["utter_undone"]
    assert items(shop_file) == before


async def test_what_is_missing_is_asked_for_one_by_one(ava: Talk, shop_file: ShopFile) -> None:
    said = await change(ava, "i want to change 10640")
    assert said.names == ["utter_ask_what_to_change"]
    assert "Another size" not in said.buttons, "nothing in it comes in sizes"
    said = await ava.press(said, "Swap something")
    assert said.names == ["utter_ask_which_item"]
    said = await ava.press(said, TORCH)
    assert said.names == ["utter_ask_instead_of"]
    said = await ava.say("a fleece", "nlu_fallback")
    assert said.names == ["utter_ask_which_size"]
    said = await ava.press(said, "M")
    assert said.values["items"] == f"{MUG} and fleece (M)"
    said = await ava.say("no, large please", "deny")
    assert said.values["items"] == f"{MUG} and fleece (L)"
    await ava.say("ok", "affirm")
    assert ("fleece", "L", 1) in items(shop_file)


async def test_an_answer_may_say_more_than_was_asked(ava: Talk) -> None:
    await change(ava, "change 10640")
    said = await ava.say("take out the mugs", "nlu_fallback")
    assert said.values["items"] == TORCH


async def test_a_number_is_asked_for_until_it_is_one(ava: Talk) -> None:
    said = await change(ava, "change 10640")
    await ava.press(said, "More or fewer")
    said = await ava.say("the mugs", "nlu_fallback")
    assert said.names == ["utter_ask_how_many_of"]
    for text, complaint in (("-3", "utter_no_such_count"), ("400", "utter_too_many")):
        said = await ava.say(text, "nlu_fallback")
        assert said.names == [complaint, "utter_ask_how_many_of"]
    said = await ava.say("3", "nlu_fallback")
    assert said.values["extra"] == "£12.00"


async def test_several_products_are_offered(ava: Talk, policy: PolicyFile) -> None:
    policy.put("most_extra: 100", "most_extra: 500")
    said = await change(ava, "put a jacket in order 10640")
    assert said.names == ["utter_several_products", "utter_ask_what_to_add"]
    assert list(said.buttons) == ["rain jacket", "down jacket", "softshell jacket"]
    await ava.press(said, "down jacket")
    said = await ava.say("m", "nlu_fallback")
    assert said.values["items"] == f"{TORCH}, {MUG} and down jacket (M)"


async def test_what_we_do_not_sell_is_said(ava: Talk) -> None:
    said = await change(ava, "change 10640")
    await ava.press(said, "Add something")
    said = await ava.say("a canoe", "nlu_fallback")
    assert said.names == ["utter_no_such_product", "utter_ask_what_to_add"]


async def test_sizes_come_from_the_stock(customer: Customer, shop_file: ShopFile) -> None:
    farah = customer("C-1059")
    said = await farah.say("need a smaller size", "change_order")
    assert said.names == ["utter_ask_which_size"]
    assert "S" not in said.buttons
    said = await farah.say("s", "nlu_fallback")
    assert said.names == ["utter_size_sold_out", "utter_ask_which_size"]
    said = await farah.say("size 42", "nlu_fallback")
    assert said.names == ["utter_no_such_size", "utter_ask_which_size"]
    said = await farah.say("XS then", "nlu_fallback")
    assert said.names == ["utter_confirm_change_same"]
    await farah.say("yes", "affirm")
    assert items(shop_file, "10921") == [("wool jumper", "XS", 1)]


async def test_a_size_in_the_first_words_that_is_sold_out_is_told(customer: Customer) -> None:
    said = await customer("C-1059").say("the jumper in S instead", "change_order")
    assert said.names == ["utter_size_sold_out", "utter_ask_which_size"]


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("add a beanie to 10640", "utter_thing_sold_out"),
        ("add 15 dry bags to 10640", "utter_not_so_many_left"),
    ],
)
async def test_what_is_not_there_is_not_ordered(
    ava: Talk, shop_file: ShopFile, text: str, response: str
) -> None:
    with_stock = {"beanie": 0, "dry bag": 3}
    for name, left in with_stock.items():
        sku = sa.select(tables.products.c.sku).where(tables.products.c.name == name)
        stock = tables.stock
        shop_file.run(
            sa.update(stock).where(stock.c.sku == sku.scalar_subquery()).values(quantity=left)
        )
    assert (await change(ava, text)).names == [response]


async def test_an_order_is_not_emptied(ava: Talk, customer: Customer) -> None:
    said = await customer("C-1059").say("take the jumper out please", "change_order")
    assert said.names == ["utter_order_would_be_empty"]
    assert said.buttons["Cancel the order"] == '/cancel_order{"order_number":"10921"}'
    said = await change(ava, "make it 2 mugs")
    assert said.names == ["utter_order_stays"]


@pytest.mark.parametrize(
    ("number", "response", "button"),
    [
        ("10587", "utter_change_packed", "Talk to a person"),
        ("10432", "utter_change_packed", "Talk to a person"),
        ("10398", "utter_change_delivered", "Exchange it"),
    ],
)
async def test_what_is_packed_is_not_changed(
    ava: Talk, number: str, response: str, button: str
) -> None:
    said = await change(ava, "take something out", number)
    assert said.names == [response]
    assert button in said.buttons


async def test_much_dearer_is_prepared_for_a_person(ava: Talk, shop_file: ShopFile) -> None:
    before = items(shop_file)
    said = await change(ava, "add a two-person tent to 10640")
    assert said.names == ["utter_change_needs_approval"]
    asked = ava.slots["handoff_request"]
    assert asked["reason"] == "needs_approval"
    prepared = asked["prepared"][0]
    assert prepared["name"] == "change_items"
    assert len(prepared["arguments"]["items"]) == 3
    assert items(shop_file) == before


async def test_another_currency_is_not_guessed(customer: Customer, shop_file: ShopFile) -> None:
    siobhan = customer("C-1102")
    said = await change(siobhan, "add a dry bag to 10998", "10998")
    assert said.names == ["utter_not_in_euros"]
    said = await change(siobhan, "the shirt in M please", "10998")
    assert (said.names, said.values["total"]) == (["utter_confirm_change_same"], "€112.80")
    await siobhan.say("yes", "affirm")
    assert ("flannel shirt", "M", 1) in items(shop_file, "10998")


async def test_an_order_packed_between_question_and_yes_stays(
    ava: Talk, shop_file: ShopFile
) -> None:
    await change(ava, "take the torch off 10640")
    shop_file.set_order("10640", state="packed")
    assert (await ava.say("yes", "affirm")).names == ["utter_refused_too_late"]


async def test_a_guest_is_told_what_holds_and_proves_the_order(guest: Talk) -> None:
    said = await guest.say("how do i change an order", "change_order")
    assert said.names == ["utter_change_order", "utter_ask_order_number"]
    await guest.say("10640", "track_order", order_number="10640")
    said = await guest.say("bs1 4dj", "nlu_fallback", postcode="bs1 4dj")
    assert said.names == ["utter_ask_what_to_change"]


async def test_a_question_in_between_leaves_it_where_it_was(ava: Talk, shop_file: ShopFile) -> None:
    await change(ava, "take the torch off 10640")
    said = await ava.say("when are you open?", "opening_hours")
    assert said.digressed
    assert said.names == ["utter_confirm_change_cheaper"]
    assert (await ava.say("never mind", "deny")).names == ["utter_nothing_changed"]
    assert len(items(shop_file)) == 2
