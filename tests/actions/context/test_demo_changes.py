"""What holds for every change of the demo shop: made once under a key, whole or not at all."""

from __future__ import annotations

import asyncio
import typing
from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from actions.context import tables
from actions.context.changes import Change, ChangeName
from actions.context.demo_changes import CHANGES
from tests.actions.context.demo_shop import DemoShop
from tests.actions.context.rush import rush

PLACED, DELIVERED, DOUBLED, SECOND = "10640", "10969", "10913", "P-70076"
#: One of each, with arguments it can be made with.
EXAMPLES: dict[ChangeName, dict[str, Any]] = {
    "cancel_order": {"order": PLACED, "fee": "0.00"},
    "change_items": {
        "order": PLACED,
        "items": [{"sku": "FF-160", "size": None, "quantity": 2}],
    },
    "change_order_address": {"order": PLACED, "line": "1 A", "town": "B", "postcode": "C1"},
    "change_account_address": {"customer": "C-1007", "line": "1 A", "town": "B", "postcode": "C1"},
    "return_item": {"order": DELIVERED, "sku": "FF-152", "quantity": 1},
    "exchange_item": {"order": DELIVERED, "sku": "FF-101", "quantity": 1, "new_size": "UK 10"},
    "refund": {"order": DOUBLED, "amount": "145.00", "reason": "paid twice", "payment": SECOND},
    "open_claim": {
        "order": DELIVERED,
        "kind": "damaged",
        "sku": "FF-152",
        "wish": "refund",
        "words": "a crack",
    },
    "mail_invoice": {"order": DELIVERED},
    "mail_password_link": {"email": "ava.1007@customer.test"},
    "mail_code": {"email": "ava.1007@customer.test", "code": "402913"},
    "mail_account_data": {"customer": "C-1007"},
    "set_newsletter": {"customer": "C-1007", "on": True},
    "join_membership": {"customer": "C-1007"},
    "leave_membership": {"customer": "C-1059"},
    "change_email": {"customer": "C-1007", "email": "ava@new.test"},
    "change_phone": {"customer": "C-1007", "phone": "07700 900999"},
    "change_name": {"customer": "C-1007", "name": "Ava Smith"},
    "close_account": {"customer": "C-1007"},
    "watch_stock": {"customer": "C-1007", "sku": "FF-162", "size": None},
    "undo": {"change": "the one before"},
}
#: What is not kept from whoever made it once.
NEVER_TAKEN_BACK = {
    *("open_claim", "mail_invoice", "mail_password_link", "mail_code", "mail_account_data", "undo")
}


def test_every_change_is_made_by_the_shop() -> None:
    assert set(CHANGES) == set(EXAMPLES) == set(typing.get_args(ChangeName))


@pytest.mark.parametrize("name", EXAMPLES)
async def test_a_change_under_a_key_is_made_once(demo_shop: DemoShop, name: ChangeName) -> None:
    await demo_shop.apply("set_newsletter", key="the one before", customer="C-1012", on=True)
    first = await demo_shop.apply(name, key="k", **EXAMPLES[name])
    assert first.refused is None
    assert first.undoable == (name not in NEVER_TAKEN_BACK)
    after = await demo_shop.everything()
    # Even later, when it would be refused.
    demo_shop.now = demo_shop.now.replace(year=2027)
    assert await demo_shop.apply(name, key="k", **EXAMPLES[name]) == first
    assert await demo_shop.everything() == after


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name not in NEVER_TAKEN_BACK])
async def test_what_is_taken_back_leaves_nothing_but_mails(
    demo_shop: DemoShop, name: ChangeName
) -> None:
    before = await demo_shop.everything()
    await demo_shop.apply(name, key="k", **EXAMPLES[name])
    assert (await demo_shop.undo("k")).refused is None
    after = await demo_shop.everything()
    del before["mails"], after["mails"]
    assert after == before
    assert (await demo_shop.undo("k")).refused == "done_already"


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name in NEVER_TAKEN_BACK])
async def test_the_rest_is_not_taken_back(demo_shop: DemoShop, name: ChangeName) -> None:
    await demo_shop.apply("set_newsletter", key="the one before", customer="C-1012", on=True)
    await demo_shop.apply(name, key="k", **EXAMPLES[name])
    after = await demo_shop.everything()
    assert (await demo_shop.undo("k")).refused == "not_offered"
    assert await demo_shop.everything() == after


async def test_a_refusal_is_kept_as_well(demo_shop: DemoShop) -> None:
    packed = tables.orders.c.number == PLACED
    await demo_shop.set(tables.orders, packed, state="packed")
    for _ in range(2):
        refused = await demo_shop.apply("cancel_order", key="k", order=PLACED, fee="0.00")
        assert refused.refused == "too_late"
        await demo_shop.set(tables.orders, packed, state="placed")
    assert (await demo_shop.undo("k")).refused == "not_offered"
    assert (await demo_shop.undo("nothing")).refused == "not_found"
    assert (await demo_shop.order(PLACED))["state"] == "placed"


async def test_the_record_says_what_was_made(demo_shop: DemoShop) -> None:
    done = await demo_shop.apply("cancel_order", key="k", order=PLACED, fee="0.00")
    await demo_shop.apply("undo", key="u", change="k")
    row = await demo_shop.row(sa.select(tables.changes).where(tables.changes.c.key == "k"))
    assert (row["name"], row["arguments"]) == ("cancel_order", {"order": PLACED, "fee": "0.00"})
    assert row["result"]["reference"] == done.reference
    assert (row["made_at"].isoformat(), row["undone_by"]) == ("2026-06-05T12:00:00", "u")


async def test_a_key_is_for_one_change(demo_shop: DemoShop) -> None:
    await demo_shop.apply("cancel_order", key="k", order=PLACED, fee="0.00")
    with pytest.raises(ValueError, match="another change, cancel_order"):
        await demo_shop.apply("cancel_order", key="k", order="10998", fee="0.00")
    assert (await demo_shop.order("10998"))["state"] == "placed"


@pytest.mark.parametrize(
    ("name", "changed", "problem"),
    [
        ("cancel_order", {"order": 10640, "fee": "0.00"}, "cancel_order: 'order' must be a text"),
        ("cancel_order", {"order": None, "fee": "0.00"}, "'order' must be a text"),
        (
            "cancel_order",
            {"number": "10640", "fee": "0.00"},
            "'number' is not one of its arguments",
        ),
        ("refund", {"amount": 20}, "'amount' must be a text such as"),
        ("refund", {"payment": 1}, "'payment' must be a text"),
        ("return_item", {"quantity": "1"}, "'quantity' must be a whole number"),
        ("return_item", {"quantity": True}, "'quantity' must be a whole number"),
        ("return_item", {"quantity": 1.0}, "'quantity' must be a whole number"),
        ("change_items", {"items": "FF-160"}, "'items' must be a list of"),
        ("change_items", {"items": [{"sku": "FF-160"}]}, "'items' must be a list of"),
        ("change_items", {"items": [["FF-160", None, 1]]}, "'items' must be a list of"),
        ("open_claim", {"kind": "stolen"}, "'kind' must be one of missing, damaged"),
        ("open_claim", {"wish": None}, "'wish' must be one of"),
        ("set_newsletter", {"on": "yes"}, "'on' must be true or false"),
        ("steal", {}, "there is no such change"),
    ],
)
async def test_what_a_program_got_wrong_is_named(
    demo_shop: DemoShop, name: Any, changed: dict[str, Any], problem: str
) -> None:
    before = await demo_shop.everything()
    with pytest.raises(ValueError, match=problem):
        await demo_shop.apply(name, key="k", **{**EXAMPLES.get(name, {}), **changed})
    assert await demo_shop.everything() == before
    assert await demo_shop.rows(sa.select(tables.changes)) == []


async def test_an_argument_that_is_missing_is_named(demo_shop: DemoShop) -> None:
    with pytest.raises(ValueError, match="return_item: 'quantity' is missing"):
        await demo_shop.apply("return_item", order=DELIVERED, sku="FF-152")


async def test_no_text_does_any_harm(demo_shop: DemoShop) -> None:
    before = await demo_shop.everything()
    for text in ("'; DROP TABLE customers; --", "\x00", "\ud83d", "🌿", "x" * 300, " "):
        for name, example in EXAMPLES.items():
            for argument, value in example.items():
                if isinstance(value, str) and argument not in ("kind", "wish"):
                    await demo_shop.apply(name, **{**example, argument: text})
    after = await demo_shop.everything()
    for table in ("customers", "orders", "order_items", "payments", "invoices", "stock"):
        assert len(after[table]) == len(before[table])


async def test_of_refunds_at_the_same_moment_one_is_made(
    demo_shop: DemoShop, changing_url: URL
) -> None:
    attempts = [(f"k{place}", Change("refund", EXAMPLES["refund"])) for place in range(2)]
    url = changing_url.render_as_string(hide_password=False)
    results = await asyncio.to_thread(rush, url, attempts)
    assert Counter(result.refused for result in results) == {None: 1, "done_already": 1}
    (row,) = await demo_shop.refunds(DOUBLED)
    assert row["reference"] in {result.reference for result in results}


async def test_one_key_in_several_processes_is_one_change(
    demo_shop: DemoShop, changing_url: URL
) -> None:
    attempts = [("k", Change("refund", EXAMPLES["refund"]))] * 2
    url = changing_url.render_as_string(hide_password=False)
    results = await asyncio.to_thread(rush, url, attempts)
    assert results == [results[0]] * 2
    assert results[0].refused is None
    assert len(await demo_shop.refunds(DOUBLED)) == 1


async def test_the_last_one_in_stock_is_sold_once(demo_shop: DemoShop, changing_url: URL) -> None:
    size = sa.and_(tables.stock.c.sku == "FF-101", tables.stock.c.size == "UK 5")
    await demo_shop.set(tables.stock, size, quantity=1)
    boots = {"sku": "FF-101", "size": "UK 5", "quantity": 1}
    # Ava wants the pair in her order, Isaac in exchange.
    attempts = [
        ("a", Change("change_items", {"order": PLACED, "items": [boots]})),
        ("b", Change("exchange_item", {**EXAMPLES["exchange_item"], "new_size": "UK 5"})),
    ]
    url = changing_url.render_as_string(hide_password=False)
    results = await asyncio.to_thread(rush, url, attempts)
    assert Counter(result.refused for result in results) == {None: 1, "out_of_stock": 1}
    assert await demo_shop.stock("FF-101", "UK 5") == 0
