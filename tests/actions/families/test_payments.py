"""Trouble with a payment: the real engine over a real shop."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from actions.context import tables
from tests.actions.conftest import Talk
from tests.actions.families.conftest import Customer, PolicyFile, ShopFile

TWICE = "you took my money twice"


def refunds(shop_file: ShopFile, number: str) -> list[tuple[Any, ...]]:
    columns = tables.refunds.c
    query = sa.select(columns.amount_pence, columns.reason, columns.payment, columns.state)
    return [tuple(row) for row in shop_file.rows(query.where(columns.order_number == number))]


def add_payment(shop_file: ShopFile, **values: Any) -> None:
    own = {
        "reference": "P-1",
        "customer": "C-1007",
        "order_number": "10640",
        "amount_pence": 5_800,
        "currency": "GBP",
        "method": "PayPal",
        "state": "paid",
        "failure": None,
        "at": sa.func.datetime("now", "-1 hours"),
    }
    shop_file.run(sa.insert(tables.payments).values(own | values))


async def test_the_second_payment_goes_back_once(customer: Customer, shop_file: ShopFile) -> None:
    add_payment(shop_file)
    ava = customer("C-1007")
    said = await ava.say(TWICE, "payment_issue")
    assert said.names == ["utter_confirm_refund_of_double"]
    assert "order 10640 was paid twice. Refund the second payment, £58.00 by PayPal" in said.text
    assert list(said.buttons) == ["Yes", "No"]
    said = await ava.say("yes", "affirm")
    assert said.names == ["utter_refunded"]
    assert "Undo" in said.buttons
    assert refunds(shop_file, "10640") == [(5_800, "charged twice", "P-1", "requested")]
    said = await ava.say("but it is still there twice!", "payment_issue")
    assert said.names == ["utter_refund_status_requested"]
    assert len(refunds(shop_file, "10640")) == 1


async def test_who_is_only_known_is_told_and_proves_more_first(
    customer: Customer, shop_file: ShopFile
) -> None:
    add_payment(shop_file)
    ava = customer("C-1007", "known")
    said = await ava.say(TWICE, "payment_issue")
    assert said.names[0] == "utter_payment_doubled"
    code = shop_file.rows(sa.select(tables.mails.c.body))[-1].body.split("code is ")[1][:6]
    said = await ava.say(code, "nlu_fallback")
    assert said.names == ["utter_confirm_refund_of_double"]
    assert refunds(shop_file, "10640") == []


@pytest.mark.parametrize("asked_before", [False, True])
async def test_beyond_the_limits_it_is_prepared(
    customer: Customer, policy: PolicyFile, asked_before: bool
) -> None:
    if asked_before:
        policy.put("most: 100 # at once;", "most: 900 #")
        policy.put("most_a_month: 2 # for", "most_a_month: 0 # for")
    dev = customer("C-1038")
    said = await dev.say("charged double", "payment_issue")
    assert said.names == ["utter_payment_doubled", "utter_refund_needs_approval"]
    wanted = dev.slots["handoff_request"]
    assert wanted["reason"] == "needs_approval"
    (prepared,) = wanted["prepared"]
    assert prepared["name"] == "refund"
    assert prepared["arguments"]["amount"] == "145.00"
    assert ("0 refunds" if asked_before else "above £100.00") in prepared["why"]


async def test_a_cancelled_order_that_was_paid(customer: Customer, shop_file: ShopFile) -> None:
    shop_file.set_order("10640", state="cancelled")
    ava = customer("C-1007")
    said = await ava.say("I was charged for 10640 but cancelled it", "payment_issue")
    assert said.names == ["utter_refund_cancelled"]
    said = await ava.say("please do", "affirm")
    assert refunds(shop_file, "10640") == [(5_800, "order cancelled", None, "requested")]


@pytest.mark.parametrize(
    ("failure", "cure"),
    [
        ("the card has expired", "expired"),
        ("there was not enough money on the account", "funds"),
        ("the bank's own check was not completed", "check"),
        ("the bank declined the card", "other"),
    ],
)
async def test_a_failed_payment_comes_with_what_to_try(
    customer: Customer, shop_file: ShopFile, failure: str, cure: str
) -> None:
    add_payment(shop_file, order_number=None, state="failed", failure=failure)
    said = await customer("C-1007").say("card refused", "payment_issue")
    assert said.names == ["utter_payment_failed", f"utter_payment_cure_{cure}"]
    assert f"because {failure}" in said.text


async def test_an_old_failure_is_not_what_is_meant(customer: Customer, shop_file: ShopFile) -> None:
    before = sa.func.datetime("now", "-9 days")
    add_payment(shop_file, order_number=None, state="failed", failure="declined", at=before)
    said = await customer("C-1007").say("payment problem", "payment_issue")
    assert said.names == ["utter_payment_fine"]


async def test_a_failure_before_the_payment_that_worked(
    customer: Customer, shop_file: ShopFile
) -> None:
    add_payment(
        shop_file, state="failed", failure="declined", at=sa.func.datetime("now", "-2 days")
    )
    said = await customer("C-1007").say("my card was declined", "payment_issue")
    assert said.names == ["utter_payment_worked_later"]
    assert said.values["number"] == "10640"


async def test_a_pending_payment_has_some_days(customer: Customer, shop_file: ShopFile) -> None:
    add_payment(shop_file, state="pending")
    ava = customer("C-1007")
    assert (await ava.say("is it paid?", "payment_issue")).names == ["utter_payment_pending"]
    shop_file.run(
        sa.update(tables.payments)
        .where(tables.payments.c.reference == "P-1")
        .values(at=sa.func.datetime("now", "-6 days"))
    )
    said = await ava.say("is it paid now?", "payment_issue")
    assert said.names == ["utter_payment_pending_long"]
    assert ava.slots["handoff_request"]["reason"] == "beyond_policy"


async def test_all_is_well(customer: Customer) -> None:
    said = await customer("C-1007", "known").say("did it work?", "payment_issue")
    assert said.names == ["utter_payment_fine"]
    assert said.text.count(", paid") == 3
    assert "Talk to a person" in said.buttons


async def test_the_order_named_is_looked_at_first(customer: Customer) -> None:
    said = await customer("C-1007").say("10587?", "payment_issue", order_number="10587")
    assert said.values["payments"].count("order") == 1
    assert "10587" in said.values["payments"]


async def test_an_order_of_somebody_else_tells_nothing(customer: Customer) -> None:
    said = await customer("C-1007").say(TWICE, "payment_issue", order_number="10913")
    assert said.names[0] == "utter_order_not_found"
    assert "10913" not in said.text
    assert "Mastercard" not in said.text


async def test_a_guest_is_told_what_holds_for_all(guest: Talk) -> None:
    said = await guest.say("card declined", "payment_issue")
    assert said.names == ["utter_ask_payment_look"]
    said = await guest.press(said, "No")
    assert said.names == ["utter_payment_to_try"]


async def test_a_guest_proves_who_they_are_to_know_more(guest: Talk) -> None:
    said = await guest.say(TWICE, "payment_issue")
    said = await guest.press(said, "Yes")
    assert said.names == ["utter_ask_email"]
    said = await guest.say("10913", order_number="10913")
    assert said.names == ["utter_ask_postcode"]
    said = await guest.say("EX4 6PT", postcode="EX4 6PT")
    assert said.names[0] == "utter_payment_doubled"


async def test_another_payment_of_a_customer_without_any(
    customer: Customer, shop_file: ShopFile
) -> None:
    shop_file.run(sa.delete(tables.payments).where(tables.payments.c.customer == "C-1007"))
    said = await customer("C-1007").say("payment?", "payment_issue")
    assert said.names == ["utter_payment_none"]
