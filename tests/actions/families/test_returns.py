"""Sending things back and swapping them for another size: the real engine over a real shop."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from actions.context import tables
from actions.documents import fetch
from tests.actions.conftest import Talk
from tests.actions.families.conftest import Customer, PolicyFile, ShopFile

# Order 10969 holds hiking boots (UK 9), a wool jumper (M) and two enamel mugs.


def returns(shop_file: ShopFile, number: str = "10969") -> list[tuple[Any, ...]]:
    columns = tables.returns.c
    query = sa.select(columns.sku, columns.quantity, columns.new_size).order_by(columns.sku)
    return [tuple(row) for row in shop_file.rows(query.where(columns.order_number == number))]


def sku_of(shop_file: ShopFile, name: str) -> str:
    query = sa.select(tables.products.c.sku).where(tables.products.c.name == name)
    return str(shop_file.rows(query)[0].sku)


async def test_one_thing_comes_back_with_a_label(customer: Customer, shop_file: ShopFile) -> None:
    isaac = customer("C-1085")
    said = await isaac.say("i want to return the boots", "return_item", order_number="10969")
    assert said.names == ["utter_confirm_return"]
    assert "Send back hiking boots (UK 9) from order 10969" in said.text
    assert "£129.00" in said.text
    assert returns(shop_file) == []
    said = await isaac.say("yes please", "affirm")
    assert said.names == ["utter_returned"]
    assert returns(shop_file) == [(sku_of(shop_file, "hiking boots"), 1, None)]
    label = await fetch(said.values["link"].rpartition("/")[2])
    assert label is not None
    assert label.name == f"label-{said.values['reference']}.pdf"
    said = await isaac.press(said, "Undo")
    assert returns(shop_file) == []


async def test_several_things_with_one_yes(customer: Customer, shop_file: ShopFile) -> None:
    isaac = customer("C-1085")
    said = await isaac.say("return order 10969", "return_item", order_number="10969")
    assert list(said.buttons)[-1] == "Everything"
    said = await isaac.say("the wool jumper and one of the mugs", "track_order")
    assert "Send back wool jumper (M) and enamel mug from" in said.text
    said = await isaac.say("yes", "affirm")
    assert said.names == ["utter_returned", "utter_returned"]
    assert len({each["reference"] for each in said.responses}) == 2
    assert sorted(quantity for _, quantity, _ in returns(shop_file)) == [1, 1]


async def test_everything_but_what_is_gone_meanwhile(
    customer: Customer, shop_file: ShopFile
) -> None:
    page, phone = customer("C-1085"), customer("C-1085")
    said = await page.say("return it", "return_item", order_number="10969")
    said = await page.press(said, "Everything")
    assert "hiking boots (UK 9), wool jumper (M) and 2 × enamel mug" in said.text  # noqa: RUF001
    other = await phone.say("return the boots", "return_item", order_number="10969")
    await phone.press(other, "Yes")
    said = await page.press(said, "Yes")
    assert said.names == ["utter_refused_done_already", "utter_returned", "utter_returned"]
    assert len(returns(shop_file)) == 3


@pytest.mark.parametrize(
    ("answer", "count"), [("just one", 1), ("2", 2), ("both", 2), ("only the one", 1)]
)
async def test_how_many_of_a_thing(
    customer: Customer, shop_file: ShopFile, answer: str, count: int
) -> None:
    isaac = customer("C-1085")
    said = await isaac.say("return my enamel mugs", "return_item", order_number="10969")
    assert said.names == ["utter_ask_how_many"]
    assert list(said.buttons) == ["1", "2"]
    said = await isaac.say(answer)
    assert said.names == ["utter_confirm_return"]
    await isaac.say("yes", "affirm")
    assert [quantity for _, quantity, _ in returns(shop_file)] == [count]


@pytest.mark.parametrize("words", ["return 7 enamel mugs", "return 0 enamel mugs"])
async def test_not_so_many(customer: Customer, words: str) -> None:
    isaac = customer("C-1085")
    said = await isaac.say(words, "return_item", order_number="10969")
    assert said.names == ["utter_not_so_many", "utter_ask_which_thing"]


@pytest.mark.parametrize("answer", ["3", "-1", "0", "99"])
async def test_no_such_number(customer: Customer, answer: str) -> None:
    isaac = customer("C-1085")
    await isaac.say("return my enamel mugs", "return_item", order_number="10969")
    said = await isaac.say(answer)
    assert said.names == ["utter_not_so_many", "utter_ask_how_many"]


@pytest.mark.parametrize(
    ("correction", "intent", "things"),
    [
        ("no wait, the jumper", "track_order", "wool jumper (M)"),
        ("no, the boots and the jumper", "deny", "hiking boots (UK 9) and wool jumper (M)"),
        ("sorry, one of the mugs", "product_info", "enamel mug"),
    ],
)
async def test_a_correction_of_what_was_read_back(
    customer: Customer, correction: str, intent: str, things: str
) -> None:
    isaac = customer("C-1085")
    said = await isaac.say("return the boots", "return_item", order_number="10969")
    said = await isaac.say(correction, intent)
    assert said.names == ["utter_confirm_return"]
    assert said.values["things"] == things


async def test_a_discount_is_no_money_to_get_back(customer: Customer, shop_file: ShopFile) -> None:
    shop_file.set_order("10702", delivered_on=sa.func.date("now", "-2 days"))
    said = await customer("C-1046").say("return the leggings", "return_item")
    assert said.values["worth"] == "£40.50"


async def test_what_is_under_way_comes_with_its_label(customer: Customer) -> None:
    said = await customer("C-1085").say("return the walking trousers", "return_item")
    assert said.names == ["utter_return_under_way"]
    assert await fetch(said.values["link"].rpartition("/")[2]) is not None


@pytest.mark.parametrize(
    ("number", "state", "response"),
    [
        ("10640", "placed", "utter_return_not_sent"),
        ("10640", "shipped", "utter_return_not_there"),
        ("10640", "delayed", "utter_return_not_there"),
        ("10640", "lost", "utter_return_lost"),
        ("10640", "cancelled", "utter_return_cancelled"),
        ("10640", "returned", "utter_return_returned"),
    ],
)
async def test_what_is_not_with_the_customer(
    customer: Customer, shop_file: ShopFile, number: str, state: str, response: str
) -> None:
    shop_file.set_order(number, state=state)
    said = await customer("C-1007").say("return it", "return_item", order_number=number)
    assert said.names == [response]


async def test_after_its_days_nothing_comes_back(customer: Customer, shop_file: ShopFile) -> None:
    isaac = customer("C-1085")
    shop_file.set_order(
        "10969",
        placed_at=sa.func.datetime("now", "-35 days"),
        delivered_on=sa.func.date("now", "-31 days"),
    )
    for intent in ("return_item", "exchange_item"):
        said = await isaac.say("the boots", intent, order_number="10969")
        assert said.names == ["utter_return_too_late"]
        assert "It's broken" in said.buttons


async def test_many_returns_are_approved_by_a_person(
    customer: Customer, policy: PolicyFile, shop_file: ShopFile
) -> None:
    policy.put("most_a_month: 10", "most_a_month: 2")
    isaac = customer("C-1085")
    said = await isaac.say("return the boots and jumper", "return_item", order_number="10969")
    assert said.names == ["utter_return_needs_approval"]
    prepared = isaac.slots["handoff_request"]["prepared"]
    assert [each["name"] for each in prepared] == ["return_item", "return_item"]
    assert returns(shop_file) == []


async def test_a_guest_is_told_how_and_may_go_on(guest: Talk) -> None:
    said = await guest.say("how do i send something back", "return_item")
    assert said.names == ["utter_return_facts", "utter_ask_order_number"]
    await guest.say("10969", order_number="10969")
    said = await guest.say("NR3 1DE", postcode="NR3 1DE")
    assert said.names == ["utter_ask_which_thing"]


async def test_a_guest_may_leave_it(guest: Talk) -> None:
    await guest.say("how do i send something back", "return_item")
    said = await guest.say("never mind", "deny")
    assert len(said.names) == 1
    assert not guest.active


async def test_another_size_is_kept_and_the_label_comes(
    customer: Customer, shop_file: ShopFile
) -> None:
    isaac = customer("C-1085")
    said = await isaac.say("boots too small", "exchange_item", order_number="10969")
    assert said.names == ["utter_ask_new_size"]
    assert "UK 9" not in said.buttons
    assert "UK 11" not in said.buttons, "it is sold out"
    said = await isaac.press(said, "UK 10")
    assert said.names == ["utter_confirm_exchange"]
    said = await isaac.say("no, a UK 8", "product_availability")
    assert said.values["new_size"] == "UK 8"
    said = await isaac.say("yes", "affirm")
    assert said.names == ["utter_exchanged"]
    assert returns(shop_file) == [(sku_of(shop_file, "hiking boots"), 1, "UK 8")]
    assert await fetch(said.values["link"].rpartition("/")[2]) is not None


@pytest.mark.parametrize(
    ("words", "size"),
    [
        ("the jumper in L please", "L"),
        ("jumper is too small, i need an XL", "XL"),
        ("jumper: one size up", "L"),
        ("the jumper a bit bigger", "L"),
        ("jumper too large, extra small please", "XS"),
    ],
)
async def test_a_size_in_words(customer: Customer, words: str, size: str) -> None:
    said = await customer("C-1085").say(words, "exchange_item", order_number="10969")
    assert said.names == ["utter_confirm_exchange"]
    assert said.values["new_size"] == size


async def test_a_size_that_is_sold_out(customer: Customer) -> None:
    isaac = customer("C-1085")
    said = await isaac.say("boots in UK 11", "exchange_item", order_number="10969")
    assert said.names == ["utter_new_size_sold_out", "utter_ask_new_size"]
    assert "UK 10" in said.text


async def test_no_other_size(customer: Customer, shop_file: ShopFile) -> None:
    isaac = customer("C-1085")
    said = await isaac.say("another enamel mug", "exchange_item", order_number="10969")
    assert said.names == ["utter_exchange_no_sizes"]
    boots = tables.stock.c.sku == sku_of(shop_file, "hiking boots")
    shop_file.run(sa.update(tables.stock).where(boots).values(quantity=0))
    said = await customer("C-1085").say("other boots", "exchange_item", order_number="10969")
    assert said.names[-1] in ("utter_exchange_sold_out", "utter_ask_new_size")


async def test_a_size_that_somebody_else_takes_first(
    customer: Customer, shop_file: ShopFile
) -> None:
    isaac = customer("C-1085")
    said = await isaac.say("boots in UK 10", "exchange_item", order_number="10969")
    stock = tables.stock.c
    gone = sa.update(tables.stock).where(stock.sku == sku_of(shop_file, "hiking boots"))
    shop_file.run(gone.values(quantity=0))
    said = await isaac.say("yes", "affirm")
    assert said.names == ["utter_refused_out_of_stock"]
    assert returns(shop_file) == []


async def test_two_things_are_swapped_one_by_one(customer: Customer) -> None:
    isaac = customer("C-1085")
    said = await isaac.say("boots and jumper", "exchange_item", order_number="10969")
    assert said.names == ["utter_exchange_one_at_a_time", "utter_ask_which_thing"]


async def test_the_wrong_thing_came(customer: Customer) -> None:
    isaac = customer("C-1085")
    said = await isaac.say("wrong item arrived", "exchange_item", order_number="10969")
    assert said.names == ["utter_exchange_wrong_item"]
    assert "wrong item arrived" in isaac.slots["handoff_request"]["evidence"]
