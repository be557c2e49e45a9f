"""What never came or came broken: the real engine over a real shop."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from actions.context import tables
from tests.actions.conftest import Talk
from tests.actions.families.conftest import Customer, PolicyFile, ShopFile


def claims(shop_file: ShopFile, number: str) -> list[tuple[Any, ...]]:
    columns = tables.claims.c
    query = sa.select(columns.kind, columns.sku, columns.wish, columns.words)
    return [tuple(row) for row in shop_file.rows(query.where(columns.order_number == number))]


def delivered(shop_file: ShopFile, number: str, days_ago: int) -> None:
    shop_file.set_order(
        number,
        placed_at=sa.func.datetime("now", f"-{days_ago + 3} days"),
        delivered_on=sa.func.date("now", f"-{days_ago} days"),
    )


async def test_a_missing_parcel_is_sent_again(customer: Customer, shop_file: ShopFile) -> None:
    george = customer("C-1064")
    said = await george.say("my stove never came", "missing_package")
    assert said.names == ["utter_ask_claim_wish"]
    said = await george.press(said, "Send it again")
    assert said.names == ["utter_confirm_missing_replacement"]
    assert said.values["worth"] == "£74.00"
    assert claims(shop_file, "10958") == []
    said = await george.say("no, i'd rather have my money back", "deny")
    assert said.names == ["utter_confirm_missing_refund"]
    said = await george.say("yes", "affirm")
    assert said.names == ["utter_claimed_refund"]
    assert said.values["reference"].startswith("CL-")
    assert claims(shop_file, "10958") == [("missing", None, "refund", None)]
    said = await george.say("still no parcel", "missing_package")
    assert said.names == ["utter_claim_is_open"]


async def test_a_lost_parcel_and_the_wish_in_one_sentence(customer: Customer) -> None:
    said = await customer("C-1126").say("it's lost, send a new one", "missing_package")
    assert said.names == ["utter_confirm_missing_replacement"]


async def test_just_after_delivery_it_is_too_early(customer: Customer, shop_file: ShopFile) -> None:
    shop_file.set_order("10958", delivered_on=sa.func.date("now"))
    said = await customer("C-1064").say("it isn't here", "missing_package")
    assert said.names == ["utter_missing_too_early"]
    assert said.values["until"].split()[0] not in ("Saturday", "Sunday")


async def test_long_after_delivery_a_person_looks(customer: Customer, shop_file: ShopFile) -> None:
    delivered(shop_file, "10958", 61)
    said = await customer("C-1064").say("it never came", "missing_package")
    assert said.names == ["utter_claim_too_late"]
    assert "Talk to a person" in said.buttons


@pytest.mark.parametrize(
    ("reference", "number", "responses"),
    [
        ("C-1007", "10432", ["utter_not_delivered_yet", "utter_order_shipped"]),
        ("C-1007", "10640", ["utter_not_delivered_yet", "utter_order_placed"]),
        ("C-1023", "10715", ["utter_not_delivered_yet", "utter_order_delayed"]),
        ("C-1012", "10274", ["utter_order_returned"]),
    ],
)
async def test_what_was_never_delivered_is_not_missing(
    customer: Customer, reference: str, number: str, responses: list[str]
) -> None:
    said = await customer(reference).say("missing", "missing_package", order_number=number)
    assert said.names == responses


async def test_a_dear_parcel_is_prepared_for_a_person(
    customer: Customer, shop_file: ShopFile
) -> None:
    jada = customer("C-1093")
    said = await jada.say("never came, refund me", "missing_package")
    assert said.names == ["utter_claim_needs_approval"]
    asked = jada.slots["handoff_request"]
    assert asked["reason"] == "needs_approval"
    assert asked["prepared"][0]["name"] == "open_claim"
    assert asked["prepared"][0]["arguments"]["wish"] == "refund"
    assert claims(shop_file, "10977") == []


async def test_something_broken_in_the_customers_words(
    customer: Customer, shop_file: ShopFile
) -> None:
    isaac = customer("C-1085")
    said = await isaac.say("something in 10969 is broken", "damaged_item", order_number="10969")
    assert said.names == ["utter_ask_which_is_damaged"]
    said = await isaac.press(said, "2 × enamel mug")  # noqa: RUF001
    assert said.names == ["utter_ask_what_is_wrong"]
    said = await isaac.say("🙁", "nlu_fallback")
    assert said.names == ["utter_ask_what_is_wrong"]
    said = await isaac.say("the enamel is chipped on both", "nlu_fallback")
    assert said.names == ["utter_ask_claim_wish"]
    said = await isaac.say("new ones please", "nlu_fallback")
    assert said.names == ["utter_confirm_damaged_replacement"]
    said = await isaac.say("yes", "affirm")
    assert said.names == ["utter_claimed_replacement"]
    words = "the enamel is chipped on both"
    assert [(kind, wish, told) for kind, _, wish, told in claims(shop_file, "10969")] == [
        ("damaged", "replacement", words)
    ]


async def test_what_was_told_already_is_not_asked(customer: Customer) -> None:
    said = await customer("C-1085").say(
        "the sole of my boots came off after one walk", "damaged_item"
    )
    assert said.names == ["utter_ask_claim_wish"]


async def test_another_thing_is_meant(customer: Customer) -> None:
    isaac = customer("C-1085")
    said = await isaac.say("the sole of my boots came off after one walk", "damaged_item")
    said = await isaac.press(said, "Refund it")
    assert said.values["things"] == "hiking boots, UK 9"
    said = await isaac.say("no, the jumper", "deny")
    assert said.names == ["utter_ask_what_is_wrong"]
    assert said.values["thing"] == "wool jumper"


async def test_the_second_claim_of_a_month_is_prepared_with_the_words(
    customer: Customer, policy: PolicyFile
) -> None:
    policy.put("most_a_month: 1\n", "most_a_month: 0\n")
    isaac = customer("C-1085")
    await isaac.say("the sole of my boots came off after one walk", "damaged_item")
    said = await isaac.say("money back please", "nlu_fallback")
    assert said.names == ["utter_claim_needs_approval"]
    asked = isaac.slots["handoff_request"]
    assert "sole of my boots came off" in asked["evidence"]
    assert asked["prepared"][0]["arguments"]["words"].startswith("the sole")


async def test_the_guarantee_ends(customer: Customer, shop_file: ShopFile) -> None:
    for days, response in ((729, "utter_ask_which_is_damaged"), (732, "utter_guarantee_over")):
        delivered(shop_file, "10969", days)
        isaac = customer("C-1085")
        said = await isaac.say("it broke", "damaged_item", order_number="10969")
        assert said.names == [response]


async def test_what_is_not_there_yet_is_a_persons_business(ava: Talk) -> None:
    said = await ava.say("10432 came broken", "damaged_item", order_number="10432")
    assert said.names == ["utter_damaged_not_there", "utter_order_shipped"]
    assert "Talk to a person" in said.buttons


async def test_a_guest_is_told_what_holds_and_proves_the_order(guest: Talk) -> None:
    said = await guest.say("what do you do about broken goods", "damaged_item")
    assert said.names == ["utter_damaged_item", "utter_ask_order_number"]
    await guest.say("10958", "track_order", order_number="10958")
    said = await guest.say("S11 8TF", "nlu_fallback", postcode="S11 8TF")
    assert said.names == ["utter_ask_which_is_damaged"]
