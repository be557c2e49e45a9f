"""The demo shop: some 200 customers with orders in every state, the same ones at each seeding.

Only the dates move: they count back from the moment of seeding, so the demo always looks fresh.
"""

from __future__ import annotations

import os
import random
from datetime import datetime, timezone
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from actions.context import tables
from actions.context.demo.crowd import somebody
from actions.context.demo.customers import add_customer, add_membership, add_signals
from actions.context.demo.goods import add_products, add_promos, articles
from actions.context.demo.money import add_failure, add_payments
from actions.context.demo.orders import add_order
from actions.context.demo.plan import DemoCustomer
from actions.context.demo.returns import add_claim, add_returns
from actions.context.demo.rows import Rows
from actions.context.demo.show import demo_customers, read

__all__ = ["CUSTOMERS", "DemoCustomer", "demo_customers", "demo_rows", "seed"]

CUSTOMERS = 200
SEED = 20_240_601
#: Where the shop's pages are said to be when nobody serves them.
SITE = "https://fjellfjord.test"
#: Written into the file, so that seeding never wipes a database somebody else made.
APPLICATION_ID = 0x5741524D


async def seed(url: str, now: datetime | None = None, *, site: str = SITE) -> None:
    """Writes the demo shop into the SQLite file of `url`, in place of the one there.

    `site` is where its pages are. Raises ValueError when the file holds somebody else's tables.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        raise ValueError("the demo shop lives in a SQLite file; give a sqlite+aiosqlite:///… URL")
    path = Path(address.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():  # noqa: ASYNC240 - at a start, before anything is served
        await _write(address, now, site=site)
        return
    # Other processes may be starting: they find no shop, or a whole one.
    new = path.with_name(f"{path.name}.{os.getpid()}")
    await _write(address.set(database=str(new)), now, site=site)
    new.replace(path)


async def _write(address: URL, now: datetime | None, *, site: str) -> None:
    engine = create_async_engine(address)
    try:
        async with engine.begin() as connection:
            owner = (await connection.execute(sa.text("PRAGMA application_id"))).scalar_one()
            inside = await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())
            if inside and owner != APPLICATION_ID:
                raise ValueError(
                    f"{address.database} is not a demo shop and was left alone; "
                    "set WARMLINE_SHOP_DATABASE_URL to another file"
                )
            await connection.execute(sa.text(f"PRAGMA application_id = {APPLICATION_ID}"))
            # Whoever reads the shop need not wait for whoever changes it.
            await connection.execute(sa.text("PRAGMA journal_mode = WAL"))
            # By itself the driver would commit each table alone.
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
            await connection.run_sync(tables.metadata.drop_all)
            await connection.run_sync(tables.metadata.create_all)
            now = now or datetime.now(timezone.utc)
            for table, rows in demo_rows(now, site=site).items():
                if rows:
                    await connection.execute(sa.insert(table), rows)
    finally:
        await engine.dispose()


def demo_rows(now: datetime, *, site: str = SITE) -> Rows:
    """Every row of the demo shop as of that moment (UTC), by table, parents first."""
    now = now.replace(tzinfo=None)
    ingredients, goods = read("shop.yml"), articles()
    chance = random.Random(SEED)  # noqa: S311  (the same shop every time, no secret)
    rows: Rows = {table: [] for table in tables.metadata.sorted_tables}
    add_products(rows, goods, site, chance)
    add_promos(rows, ingredients["promos"], now.date())
    show = {customer.reference: customer for customer in demo_customers()}
    taken = {order.number for customer in show.values() for order in customer.orders}
    free = iter(
        chance.sample([str(n) for n in range(10_001, 12_500) if str(n) not in taken], 1_000)
    )
    for serial in range(1_001, 1_001 + CUSTOMERS):
        reference = f"C-{serial}"
        customer = show.get(reference) or somebody(reference, ingredients, goods, free, chance)
        add_customer(rows, customer, now.date())
        placed = [
            add_order(rows, customer, order, goods, ingredients["promos"], now)
            for order in customer.orders
        ]
        for each in placed:
            add_payments(rows, each, now.date())
            add_returns(rows, each, goods, now.date())
            add_claim(rows, each, goods, now.date())
        add_membership(rows, customer, [each.row for each in placed], now.date())
        add_failure(rows, customer, goods, now)
        add_signals(rows, customer, now)
    return rows
