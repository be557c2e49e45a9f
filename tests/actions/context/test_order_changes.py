"""What the demo shop does with orders that are not packed yet."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from actions.context import tables
from tests.actions.context.demo_shop import DemoShop

#: Ava's order that is not packed yet: a head torch (34.00) and two enamel mugs (12.00 each).
PLACED = "10640"
TORCH, MUG, HAMMOCK, JUMPER = "FF-160", "FF-152", "FF-163", "FF-115"
ELSEWHERE = {"line": "1 New Road", "town": "Bath", "postcode": "ba1 1aa"}


def item(sku: str, quantity: int = 1, size: str | None = None) -> dict[str, Any]:
    return {"sku": sku, "size": size, "quantity": quantity}


async def inside(shop: DemoShop, number: str) -> list[tuple[str, str | None, int, int]]:
    items = tables.order_items
    query = sa.select(items).where(items.c.order_number == number).order_by(items.c.position)
    return [
        (row["sku"], row["size"], row["quantity"], row["unit_price_pence"])
        for row in await shop.rows(query)
    ]


async def payments(shop: DemoShop, number: str) -> dict[str, int]:
    """How much was paid and is to be paid, by state."""
    query = sa.select(tables.payments).where(tables.payments.c.order_number == number)
    return {row["state"]: row["amount_pence"] for row in await shop.rows(query)}


async def test_a_cancelled_order_is_paid_back_and_its_things_are_for_sale_again(
    demo_shop: DemoShop,
) -> None:
    mugs = await demo_shop.stock(MUG)
    done = await demo_shop.apply("cancel_order", order=PLACED, fee="0.00")
    assert (done.reference, done.undoable, done.refused) == (PLACED, True, None)
    assert done.before == {"state": "placed"}
    assert (await demo_shop.order(PLACED))["state"] == done.after["state"] == "cancelled"
    (refund,) = await demo_shop.refunds(PLACED)
    assert refund["reference"] == done.after["refund"]
    assert (refund["amount_pence"], done.after["amount"]) == (5800, "58.00")
    assert (refund["state"], refund["sent_on"]) == ("requested", None)
    assert refund["expected_by"] == date(2026, 6, 12)
    assert await demo_shop.stock(MUG) == mugs + 2
    (mail,) = await demo_shop.mails("C-1007")
    assert (mail["template"], "£58.00" in mail["body"]) == ("order_cancelled", True)


@pytest.mark.parametrize(
    ("fee", "kept", "back"), [("4.50", "4.50", 5350), ("58.00", "58.00", 0), ("99.00", "58.00", 0)]
)
async def test_a_fee_is_kept_back_and_no_more_than_was_paid(
    demo_shop: DemoShop, fee: str, kept: str, back: int
) -> None:
    done = await demo_shop.apply("cancel_order", key="first", order=PLACED, fee=fee)
    assert done.after["fee"] == kept
    refunds = await demo_shop.refunds(PLACED)
    assert sum(each["amount_pence"] for each in refunds) == back
    (mail,) = await demo_shop.mails("C-1007")
    assert f"We keep the fee of £{kept}." in mail["body"]
    assert ("will be back with you" in mail["body"]) == bool(back)
    await demo_shop.undo("first")
    assert await demo_shop.refunds(PLACED) == []
    assert (await demo_shop.order(PLACED))["state"] == "placed"


async def test_what_was_not_paid_yet_is_neither_paid_back_nor_taken(demo_shop: DemoShop) -> None:
    of_order = tables.payments.c.order_number == PLACED
    await demo_shop.set(tables.payments, of_order, state="pending")
    done = await demo_shop.apply("cancel_order", key="first", order=PLACED, fee="0.00")
    assert done.after == {"state": "cancelled"}
    assert await demo_shop.refunds(PLACED) == []
    assert await payments(demo_shop, PLACED) == {"failed": 5800}
    await demo_shop.undo("first")
    assert await payments(demo_shop, PLACED) == {"pending": 5800}


async def test_what_is_packed_or_gone_is_not_cancelled(demo_shop: DemoShop) -> None:
    before = await demo_shop.everything()
    for order, why in (
        ("10587", "too_late"),
        ("10432", "too_late"),
        ("10398", "too_late"),
        ("99999", "not_found"),
        ("10640'; DROP TABLE orders; --", "not_found"),
    ):
        refused = await demo_shop.apply("cancel_order", order=order, fee="0.00")
        assert (refused.refused, refused.undoable, refused.after) == (why, False, {}), order
    assert await demo_shop.everything() == before
    await demo_shop.apply("cancel_order", order=PLACED, fee="0.00")
    assert (
        await demo_shop.apply("cancel_order", order=PLACED, fee="0.00")
    ).refused == "done_already"


async def test_a_cancellation_is_taken_back_until_its_refund_leaves(demo_shop: DemoShop) -> None:
    before = await demo_shop.everything()
    done = await demo_shop.apply("cancel_order", key="first", order=PLACED, fee="0.00")
    undone = await demo_shop.undo("first")
    assert (undone.before, undone.after) == (done.after, done.before)
    after = await demo_shop.everything()
    templates = [mail["template"] for mail in after.pop("mails")]
    assert templates == ["order_cancelled", "order_restored"]
    assert after == {name: rows for name, rows in before.items() if name != "mails"}
    assert (await demo_shop.undo("first")).refused == "done_already"

    again = await demo_shop.apply("cancel_order", key="second", order=PLACED, fee="0.00")
    refund = tables.refunds.c.reference == again.after["refund"]
    await demo_shop.set(tables.refunds, refund, state="sent", sent_on=demo_shop.now.date())
    assert (await demo_shop.undo("second")).refused == "too_late"
    assert (await demo_shop.order(PLACED))["state"] == "cancelled"


async def test_a_cancellation_stays_when_the_things_are_sold(demo_shop: DemoShop) -> None:
    await demo_shop.apply("cancel_order", key="first", order=PLACED, fee="0.00")
    await demo_shop.set(tables.stock, tables.stock.c.sku == MUG, quantity=1)
    assert (await demo_shop.undo("first")).refused == "out_of_stock"
    assert (await demo_shop.order(PLACED))["state"] == "cancelled"
    assert len(await demo_shop.refunds(PLACED)) == 1


async def test_dearer_things_are_charged_and_cheaper_ones_paid_back(demo_shop: DemoShop) -> None:
    hammocks = await demo_shop.stock(HAMMOCK)
    dearer = await demo_shop.apply(
        "change_items", key="dearer", order=PLACED, items=[item(TORCH), item(HAMMOCK, 2)]
    )
    assert await inside(demo_shop, PLACED) == [(TORCH, None, 1, 3400), (HAMMOCK, None, 2, 4900)]
    assert (await demo_shop.order(PLACED))["total_pence"] == 13_200
    assert (dearer.before["total"], dearer.after["total"]) == ("58.00", "132.00")
    assert dearer.after["to_pay"] == "74.00"
    assert await payments(demo_shop, PLACED) == {"paid": 5800, "pending": 7400}
    assert await demo_shop.stock(HAMMOCK) == hammocks - 2
    assert await demo_shop.stock(MUG) == 4

    cheaper = await demo_shop.apply("change_items", order=PLACED, items=[item(TORCH)])
    assert await payments(demo_shop, PLACED) == {"paid": 5800}  # nothing more is taken
    assert cheaper.after["refunded"] == "24.00"
    (refund,) = await demo_shop.refunds(PLACED)
    assert refund["amount_pence"] == 2400

    # The first of the two cannot be taken back: the order is not what it made of it any more.
    assert (await demo_shop.undo("dearer")).refused == "too_late"


async def test_a_change_of_items_is_taken_back_with_its_money(demo_shop: DemoShop) -> None:
    before = await demo_shop.everything()
    for key, items in (
        ("cheaper", [item(TORCH)]),
        ("dearer", [item(JUMPER, size="M"), item(TORCH), item(MUG, 3)]),
    ):
        await demo_shop.apply("change_items", key=key, order=PLACED, items=items)
        assert (await demo_shop.undo(key)).refused is None
    after = await demo_shop.everything()
    assert len(after.pop("mails")) == 4
    before.pop("mails")
    assert after == before


async def test_prices_are_in_the_orders_currency_and_what_was_bought_keeps_its_price(
    demo_shop: DemoShop,
) -> None:
    shirt, flask = "FF-116", "FF-154"
    await demo_shop.set(tables.products, tables.products.c.sku == shirt, price_pence=9900)
    items = [item(shirt, size="XL"), item(flask)]
    done = await demo_shop.apply("change_items", order="10998", items=items)
    assert await inside(demo_shop, "10998") == [(shirt, "XL", 1, 6600), (flask, None, 1, 2880)]
    assert done.after["refunded"] == "18.00"
    (mail,) = await demo_shop.mails("C-1102")
    assert "€94.80" in mail["body"]


@pytest.mark.parametrize(
    ("items", "why"),
    [
        ([item(TORCH), item(MUG, 2)], "done_already"),
        ([item(MUG), item(TORCH), item(MUG)], "done_already"),
        ([item("FF-123")], "out_of_stock"),
        ([item(MUG, 5)], "out_of_stock"),
        ([item(MUG, 2_000_000_000_000)], "out_of_stock"),
        ([item("FF-999")], "not_found"),
        ([item(JUMPER)], "not_found"),
        ([item(JUMPER, size="42")], "not_found"),
        ([item("FF-160' OR '1'='1")], "not_found"),
        ([item(TORCH, 0)], "invalid"),
        ([item(TORCH, -1)], "invalid"),
        ([item("\x00")], "invalid"),
        ([item("\ud83d")], "invalid"),
        ([], "invalid"),
    ],
    ids=str,
)
async def test_items_that_cannot_be_had_change_nothing(
    demo_shop: DemoShop, items: list[dict[str, Any]], why: str
) -> None:
    before = await demo_shop.everything()
    assert (await demo_shop.apply("change_items", order=PLACED, items=items)).refused == why
    assert await demo_shop.everything() == before


async def test_another_address_while_nothing_is_packed(demo_shop: DemoShop) -> None:
    done = await demo_shop.apply("change_order_address", key="moved", order=PLACED, **ELSEWHERE)
    assert done.after == {"line": "1 New Road", "town": "Bath", "postcode": "BA1 1AA"}
    assert done.before == {"line": "4 Mill Lane", "town": "Bristol", "postcode": "BS1 4DJ"}
    order = await demo_shop.order(PLACED)
    assert (order["line"], order["postcode"]) == ("1 New Road", "BA1 1AA")
    same = await demo_shop.apply("change_order_address", order=PLACED, **ELSEWHERE)
    assert same.refused == "done_already"
    assert (await demo_shop.undo("moved")).after == done.before
    assert (await demo_shop.order(PLACED))["line"] == "4 Mill Lane"

    await demo_shop.apply("change_order_address", key="again", order=PLACED, **ELSEWHERE)
    await demo_shop.set(tables.orders, tables.orders.c.number == PLACED, state="packed")
    assert (await demo_shop.undo("again")).refused == "too_late"
    late = await demo_shop.apply(
        "change_order_address", order=PLACED, **{**ELSEWHERE, "town": "Wells"}
    )
    assert late.refused == "too_late"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"line": "🏠🌿"}, "invalid"),
        ({"town": " \n "}, "invalid"),
        ({"postcode": "--"}, "invalid"),
        ({"line": "1 " + "x" * 300}, "invalid"),
        ({"line": "half \ud83d of an emoji"}, "invalid"),
        ({"line": "1 New Road 🏠"}, None),
        ({"line": "1 Nëw\tRoad\x00"}, None),
        ({"line": "'); DROP TABLE orders; --1"}, None),
    ],
    ids=repr,
)
async def test_an_address_holds_letters_or_digits(
    demo_shop: DemoShop, changed: dict[str, str], why: str | None
) -> None:
    address = {**ELSEWHERE, **changed}
    done = await demo_shop.apply("change_order_address", order=PLACED, **address)
    assert done.refused == why
    order = await demo_shop.order(PLACED)
    kept = " ".join(address["line"].replace("\x00", " ").split())
    assert order["line"] == ("4 Mill Lane" if why else kept)
