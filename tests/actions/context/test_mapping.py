"""The mapping file: what is wrong with it is told by key and column, and how to mend it."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from actions.context.changes import Change
from actions.context.errors import ShopMisconfigured, ShopUnavailable
from actions.context.sql import load_mapping
from actions.context.sql.mapping import DEMO
from actions.context.sql.reads import READS
from tests.actions.context.shops import mapping_with, opened

OF_CUSTOMER = "FROM customers WHERE reference = :reference"


async def test_the_demo_shops_own_fits_it(seeded_url: str) -> None:
    async with opened(seeded_url) as shop:
        await shop.check()
        assert "cancel_order" in shop.offers


@pytest.mark.parametrize(
    ("key", "value", "problem", "cure"),
    [
        ("refunds", "SELECT 1 AS reference", "parameters", ":reference|WHERE"),
        ("promo", "SELECT :code AS code, :email AS percent", "parameters", "colon"),
        ("products", "SELECT ':sku' AS sku WHERE 1 = :one", "parameters", "colon"),
        ("customer", "DELETE FROM customers WHERE reference = :reference", "only a SELECT", "WITH"),
        ("customer", "-- all\nDROP TABLE customers", "only a SELECT", "Begin with"),
        ("stock", "UPDATE stock SET quantity = 0", "only a SELECT", "Begin with"),
        ("customer", None, "a SELECT is missing", "closing_on, email"),
        ("orders", ["SELECT 1"], "a SELECT is missing", "number"),
        ("refunds", "", "only a SELECT", "Begin with"),
        ("refunds", 7, "a SELECT is missing", "null"),
        ("changes", "yes", "true or false", "false"),
        ("changes", None, "true or false", "false"),
        ("amounts", "pounds", "cents or units", "129.00"),
        ("amounts", ["cents"], "cents or units", "129.00"),
        ("order", "SELECT 1", "no such key", "orders"),
    ],
)
def test_a_key_that_cannot_be_used(
    tmp_path: Path, key: str, value: Any, problem: str, cure: str
) -> None:
    path = mapping_with(tmp_path, **{key: value})
    with pytest.raises(ShopMisconfigured, match=problem) as raised:
        load_mapping(path)
    assert raised.value.where == f"{path}, key '{key}'"
    assert raised.match(cure)


@pytest.mark.parametrize(
    ("key", "select", "problem"),
    [
        ("reference_of", f"SELECT reference AS id {OF_CUSTOMER.replace('reference', 'email')}", ""),
        ("reference_of", "SELECT reference FROM kunden WHERE email = :email", "kunden"),
        ("reference_of", "SELECT reference FROM customers WHERE mail = :email", "mail"),
        ("reference_of", "SELECT reference FROM customers WHERE email = = :email", "="),
        (
            "reference_of",
            "SELECT reference FROM customers WHERE email = :email; DELETE FROM customers",
            "",
        ),
        (
            "reference_of",
            "WITH gone AS (DELETE FROM customers WHERE email = :email RETURNING reference)"
            " SELECT reference FROM gone",
            "",
        ),
    ],
)
async def test_a_select_that_does_not_fit_the_database(
    seeded_url: str, tmp_path: Path, key: str, select: str, problem: str
) -> None:
    path = mapping_with(tmp_path, **{key: select})
    async with opened(seeded_url, path) as shop:
        with pytest.raises(
            ShopMisconfigured, match=problem or "column 'reference'|refuses"
        ) as raised:
            await shop.check()
        assert raised.value.where == f"{path}, key '{key}'"
        # The same at the first use, where nobody looked at the start.
        with pytest.raises(ShopUnavailable):
            await shop.reference_of("ava.1007@customer.test")
        assert await shop.order("10432")


async def test_a_column_that_is_missing_is_named(seeded_url: str, tmp_path: Path) -> None:
    path = mapping_with(tmp_path, customer=f"SELECT reference, name {OF_CUSTOMER}")
    async with opened(seeded_url, path) as shop:
        with pytest.raises(ShopMisconfigured, match="'closing_on', 'email', 'line'") as raised:
            await shop.check()
        assert "NULL AS" in raised.value.cure
        with pytest.raises(ShopMisconfigured, match="'closing_on', 'email', 'line'"):
            await shop.context("C-1007")


async def test_colons_that_name_nothing(postgresql_url: str, tmp_path: Path) -> None:
    select = r"SELECT reference::text FROM customers WHERE email || '\:x' = :email || '\:x'"
    async with opened(postgresql_url, mapping_with(tmp_path, reference_of=select)) as shop:
        await shop.check()
        assert await shop.reference_of("ava.1007@customer.test") == "C-1007"


async def test_a_key_that_is_forgotten_is_no_key_that_is_null(
    sqlite_url: str, tmp_path: Path
) -> None:
    with pytest.raises(ShopMisconfigured, match="key 'membership'"):
        load_mapping(mapping_with(tmp_path, without="membership"))
    nothing = mapping_with(tmp_path, membership=None, promo=None, signals=None, facts=None)
    async with opened(sqlite_url, nothing) as shop:
        await shop.check()
        context = await shop.context("C-1059")
        assert context is not None
        assert context.membership is None
        assert context.signals == ()
        assert context.orders
        assert await shop.promo("WELCOME10", None) is None
        assert {len(product.facts) for product in await shop.products()} == {0}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (None, ""),
        ("- changes: true", ""),
        ("changes: true\ncustomer: |\n SELECT\n\tx: [", ", line 4"),
        (b"changes: \xff", ""),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, text: str | bytes | None, where: str) -> None:
    path = tmp_path / "sql.yml"
    if text is not None:
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ShopMisconfigured) as raised:
        load_mapping(path)
    assert raised.value.where == f"{path}{where}"


async def test_changes_are_offered_only_in_tables_we_know(sqlite_url: str, tmp_path: Path) -> None:
    async with opened(sqlite_url, mapping_with(tmp_path, changes=False)) as shop:
        await shop.check()
        assert shop.offers == frozenset()
        change = Change("set_newsletter", {"customer": "C-1007", "on": True})
        assert (await shop.apply("a key", change)).refused == "not_offered"
        assert await shop.document("invoice", "INV-10432") is None


async def test_changes_in_tables_that_lack_something_are_told_at_the_start(
    copied_url: str,
) -> None:
    with sqlite3.connect(make_url(copied_url).database or "") as connection:
        connection.execute("DROP TABLE stock_watches")
    connection.close()
    async with opened(copied_url) as shop:
        with pytest.raises(ShopMisconfigured, match=r"lacks stock_watches\.at") as raised:
            await shop.check()
    assert raised.value.where == f"{DEMO}, key 'changes'"


async def test_a_shop_that_is_away_is_not_misconfigured(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path}/shop.db") as shop:
        with pytest.raises(ShopUnavailable, match="does not exist") as raised:
            await shop.check()
    assert not isinstance(raised.value, ShopMisconfigured)


def test_every_select_is_described_with_its_columns_and_parameters() -> None:
    page = Path("docs/howto/your-shops-data.md").read_text(encoding="utf-8")
    described = {}
    for line in page.splitlines():
        cells = line.split(" | ")
        if len(cells) == 3 and cells[0].startswith("| `"):
            named = [set(re.findall(r"`:?(\w+)`", cell)) for cell in cells]
            described[named[0].pop()] = (named[1], named[2])
    assert set(described) == set(READS)
    for key, read in READS.items():
        given, returned = described[key]
        assert given == read.given | read.may
        assert read.columns <= returned
