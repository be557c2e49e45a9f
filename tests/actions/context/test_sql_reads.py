"""The shop as its SQL source reads it, over SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from actions.context import tables
from actions.context.demo import demo_customers
from actions.context.errors import ShopMisconfigured, ShopUnavailable
from actions.context.sql import SqlShop
from actions.context.sql.database import ShopDatabase
from tests.actions.context.shops import NUMBERS, REFERENCES, ROWS, alter, mapping_with, opened
from tests.postgresql import PostgresqlServer

NOT_THERE = [
    "",
    "99999",
    "10432 ",
    "10432' OR '1'='1",
    "10432'; DROP TABLE orders; --",
    ":number",
    "10432\0",
    "\ud83d",
    "🌲" * 5_000,
]


async def test_both_databases_say_the_same_of_everybody(
    sqlite_url: str, postgresql_url: str
) -> None:
    async with opened(sqlite_url) as here, opened(postgresql_url) as there:
        for reference in REFERENCES:
            context = await here.context(reference)
            assert context is not None
            assert context == await there.context(reference)
        assert await here.products() == await there.products()


async def test_a_context_holds_all_there_is_of_a_customer(shop: SqlShop) -> None:
    for reference in REFERENCES[:60]:
        context = await shop.context(reference)
        assert context is not None
        mine = {row["number"] for row in ROWS[tables.orders] if row["customer"] == reference}
        assert {order.number for order in context.orders} == mine
        for table, key, read in (
            (tables.payments, "customer", context.payments),
            (tables.signals, "customer", context.signals),
            (tables.identities, "customer", context.customer.identities),
            (tables.refunds, "order_number", context.refunds),
            (tables.returns, "order_number", context.returns),
            (tables.claims, "order_number", context.claims),
        ):
            owners = mine if key == "order_number" else {reference}
            assert len(read) == sum(row[key] in owners for row in ROWS[table]), table.name
        moments = [order.placed_at for order in context.orders]
        assert moments == sorted(moments, reverse=True)


async def test_an_order_is_the_same_wherever_it_is_read(shop: SqlShop) -> None:
    for shown in demo_customers():
        context = await shop.context(shown.reference)
        assert context is not None
        assert context.customer.name == shown.name
        assert context.customer.email == shown.email
        assert context.customer.address == shown.address
        assert {order.number for order in context.orders} == {each.number for each in shown.orders}
        for order in context.orders:
            assert order == await shop.order(order.number)
            assert order == context.order(order.number)
            assert order.address == shown.address


async def test_one_order_to_the_letter(shop: SqlShop) -> None:
    order = await shop.order("10432")
    assert order is not None
    assert (order.total, order.currency) == (Decimal("145.00"), "GBP")
    assert [(item.sku, item.size, item.unit_price) for item in order.items] == [
        ("FF-101", "UK 6", Decimal("129.00")),
        ("FF-121", "UK 6-8", Decimal("16.00")),
    ]
    assert order.placed_at.isoformat() == "2026-06-02T07:31:00+00:00"
    assert order.parcel is not None
    assert [event.place for event in order.parcel.events] == ["Coventry", "Coventry hub"]
    assert order.invoice is not None
    assert order.invoice.total == order.total


@pytest.mark.parametrize("asked", NOT_THERE)
async def test_what_is_not_there_is_none_however_it_is_written(shop: SqlShop, asked: str) -> None:
    assert await shop.context(asked) is None
    assert await shop.order(asked) is None
    assert await shop.reference_of(asked) is None
    assert await shop.reference_at("sms", asked) is None
    assert await shop.promo(asked, asked) is None
    assert await shop.order(NUMBERS[0]) is not None


async def test_an_address_is_found_in_any_case(shop: SqlShop) -> None:
    assert await shop.reference_of(" Ava.1007@Customer.TEST ") == "C-1007"
    assert await shop.reference_of("nobody@customer.test") is None


async def test_a_customer_is_found_by_where_they_write_from(shop: SqlShop) -> None:
    assert await shop.reference_at("sms", "+447700900012") == "C-1012"
    assert await shop.reference_at("whatsapp", "+447700900012") is None
    assert await shop.reference_at("telegram", "700001023") == "C-1023"


async def test_promo_codes_in_any_case_used_or_not(shop: SqlShop) -> None:
    used = await shop.promo("welcome10", "C-1046")
    assert used is not None
    assert (used.percent, used.amount, used.used) == (10, None, True)
    for somebody in ("C-1007", None):
        fresh = await shop.promo("WELCOME10 ", somebody)
        assert fresh is not None
        assert not fresh.used
    amount = await shop.promo("FIVER", None)
    assert amount is not None
    assert (amount.percent, amount.amount, amount.minimum) == (None, Decimal("5.00"), Decimal(40))
    members = await shop.promo("fjord15", None)
    assert members is not None
    assert members.members_only


async def test_products_come_with_facts_and_stock(shop: SqlShop) -> None:
    products = {product.name: product for product in await shop.products()}
    boots, beanie = products["hiking boots"], products["beanie"]
    assert list(boots.facts)[:2] == ["material", "weight"]
    assert next(iter(boots.stock)) == "UK 4"
    assert boots.stock["UK 11"] == 0 < boots.stock["UK 9"]
    assert beanie.stock == {"": 0}


async def test_products_are_kept_for_a_while(copied_url: str) -> None:
    async with opened(copied_url) as keeps, opened(copied_url, products_kept=-1) as looks:
        before, seen = await keeps.products(), await looks.products()
        alter(copied_url, "UPDATE products SET price_pence = 1")
        assert await keeps.products() is before
        assert await looks.products() != seen == before


async def test_nothing_can_be_written(seeded_url: str) -> None:
    database = ShopDatabase(seeded_url, timeout=3)
    with pytest.raises(ShopUnavailable):
        await database.read(lambda connection: connection.execute(sa.delete(tables.signals)))
    signals = sa.select(sa.func.count()).select_from(tables.signals)
    count = await database.read(lambda connection: connection.execute(signals).scalar_one())
    assert count == len(ROWS[tables.signals])
    await database.aclose()


async def test_a_locked_shop_is_given_up_in_time(copied_url: str) -> None:
    async with opened(copied_url, timeout=0.3) as shop:
        with sqlite3.connect(make_url(copied_url).database or "") as lock:
            lock.execute("PRAGMA locking_mode = EXCLUSIVE")
            lock.execute("BEGIN EXCLUSIVE")
            began = time.monotonic()
            with pytest.raises(ShopUnavailable, match="could not be used"):
                await shop.order("10432")
            assert time.monotonic() - began < 4  # SQLite itself would wait for five seconds
            lock.rollback()
        lock.close()
        assert await shop.order("10432")


async def test_a_slow_server_is_given_up_and_asked_again(
    postgresql_url: str, tmp_path: Path
) -> None:
    slow = mapping_with(tmp_path, reference_of="SELECT :email AS reference FROM pg_sleep(60)")
    async with opened(postgresql_url, slow, timeout=0.3) as shop:
        with pytest.raises(ShopUnavailable, match=r"within 0\.3 s|could not be used"):
            await shop.reference_of("ava.1007@customer.test")
        assert await shop.order("10432")


async def test_statements_that_never_end_leave_no_thread_behind(
    sqlite_url: str, tmp_path: Path
) -> None:
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
        " SELECT max(i) AS reference FROM n WHERE :email <> ''"
    )
    async with opened(sqlite_url, mapping_with(tmp_path, reference_of=endless), timeout=1) as shop:
        asked = (shop.reference_of("ava.1007@customer.test") for _ in range(40))
        for answer in await asyncio.gather(*asked, return_exceptions=True):
            assert isinstance(answer, ShopUnavailable)
        assert await shop.order("10432")


async def test_a_server_that_is_away_and_comes_back(
    postgresql: PostgresqlServer, postgresql_url: str
) -> None:
    async with opened(postgresql_url) as shop:
        assert await shop.order("10432")
        with (
            postgresql.away(make_url(postgresql_url).database or ""),
            pytest.raises(ShopUnavailable, match="WARMLINE_SHOP_DATABASE_URL") as raised,
        ):
            await shop.order("10432")
        assert "10432" not in str(raised.value)
        assert await shop.order("10432")


async def test_a_broken_shop_names_the_setting_and_not_the_order(tmp_path: Path) -> None:
    broken = tmp_path / "shop.db"
    broken.write_text("not a database, but long enough to be taken for the start of one")
    async with opened(f"sqlite:///{broken}") as shop:
        with pytest.raises(ShopUnavailable, match="WARMLINE_SHOP_DATABASE_URL") as raised:
            await shop.order("10432")
    assert "10432" not in str(raised.value)


async def test_a_missing_shop_is_not_created(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path}/shop.db") as shop:
        with pytest.raises(ShopUnavailable, match="does not exist"):
            await shop.context("C-1007")
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize("url", ["", "shop", "mysql://root@localhost/shop"])
def test_an_address_of_something_else_is_refused(url: str) -> None:
    with pytest.raises(ShopMisconfigured) as raised:
        SqlShop(url)
    assert raised.value.where == "WARMLINE_SHOP_DATABASE_URL"
