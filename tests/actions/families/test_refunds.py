"""Money back for an order, and where it is: the real engine over a real shop."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from actions.context import tables
from tests.actions.conftest import Talk
from tests.actions.families.conftest import Customer, PolicyFile, ShopFile


def refunds(shop_file: ShopFile, number: str) -> list[tuple[Any, ...]]:
    columns = tables.refunds.c
    query = sa.select(columns.amount_pence, columns.reason, columns.state)
    return [tuple(row) for row in shop_file.rows(query.where(columns.order_number == number))]


def add_refund(shop_file: ShopFile, number: str, **values: Any) -> None:
    own = {
        "reference": f"R-{number}",
        "order_number": number,
        "payment": None,
        "amount_pence": 500,
        "currency": "GBP",
        "state": "requested",
        "reason": "late",
        "requested_at": sa.func.datetime("now", "-3 days"),
        "sent_on": None,
        "expected_by": sa.func.date("now", "+4 days"),
    }
    shop_file.run(sa.insert(tables.refunds).values(own | values))


async def test_a_lost_order_is_refunded_in_full(customer: Customer, shop_file: ShopFile) -> None:
    lena = customer("C-1126")
    said = await lena.say("it never came, i want my money", "get_refund")
    assert said.names == ["utter_refund_lost"]
    assert "Refund all £68.00" in said.text
    said = await lena.press(said, "Yes")
    assert said.names == ["utter_refunded"]
    assert refunds(shop_file, "11012") == [(6_800, "order lost", "requested")]
    said = await lena.say("refund me!", "get_refund")
    assert said.names == ["utter_refund_status_requested"]


async def test_a_claimed_order_is_not_refunded_beside_the_claim(
    customer: Customer, shop_file: ShopFile
) -> None:
    claim: dict[str, Any] = {"reference": "CL-1", "order_number": "11012", "kind": "missing"}
    claim |= {"wish": "replacement", "opened_at": sa.func.datetime("now")}
    shop_file.run(sa.insert(tables.claims).values(claim))
    said = await customer("C-1126").say("refund it", "get_refund")
    assert said.names == ["utter_refund_claimed"]


@pytest.mark.parametrize(
    ("number", "response", "button"),
    [
        ("10640", "utter_refund_when_placed", "Cancel the order"),
        ("10587", "utter_refund_when_on_its_way", "Talk to a person"),
        ("10432", "utter_refund_when_on_its_way", "Talk to a person"),
        ("10398", "utter_refund_by_return", "Send it back"),
    ],
)
async def test_what_an_order_needs_depends_on_where_it_is(
    customer: Customer, number: str, response: str, button: str
) -> None:
    said = await customer("C-1007").say("refund it", "get_refund", order_number=number)
    assert said.names == [response]
    assert button in said.buttons


async def test_after_the_days_nothing_goes_back(customer: Customer) -> None:
    said = await customer("C-1046").say("refund for the leggings", "get_refund")
    assert said.names == ["utter_refund_too_late"]
    assert "It's broken" in said.buttons


async def test_a_part_of_the_price_for_what_went_wrong(
    customer: Customer, shop_file: ShopFile
) -> None:
    ava = customer("C-1007")
    said = await ava.say("£10 back please", "get_refund", order_number="10432")
    assert said.names == ["utter_ask_refund_reason"]
    said = await ava.say("took forever and the box was wet")
    assert said.names == ["utter_confirm_refund"]
    said = await ava.say("no, £8", "deny")
    assert "Refund £8.00 of order 10432 (took forever and the box was wet)" in said.text
    await ava.say("yes", "affirm")
    (made,) = refunds(shop_file, "10432")
    assert made == (800, "took forever and the box was wet", "requested")


async def test_the_price_of_a_thing_takes_the_thing_back(customer: Customer) -> None:
    said = await customer("C-1007").say("£59 back", "get_refund", order_number="10398")
    assert said.names == ["utter_refund_by_return"]


async def test_the_delivery_fee(customer: Customer, shop_file: ShopFile) -> None:
    shop_file.run(
        sa.update(tables.invoices)
        .where(tables.invoices.c.order_number == "10432")
        .values(delivery_pence=395)
    )
    ava = customer("C-1007")
    said = await ava.say("it came late so refund the postage", "get_refund", order_number="10432")
    assert said.names == ["utter_confirm_refund"]
    assert "Refund £3.95 of order 10432 (It came late)" in said.text


async def test_no_delivery_fee_to_refund(customer: Customer) -> None:
    said = await customer("C-1007").say("refund the postage", "get_refund", order_number="10432")
    assert said.names == ["utter_refund_no_delivery"]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("refund -£5", "utter_amount_not_positive"),
        ("refund £0", "utter_amount_not_positive"),
        ("refund £5.001", "utter_amount_too_fine"),
        ("refund €5", "utter_amount_in_other_currency"),
    ],
)
async def test_an_amount_that_cannot_be(customer: Customer, words: str, problem: str) -> None:
    ava = customer("C-1007")
    said = await ava.say(words, "get_refund", order_number="10432")
    assert said.names == [problem, "utter_ask_refund_amount"]
    said = await ava.say("5")
    assert said.names == ["utter_ask_refund_reason"]


@pytest.mark.parametrize(
    ("line", "edited", "why"),
    [
        ("most: 100 # at once;", "most: 4 #", "above £4.00"),
        ("most_a_month: 2 # for", "most_a_month: 1 # for", "1 refunds in 30 days"),
        ("days: 60 # after delivery; later", "days: 10 #", "more than 10 days ago"),
    ],
)
async def test_beyond_a_limit_it_is_prepared(
    customer: Customer,
    shop_file: ShopFile,
    policy: PolicyFile,
    line: str,
    edited: str,
    why: str,
) -> None:
    add_refund(shop_file, "10587")
    policy.put(line, edited)
    ava = customer("C-1007")
    said = await ava.say("£5 back, it was late", "get_refund", order_number="10398")
    assert said.names == ["utter_refund_needs_approval"]
    wanted = ava.slots["handoff_request"]
    assert wanted["reason"] == "needs_approval"
    (prepared,) = wanted["prepared"]
    assert why in prepared["why"]
    assert prepared["arguments"] == {
        "order": "10398",
        "amount": "5.00",
        "reason": "It came late",
        "payment": None,
    }
    assert refunds(shop_file, "10398") == []


async def test_euros_are_compared_with_no_limit_in_pounds(customer: Customer) -> None:
    siobhan = customer("C-1102")
    said = await siobhan.say("€5 back, it's late", "get_refund", order_number="10846")
    assert said.names == ["utter_refund_needs_approval"]
    assert "€5.00" in said.text
    (prepared,) = siobhan.slots["handoff_request"]["prepared"]
    assert "GBP, not in EUR" in prepared["why"]


async def test_more_than_is_left(customer: Customer, shop_file: ShopFile) -> None:
    add_refund(shop_file, "10432", amount_pence=14_400)
    said = await customer("C-1007").say("£5 for it", "get_refund", order_number="10432")
    said = await customer("C-1007").say("£5, late", "get_refund", order_number="10432")
    assert said.names == ["utter_refund_exceeds"]


async def test_a_cancelled_order_that_was_never_paid(
    customer: Customer, shop_file: ShopFile
) -> None:
    shop_file.set_order("10640", state="cancelled")
    shop_file.run(sa.delete(tables.payments).where(tables.payments.c.order_number == "10640"))
    said = await customer("C-1007").say("refund", "get_refund", order_number="10640")
    assert said.names == ["utter_refund_nothing_paid"]


async def test_a_guest_is_told_the_facts_before_anything_is_asked(guest: Talk) -> None:
    said = await guest.say("how do refunds work", "get_refund")
    assert said.names == ["utter_refund_facts", "utter_ask_order_number"]
    said = await guest.say("11012", order_number="11012")
    said = await guest.say("NE6 1TY", postcode="NE6 1TY")
    assert said.names == ["utter_refund_lost"]


async def test_who_is_only_known_proves_more_before_money_moves(customer: Customer) -> None:
    said = await customer("C-1126", "known").say("refund it", "get_refund")
    assert said.names == ["utter_ask_postcode_of_order"]


async def test_somebody_elses_order_is_nobodys(customer: Customer, shop_file: ShopFile) -> None:
    ava = customer("C-1007")
    for number in ("11012", "99999"):
        said = await ava.say("refund it", "get_refund", order_number=number)
        assert said.names == ["utter_order_not_found", "utter_ask_which_order"]
        ava.active = False
    assert refunds(shop_file, "11012") == []


@pytest.mark.parametrize(
    ("values", "response", "reason"),
    [
        ({}, "requested", None),
        ({"state": "sent", "sent_on": sa.func.date("now")}, "sent", None),
        (
            {"requested_at": sa.func.datetime("now", "-12 days")}
            | {"state": "sent", "sent_on": sa.func.date("now", "-9 days")}
            | {"expected_by": sa.func.date("now", "-4 days")},
            "arrived",
            None,
        ),
        ({"expected_by": sa.func.date("now", "-1 days")}, "late", "beyond_policy"),
        ({"state": "failed"}, "failed", "needs_approval"),
    ],
)
async def test_where_a_refund_is(
    customer: Customer,
    shop_file: ShopFile,
    values: dict[str, Any],
    response: str,
    reason: str | None,
) -> None:
    add_refund(shop_file, "10432", **values)
    ava = customer("C-1007", "known")
    said = await ava.say("where's my refund", "track_refund")
    assert said.names == [f"utter_refund_status_{response}"]
    assert "R-10432 of £5.00 for order 10432" in said.text
    wanted = ava.slots.get("handoff_request") or {}
    assert wanted.get("reason") == reason
    if response == "failed":
        (prepared,) = wanted["prepared"]
        assert prepared["arguments"]["amount"] == "5.00"


async def test_a_refund_of_the_order_that_is_named(customer: Customer, shop_file: ShopFile) -> None:
    add_refund(shop_file, "10432")
    add_refund(shop_file, "10587")
    ava = customer("C-1007", "known")
    assert len((await ava.say("my refunds?", "track_refund")).names) == 2
    said = await ava.say("and for 10587", "track_refund", order_number="10587")
    assert said.values["number"] == "10587"


async def test_no_refund_and_what_it_may_wait_for(customer: Customer) -> None:
    said = await customer("C-1007", "known").say("my refund", "track_refund")
    assert said.names == ["utter_refund_none"]
    said = await customer("C-1085", "known").say("my refund", "track_refund")
    assert said.names == ["utter_refund_after_return"]
