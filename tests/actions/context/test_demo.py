"""The demo shop: the same each time, fresh, and without contradictions anywhere."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_args

import pytest
import sqlalchemy as sa
from ruamel.yaml import YAML

from actions.context import demo, tables
from actions.context.model import OrderState, PaymentState, RefundState, SignalKind
from tests.actions.context.shops import NOW, ROWS, opened

TODAY, NAIVE = NOW.date(), NOW.replace(tzinfo=None)
LEFT = {"shipped", "out_for_delivery", "delivered", "delayed", "lost", "returned"}
ORDERS = {row["number"]: row for row in ROWS[tables.orders]}


def by_order(table: sa.Table) -> dict[str, list[dict[str, Any]]]:
    grouped = defaultdict(list)
    for row in ROWS[table]:
        grouped[row["order_number"]].append(row)
    return grouped


def test_it_is_the_same_each_time_and_only_the_dates_move() -> None:
    assert demo.demo_rows(NOW) == ROWS
    later = demo.demo_rows(NOW + timedelta(days=30))
    for table, rows in ROWS.items():
        for before, after in zip(rows, later[table], strict=True):
            moved = {name for name in before if before[name] != after[name]}
            assert all(isinstance(before[name], date) for name in moved), table.name


def test_nothing_is_later_than_now_but_what_is_expected() -> None:
    expected = {"delivery_estimate", "expected_by", "until", "valid_from", "valid_until"}
    for table, rows in ROWS.items():
        for row in rows:
            for name, value in row.items():
                if isinstance(value, datetime):
                    assert value <= NAIVE, f"{table.name}.{name}"
                elif isinstance(value, date) and name not in expected | {"closing_on"}:
                    assert value <= TODAY, f"{table.name}.{name}"
    assert min(NAIVE - row["at"] for row in ROWS[tables.signals]) < timedelta(minutes=10)


def test_every_state_of_everything_is_there() -> None:
    assert len(ROWS[tables.customers]) == demo.CUSTOMERS
    for table, column, kind in (
        (tables.orders, "state", OrderState),
        (tables.payments, "state", PaymentState),
        (tables.refunds, "state", RefundState),
        (tables.signals, "kind", SignalKind),
    ):
        assert {row[column] for row in ROWS[table]} == set(get_args(kind)), table.name
    claims = {(row["kind"], row["wish"]) for row in ROWS[tables.claims]}
    assert len(claims) == 4
    assert any(row["received_on"] is None for row in ROWS[tables.returns])
    assert any(row["new_size"] for row in ROWS[tables.returns])
    assert any(row["expected_by"] < TODAY and not row["sent_on"] for row in ROWS[tables.refunds])
    assert {row["currency"] for row in ROWS[tables.orders]} == {"GBP", "EUR"}
    assert 40 < len(ROWS[tables.memberships]) < 90


def test_keys_are_unique_and_point_at_something() -> None:
    for table, rows in ROWS.items():
        keys = [column.name for column in table.primary_key if column.name != "id"]
        if keys:
            counts = Counter(tuple(row[key] for key in keys) for row in rows)
            assert not [key for key, count in counts.items() if count > 1], table.name
        for column in table.columns:
            for foreign in column.foreign_keys:
                there = {row[foreign.column.name] for row in ROWS[foreign.column.table]}
                named = {row[column.name] for row in rows if row.get(column.name) is not None}
                assert named <= there, f"{table.name}.{column.name}"


def test_what_is_bought_is_sold_in_that_size_at_that_price() -> None:
    sold = {row["sku"]: row for row in ROWS[tables.products]}
    sizes = defaultdict(set)
    for row in ROWS[tables.stock]:
        sizes[row["sku"]].add(row["size"])
    for item in ROWS[tables.order_items]:
        product = sold[item["sku"]]
        assert item["name"] == product["name"]
        assert (item["size"] or "") in sizes[item["sku"]]
        euros = ORDERS[item["order_number"]]["currency"] == "EUR"
        price = product["price_pence"]
        assert item["unit_price_pence"] == (price * 1.2 if euros else price)
    assert {row["sku"] for row in ROWS[tables.product_facts]} == set(sold)
    assert any(row["quantity"] == 0 for row in ROWS[tables.stock])


def test_the_money_of_every_order_adds_up() -> None:
    items, invoices = by_order(tables.order_items), by_order(tables.invoices)
    payments, refunds = by_order(tables.payments), by_order(tables.refunds)
    for number, order in ORDERS.items():
        goods = sum(each["unit_price_pence"] * each["quantity"] for each in items[number])
        total = goods + order["delivery_pence"] - order["discount_pence"]
        assert order["total_pence"] == total > 0
        assert len(invoices[number]) == (order["state"] in LEFT)
        for invoice in invoices[number]:
            for name in ("delivery_pence", "discount_pence", "total_pence", "currency"):
                assert invoice[name] == order[name]
            assert invoice["issued_on"] > order["placed_at"].date()
        for payment in payments[number]:
            assert payment["customer"] == order["customer"]
            assert (payment["amount_pence"], payment["currency"]) == (total, order["currency"])
            assert (payment["state"] == "failed") == (payment["failure"] is not None)
        worked = [each for each in payments[number] if each["state"] != "failed"]
        assert len(worked) in (1, 2)
        sent = [each for each in refunds[number] if each["state"] == "sent"]
        assert len(sent) == sum(each["state"] == "refunded" for each in worked)
        assert len(refunds[number]) <= len(worked)
        assert all(each["amount_pence"] == total for each in refunds[number])


def test_the_way_of_every_order_makes_sense() -> None:
    events, returns = by_order(tables.tracking_events), by_order(tables.returns)
    claims, items = by_order(tables.claims), by_order(tables.order_items)
    refunds = by_order(tables.refunds)
    for number, order in ORDERS.items():
        state, placed = order["state"], order["placed_at"]
        assert (order["carrier"] is not None) == (state not in ("placed", "cancelled"))
        assert (len(events[number]) > 0) == (state in LEFT)
        moments = [placed, *(event["at"] for event in events[number])]
        assert moments == sorted(moments)
        assert (order["delivered_on"] is not None) == (state in ("delivered", "returned"))
        if order["delivered_on"]:
            assert order["delivered_on"] in {event["at"].date() for event in events[number]}
        if state in ("cancelled", "returned"):
            assert len(refunds[number]) >= 1
        ordered = {item["sku"]: item["quantity"] for item in items[number]}
        for back in returns[number]:
            assert back["quantity"] <= ordered[back["sku"]]
            assert back["requested_at"].date() >= order["delivered_on"]
            assert state == "returned" or back["received_on"] is None
        if state == "returned":
            assert {back["sku"] for back in returns[number]} == set(ordered)
        for claim in claims[number]:
            since = order["delivered_on"] or events[number][-1]["at"].date()
            assert claim["opened_at"].date() >= since
            assert claim["sku"] in {None, *ordered}


def test_customers_members_and_promos_make_sense() -> None:
    first_order: dict[str, date] = {}
    for order in ORDERS.values():
        day = order["placed_at"].date()
        first_order[order["customer"]] = min(first_order.get(order["customer"], day), day)
    for customer in ROWS[tables.customers]:
        reference = customer["reference"]
        assert customer["member_since"] <= first_order.get(reference, TODAY)
        assert customer["email"].isascii()
        assert customer["email"] == customer["email"].lower()
        if reference in first_order:
            assert customer["line"]
    assert any(customer["line"] is None for customer in ROWS[tables.customers])
    assert any(
        not customer["line"].isascii() for customer in ROWS[tables.customers] if customer["line"]
    )
    for membership in ROWS[tables.memberships]:
        assert membership["since"] <= TODAY <= membership["until"]
    assert min(row["until"] for row in ROWS[tables.memberships]) <= TODAY + timedelta(days=7)
    promos = {row["code"]: row for row in ROWS[tables.promos]}
    members = {row["customer"]: row for row in ROWS[tables.memberships]}
    for use in ROWS[tables.promo_uses]:
        promo, order = promos[use["code"]], ORDERS[use["order_number"]]
        assert order["customer"] == use["customer"]
        assert order["discount_pence"] > 0
        assert promo["valid_from"] <= order["placed_at"].date() <= promo["valid_until"]
        assert (
            not promo["members_only"]
            or members[use["customer"]]["since"] <= order["placed_at"].date()
        )
    for promo in promos.values():
        assert (promo["percent"] is None) != (promo["amount_pence"] is None)
    assert any(promo["valid_until"] < TODAY for promo in promos.values())
    assert any(promo["valid_from"] > TODAY for promo in promos.values())


def test_its_products_are_those_that_are_found_in_messages() -> None:
    file = Path("data/entities/products.yml").read_text(encoding="utf-8")
    (lookup,) = YAML(typ="safe").load(file)["nlu"]
    named = {line.removeprefix("- ") for line in lookup["examples"].splitlines()}
    assert named == {row["name"] for row in ROWS[tables.products]}


def test_the_shops_page_asks_the_same_prices() -> None:
    page = Path("desk/templates/shop.html").read_text(encoding="utf-8")
    shown = re.findall(r'<li id="([\w-]+)">.*<strong>£(\d+)</strong>', page)
    assert len(shown) == 6
    asked = {row["url"].partition("#")[2]: row["price_pence"] for row in ROWS[tables.products]}
    assert {slug: int(pounds) * 100 for slug, pounds in shown}.items() <= asked.items()


@pytest.mark.parametrize("minute", [0, 1_439])
def test_a_demo_made_around_midnight_is_no_different(minute: int) -> None:
    midnight = NOW.replace(hour=0) + timedelta(minutes=minute)
    for event in demo.demo_rows(midnight)[tables.tracking_events]:
        assert event["at"] <= midnight.replace(tzinfo=None)


async def test_seeding_again_replaces_the_demo_and_nothing_else(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/new/shop.db"
    await demo.seed(url)
    await demo.seed(url)
    async with opened(url) as shop:
        order = await shop.order("10861")
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
