"""A shop that says what cannot be true is not believed, and what it said is not repeated."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from actions.context.errors import ShopUnavailable
from tests.actions.context.shops import alter, demo_mapping, mapping_with, opened

# All of them Ava's or about her orders, but for Ben's refund and return and Farah's membership.
LIES = [
    ("orders SET total_pence = -14500 WHERE number = '10432'", "C-1007", "total"),
    ("orders SET total_pence = 'much' WHERE number = '10432'", "C-1007", "total"),
    ("orders SET total_pence = 145.5 WHERE number = '10432'", "C-1007", "total"),
    ("orders SET total_pence = 9e999 WHERE number = '10432'", "C-1007", "total"),
    ("orders SET state = 'teleported' WHERE number = '10432'", "C-1007", "state"),
    ("orders SET placed_at = 'yesterday' WHERE number = '10432'", "C-1007", "placed_at"),
    ("orders SET placed_at = 1780000000 WHERE number = '10432'", "C-1007", "placed_at"),
    ("orders SET delivered_on = '2026-05-01' WHERE number = '10398'", "C-1007", "delivered_on"),
    ("orders SET delivered_on = '2026-06-04' WHERE number = '10640'", "C-1007", "delivered_on"),
    ("orders SET delivery_estimate = 'soon' WHERE number = '10432'", "C-1007", "delivery_estimate"),
    ("orders SET currency = 'pounds' WHERE number = '10432'", "C-1007", "currency"),
    ("orders SET line = '' WHERE number = '10432'", "C-1007", "line"),
    ("invoices SET total_pence = -1 WHERE order_number = '10432'", "C-1007", "invoice_total"),
    ("invoices SET issued_on = 'x' WHERE order_number = '10432'", "C-1007", "invoice_issued_on"),
    ("order_items SET quantity = 0 WHERE order_number = '10640'", "C-1007", "quantity"),
    ("order_items SET quantity = -2 WHERE order_number = '10640'", "C-1007", "quantity"),
    ("order_items SET quantity = 1.5 WHERE order_number = '10640'", "C-1007", "quantity"),
    ("order_items SET unit_price_pence = -1 WHERE order_number = '10640'", "C-1007", "unit_price"),
    ("tracking_events SET at = '' WHERE order_number = '10432'", "C-1007", "at"),
    ("payments SET state = 'stolen' WHERE order_number = '10432'", "C-1007", "state"),
    ("payments SET amount_pence = -1 WHERE order_number = '10432'", "C-1007", "amount"),
    ("payments SET order_number = '10861' WHERE order_number = '10432'", "C-1007", "order_number"),
    ("refunds SET sent_on = NULL WHERE order_number = '10274'", "C-1012", "sent_on"),
    ("refunds SET sent_on = '2020-01-01' WHERE order_number = '10274'", "C-1012", "sent_on"),
    (
        "refunds SET expected_by = '2020-01-01' WHERE order_number = '10274'",
        "C-1012",
        "expected_by",
    ),
    (
        "returns SET received_on = '2020-01-01' WHERE order_number = '10274'",
        "C-1012",
        "received_on",
    ),
    ("memberships SET until = '2020-01-01' WHERE customer = 'C-1059'", "C-1059", "until"),
    ("memberships SET points = -5 WHERE customer = 'C-1059'", "C-1059", "points"),
    ("customers SET name = ' ' WHERE reference = 'C-1007'", "C-1007", "name"),
    ("customers SET newsletter = 7 WHERE reference = 'C-1007'", "C-1007", "newsletter"),
    ("signals SET kind = 'gossip' WHERE customer = 'C-1046'", "C-1046", "kind"),
]


@pytest.mark.parametrize(("lie", "reference", "column"), LIES)
async def test_a_context_with_a_lie_in_it_is_none(
    copied_url: str, lie: str, reference: str, column: str
) -> None:
    async with opened(copied_url) as shop:
        assert await shop.context(reference)
        alter(copied_url, f"UPDATE {lie}")
        with pytest.raises(ShopUnavailable, match=f"column '{column}' ") as raised:
            await shop.context(reference)
        assert await shop.context("C-1038"), "nobody else is concerned"
    # The key is named and no value, so what a customer wrote or owes gets into no log.
    assert "sql.yml, key '" in str(raised.value)
    for told in ("teleported", "stolen", "gossip", "pounds", "10861", "-14500"):
        assert told not in str(raised.value)


@pytest.mark.parametrize(
    ("lie", "column"),
    [
        ("percent = 0", "percent"),
        ("percent = 250", "percent"),
        ("percent = NULL", "percent"),
        ("amount_pence = 500", "percent"),
        ("minimum_pence = -1", "minimum"),
        ("valid_until = '1999-01-01'", "valid_until"),
    ],
)
async def test_a_promo_code_that_cannot_be(copied_url: str, lie: str, column: str) -> None:
    alter(copied_url, f"UPDATE promos SET {lie} WHERE code = 'WELCOME10'")  # noqa: S608
    async with opened(copied_url) as shop:
        with pytest.raises(ShopUnavailable, match=f"column '{column}' "):
            await shop.promo("WELCOME10", None)
        assert await shop.promo("FIVER", None)


@pytest.mark.parametrize(
    ("lie", "column"),
    [
        ("products SET price_pence = -1", "price"),
        ("products SET url = ''", "url"),
        ("stock SET quantity = -1", "quantity"),
    ],
)
async def test_a_product_that_cannot_be(copied_url: str, lie: str, column: str) -> None:
    alter(copied_url, f"UPDATE {lie} WHERE sku = 'FF-101'")
    async with opened(copied_url) as shop:
        with pytest.raises(ShopUnavailable, match=f"column '{column}' "):
            await shop.products()


async def test_a_select_that_finds_others_too_is_found_out(seeded_url: str, tmp_path: Path) -> None:
    everybodys = {
        "customer": "SELECT * FROM customers WHERE reference >= :reference",
        "reference_of": "SELECT reference FROM customers WHERE email >= :email",
    }
    async with opened(seeded_url, mapping_with(tmp_path, **everybodys)) as shop:
        await shop.check()
        with pytest.raises(ShopUnavailable, match="key 'customer': more than one row"):
            await shop.context("C-1007")
        with pytest.raises(ShopUnavailable, match="key 'reference_of': more than one row"):
            await shop.reference_of("ava.1007@customer.test")


@pytest.mark.parametrize(
    ("key", "condition", "column"),
    [
        ("orders", "o.customer >= :reference", "customer"),
        ("items", "o.customer >= :reference", "order_number"),
        ("refunds", "o.customer >= :reference", "order_number"),
    ],
)
async def test_another_customers_rows_are_never_taken_for_this_ones(
    seeded_url: str, tmp_path: Path, key: str, condition: str, column: str
) -> None:
    wider = demo_mapping()[key].replace("o.customer = :reference", condition)
    async with opened(seeded_url, mapping_with(tmp_path, **{key: wider})) as shop:
        with pytest.raises(ShopUnavailable, match=f"key '{key}': column '{column}' "):
            await shop.context("C-1007")


async def test_the_shops_day_may_be_another_than_the_one_in_utc(copied_url: str) -> None:
    placed = "UPDATE orders SET placed_at = '{}' WHERE number = '10398'"
    async with opened(copied_url) as shop:
        # Half past midnight in UTC is still the evening before, west of Greenwich.
        alter(copied_url, placed.format("2026-05-20 00:30:00"))
        order = await shop.order("10398")
        assert order is not None
        assert order.delivered_on == date(2026, 5, 19)
        alter(copied_url, placed.format("2026-05-21 00:30:00"))
        with pytest.raises(ShopUnavailable, match="'delivered_on'"):
            await shop.order("10398")
