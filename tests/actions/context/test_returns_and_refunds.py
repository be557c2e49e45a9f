"""What comes back to the demo shop, and what the shop gives back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from actions.context import tables
from tests.actions.context.demo_shop import DemoShop

#: Isaac's order, delivered on 30 May: boots in UK 9 (129.00), a jumper in M (89.00), two mugs
#: (12.00 each).
DELIVERED = "10969"
BOOTS, JUMPER, MUG = "FF-101", "FF-115", "FF-152"
#: Dev's order, paid twice: 145.00 each time.
DOUBLED = "10913"
FIRST, SECOND = "P-70075", "P-70076"


async def registered(shop: DemoShop, order: str = DELIVERED) -> list[dict[str, Any]]:
    query = sa.select(tables.returns).where(tables.returns.c.order_number == order)
    return await shop.rows(query)


async def test_a_return_is_registered_until_all_is_on_its_way_back(demo_shop: DemoShop) -> None:
    done = await demo_shop.apply("return_item", order=DELIVERED, sku=MUG, quantity=1)
    (row,) = await registered(demo_shop)
    assert (row["reference"], row["sku"], row["quantity"]) == (done.reference, MUG, 1)
    assert (row["new_size"], row["received_on"]) == (None, None)
    assert done.undoable
    too_many = await demo_shop.apply("return_item", order=DELIVERED, sku=MUG, quantity=2)
    assert too_many.refused == "exceeds"
    await demo_shop.apply("return_item", order=DELIVERED, sku=MUG, quantity=1)
    all_gone = await demo_shop.apply("return_item", order=DELIVERED, sku=MUG, quantity=1)
    assert all_gone.refused == "done_already"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"sku": "FF-160"}, "not_found"),
        ({"order": "99999"}, "not_found"),
        ({"quantity": 3}, "exceeds"),
        ({"quantity": 10**15}, "exceeds"),
        ({"quantity": 0}, "invalid"),
        ({"quantity": -1}, "invalid"),
        ({"order": "10432", "sku": BOOTS, "quantity": 1}, "not_offered"),
        ({"order": "10640", "quantity": 1}, "not_offered"),
        ({"order": "10530", "sku": "FF-103", "quantity": 1}, "done_already"),
        ({"sku": "' OR 1=1 --"}, "not_found"),
    ],
    ids=str,
)
async def test_what_cannot_come_back(
    demo_shop: DemoShop, changed: dict[str, Any], why: str
) -> None:
    before = await demo_shop.everything()
    arguments = {"order": DELIVERED, "sku": MUG, "quantity": 1, **changed}
    assert (await demo_shop.apply("return_item", **arguments)).refused == why
    assert await demo_shop.everything() == before


@pytest.mark.parametrize(("days", "why"), [(30, None), (31, "too_late")])
async def test_thirty_days_to_return(demo_shop: DemoShop, days: int, why: str | None) -> None:
    """The days are the shop's, which are an hour ahead of UTC in summer."""
    delivered_on = date(2026, 5, 30)
    demo_shop.now = demo_shop.now.replace(hour=22) - timedelta(days=6) + timedelta(days=days)
    done = await demo_shop.apply("return_item", order=DELIVERED, sku=MUG, quantity=1)
    assert done.refused == why
    assert (await demo_shop.order(DELIVERED))["delivered_on"] == delivered_on
    demo_shop.now += timedelta(hours=1)  # midnight in London
    done = await demo_shop.apply("return_item", order=DELIVERED, sku=MUG, quantity=1)
    assert done.refused == "too_late"


async def test_an_exchange_keeps_the_other_size_for_the_customer(demo_shop: DemoShop) -> None:
    boots: dict[str, Any] = {"order": DELIVERED, "sku": BOOTS, "quantity": 1}
    left = await demo_shop.stock(BOOTS, "UK 10")
    done = await demo_shop.apply("exchange_item", key="first", **boots, new_size="UK 10")
    assert done.after["new_size"] == "UK 10"
    assert await demo_shop.stock(BOOTS, "UK 10") == left - 1
    assert [row["new_size"] for row in await registered(demo_shop)] == ["UK 10"]
    assert (await demo_shop.undo("first")).refused is None
    assert await demo_shop.stock(BOOTS, "UK 10") == left
    assert await registered(demo_shop) == []
    for size, why in (
        ("UK 11", "out_of_stock"),
        ("UK 99", "not_found"),
        ("UK 9", "done_already"),
        ("", "not_found"),
    ):
        refused = await demo_shop.apply("exchange_item", **boots, new_size=size)
        assert refused.refused == why


async def test_a_return_is_taken_back_until_the_shop_has_it(demo_shop: DemoShop) -> None:
    mug: dict[str, Any] = {"order": DELIVERED, "sku": MUG, "quantity": 1}
    await demo_shop.apply("return_item", key="first", **mug)
    assert (await demo_shop.undo("first")).refused is None
    assert await registered(demo_shop) == []
    done = await demo_shop.apply("return_item", key="second", **mug)
    this = tables.returns.c.reference == done.reference
    await demo_shop.set(tables.returns, this, received_on=demo_shop.now.date())
    assert (await demo_shop.undo("second")).refused == "too_late"
    assert len(await registered(demo_shop)) == 1


async def refund(shop: DemoShop, amount: str = "20.00", **arguments: Any) -> Any:
    defaults = {"order": DELIVERED, "reason": "a scratch", "payment": None}
    return await shop.apply("refund", amount=amount, **{**defaults, **arguments})


async def test_refunds_add_up_to_no_more_than_was_paid(demo_shop: DemoShop) -> None:
    done = await refund(demo_shop, "200.00")
    (row,) = await demo_shop.refunds(DELIVERED)
    assert (row["reference"], row["amount_pence"]) == (done.reference, 20_000)
    assert (row["reason"], row["payment"]) == ("a scratch", None)
    assert (await refund(demo_shop, "42.01")).refused == "exceeds"
    assert (await refund(demo_shop, "42")).refused is None
    assert (await refund(demo_shop, "0.01")).refused == "done_already"
    assert len(await demo_shop.refunds(DELIVERED)) == 2


async def test_a_refund_that_failed_counts_for_nothing(demo_shop: DemoShop) -> None:
    done = await refund(demo_shop, "242.00")
    this = tables.refunds.c.reference == done.reference
    await demo_shop.set(tables.refunds, this, state="failed")
    assert (await refund(demo_shop, "242.00")).refused is None


@pytest.mark.parametrize(
    "amount",
    ["-5.00", "0", "0.00", "59.999", "1e3", "NaN", "", "\N{FULLWIDTH DIGIT FIVE}", "10,00"],
)
async def test_what_is_no_amount_is_refused(demo_shop: DemoShop, amount: str) -> None:
    assert (await refund(demo_shop, amount)).refused == "invalid"
    assert await demo_shop.refunds(DELIVERED) == []


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"amount": "242.01"}, "exceeds"),
        ({"amount": "999999.99"}, "exceeds"),
        ({"amount": "9999999.99"}, "invalid"),
        ({"order": "99999"}, "not_found"),
        ({"payment": "P-1"}, "not_found"),
        ({"payment": FIRST}, "not_found"),
        ({"payment": "'; DELETE FROM refunds; --"}, "not_found"),
        ({"reason": "🤷"}, "invalid"),
        ({"reason": "x" * 201}, "invalid"),
    ],
    ids=str,
)
async def test_refunds_that_are_not_made(
    demo_shop: DemoShop, changed: dict[str, Any], why: str
) -> None:
    before = await demo_shop.everything()
    assert (await refund(demo_shop, **changed)).refused == why
    assert await demo_shop.everything() == before


async def test_a_payment_made_twice_goes_back_once(demo_shop: DemoShop) -> None:
    twice = {"order": DOUBLED, "reason": "paid twice"}
    assert (await refund(demo_shop, "145.01", payment=SECOND, **twice)).refused == "exceeds"
    assert (await refund(demo_shop, "145.00", payment=SECOND, **twice)).refused is None
    assert (await refund(demo_shop, "145.00", payment=SECOND, **twice)).refused == "done_already"
    # The order itself was still paid once, and no more than its price goes back for it.
    assert (await refund(demo_shop, "145.01", **twice)).refused == "exceeds"
    assert (await refund(demo_shop, "145.00", **twice)).refused is None
    assert (await refund(demo_shop, "0.01", payment=FIRST, **twice)).refused == "done_already"


async def test_what_was_never_taken_is_not_given_back(demo_shop: DemoShop) -> None:
    this = tables.payments.c.reference == SECOND
    await demo_shop.set(tables.payments, this, state="failed", failure="declined")
    refused = await refund(demo_shop, "1.00", order=DOUBLED, payment=SECOND)
    assert refused.refused == "exceeds"


async def test_a_refund_is_taken_back_until_it_leaves(demo_shop: DemoShop) -> None:
    await refund(demo_shop, key="first")
    assert (await demo_shop.undo("first")).refused is None
    assert await demo_shop.refunds(DELIVERED) == []
    sent = await refund(demo_shop, key="second")
    this = tables.refunds.c.reference == sent.reference
    await demo_shop.set(tables.refunds, this, state="sent", sent_on=demo_shop.now.date())
    assert (await demo_shop.undo("second")).refused == "too_late"


async def test_a_claim_is_opened_once(demo_shop: DemoShop) -> None:
    words = "the enamel is chipped"
    claim = {"kind": "damaged", "sku": MUG, "wish": "replacement", "words": words}
    done = await demo_shop.apply("open_claim", order=DELIVERED, key="first", **claim)
    row = await demo_shop.row(
        sa.select(tables.claims).where(tables.claims.c.reference == done.reference)
    )
    assert (row["order_number"], row["kind"], row["sku"]) == (DELIVERED, "damaged", MUG)
    assert (row["wish"], row["words"]) == ("replacement", words)
    again = await demo_shop.apply("open_claim", order=DELIVERED, **claim)
    assert again.refused == "done_already"
    assert (await demo_shop.undo("first")).refused == "not_offered"


@pytest.mark.parametrize(
    ("order", "kind", "sku", "why"),
    [
        ("10432", "missing", None, None),
        ("11012", "missing", None, None),
        ("10432", "damaged", None, "not_offered"),
        ("10640", "missing", None, "not_offered"),
        ("99999", "missing", None, "not_found"),
        (DELIVERED, "damaged", "FF-160", "not_found"),
        (DELIVERED, "damaged", None, None),
    ],
)
async def test_claims_are_about_what_was_sent(
    demo_shop: DemoShop, order: str, kind: str, sku: str | None, why: str | None
) -> None:
    claim = {"kind": kind, "sku": sku, "wish": "refund", "words": None}
    done = await demo_shop.apply("open_claim", order=order, **claim)
    assert done.refused == why
