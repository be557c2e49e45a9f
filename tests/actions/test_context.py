"""The shop as the actions read it, and the demo shop itself."""

from __future__ import annotations

import sqlite3
import time
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from actions.context import demo, tables
from actions.context.errors import ShopUnavailable
from actions.context.sql import SqlContext

TODAY = date(2026, 6, 5)


async def test_reads_customers_and_their_orders(shop_url: str) -> None:
    context = SqlContext(shop_url)
    try:
        for shown in demo.demo_customers():
            customer = await context.customer(shown.reference)
            assert customer is not None
            assert customer.name == shown.name
            assert "email" in {identity.channel for identity in customer.identities}
            orders = await context.orders(shown.reference)
            assert {order.number for order in orders} == {order.number for order in shown.orders}
            assert {order.postcode for order in orders} == {shown.postcode}
            for order in orders:
                assert order == await context.order(order.number)
                assert order.total == sum(item.unit_price * item.quantity for item in order.items)
        assert await context.customer("C-0") is None
        assert await context.orders("C-0") == ()
        assert await context.order("99999") is None
    finally:
        await context.aclose()


async def test_a_locked_shop_is_given_up_in_time(shop_url: str) -> None:
    context = SqlContext(shop_url, timeout=0.3)
    with sqlite3.connect(shop_url.removeprefix("sqlite+aiosqlite:///")) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        with pytest.raises(ShopUnavailable, match="could not be read"):
            await context.order("10432")
        assert time.monotonic() - began < 4  # SQLite itself would wait for five seconds
        lock.rollback()
    lock.close()
    await context.aclose()


async def test_a_broken_shop_names_the_setting_and_not_the_order(tmp_path: Path) -> None:
    broken = tmp_path / "shop.db"
    broken.write_text("not a database, but long enough to be taken for the start of one")
    context = SqlContext(f"sqlite+aiosqlite:///{broken}")
    with pytest.raises(ShopUnavailable, match="WARMLINE_SHOP_DATABASE_URL") as raised:
        await context.order("10432")
    assert "10432" not in str(raised.value)
    await context.aclose()


def test_the_demo_shop_is_the_same_each_time_and_looks_fresh() -> None:
    rows = demo.demo_rows(TODAY)
    assert rows == demo.demo_rows(TODAY)
    later = demo.demo_rows(TODAY + timedelta(days=30))
    assert [row["number"] for row in later[tables.orders]] == [
        row["number"] for row in rows[tables.orders]
    ]
    assert len(rows[tables.customers]) == demo.CUSTOMERS
    assert len({row["state"] for row in rows[tables.orders]}) == 9
    newest = max(row["at"] for row in rows[tables.tracking_events])
    assert datetime.combine(TODAY, datetime.min.time()) < newest
    assert newest < datetime.combine(TODAY, datetime.min.time()) + timedelta(hours=1)
    for event in rows[tables.tracking_events]:
        assert event["at"].date() <= TODAY


async def test_seeding_again_replaces_the_demo_and_nothing_else(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/new/shop.db"
    await demo.seed(url)
    await demo.seed(url)
    context = SqlContext(url)
    order = await context.order("10861")
    await context.aclose()
    assert order is not None
    assert order.delivery_estimate == datetime.now(timezone.utc).date()

    somebodys = tmp_path / "real.db"
    with sqlite3.connect(somebodys) as connection:
        connection.execute("CREATE TABLE orders (number TEXT)")
    connection.close()
    with pytest.raises(ValueError, match="left alone"):
        await demo.seed(f"sqlite+aiosqlite:///{somebodys}")
    with pytest.raises(ValueError, match="SQLite file"):
        await demo.seed("postgresql+asyncpg://localhost/shop")
