"""A mapping reads the same out of tables that share nothing with the demo shop's."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from actions.context import tables
from actions.context.changes import Change
from actions.context.errors import ShopUnavailable
from tests.actions.context.german_shop import MAPPING, build
from tests.actions.context.shops import NUMBERS, REFERENCES, ROWS, alter, opened
from tests.postgresql import PostgresqlServer


@pytest.fixture(scope="module")
def german_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('laden') / 'laden.db'}"
    asyncio.run(build(url))
    return url


@pytest.fixture(scope="module")
def german_database(postgresql: PostgresqlServer) -> Iterator[str]:
    with postgresql.new_database() as url:
        asyncio.run(build(url))
        yield url


@pytest.fixture(params=["file", "database"])
def german_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"german_{request.param}")
    return url


async def test_everybodys_context_is_the_same(german_url: str, sqlite_url: str) -> None:
    async with opened(german_url, MAPPING) as theirs, opened(sqlite_url) as ours:
        await theirs.check()
        for reference in REFERENCES:
            context = await ours.context(reference)
            assert context is not None
            assert await theirs.context(reference) == context


async def test_so_are_orders_products_promos_and_who_it_is(
    german_url: str, sqlite_url: str
) -> None:
    async with opened(german_url, MAPPING) as theirs, opened(sqlite_url) as ours:
        assert await theirs.products() == await ours.products()
        for number in [*NUMBERS[:40], "99999", "10432' OR '1'='1"]:
            assert await theirs.order(number) == await ours.order(number)
        for promo in ROWS[tables.promos]:
            for reference in ("C-1046", None):
                found = await theirs.promo(promo["code"], reference)
                assert found == await ours.promo(promo["code"], reference)
        assert await theirs.reference_of("Ava.1007@customer.test") == "C-1007"
        assert await theirs.reference_at("sms", "+447700900012") == "C-1012"
        for asked in ("C-0", "C-1007 ", "1007", ""):
            assert await theirs.context(asked) is None


async def test_nothing_is_changed_there(german_url: str) -> None:
    async with opened(german_url, MAPPING) as shop:
        assert shop.offers == frozenset()
        cancelled = await shop.apply(
            "a key", Change("cancel_order", {"order": "10640", "fee": "0.00"})
        )
        assert cancelled.refused == "not_offered"
        order = await shop.order("10640")
        assert order is not None
        assert order.state == "placed"
        assert await shop.document("invoice", "INV-10432") is None


@pytest.mark.parametrize(
    ("lie", "column"),
    [
        ("status = 45", "state"),
        ("waehrung = 392", "currency"),
        ("summe = -1", "total"),
        ("summe = 59.905", "total"),
        ("summe = 'viel'", "total"),
        ("summe = 9e999", "total"),
        ("summe = NULL", "total"),
        ("eingang = 'gestern'", "placed_at"),
    ],
)
async def test_what_nobody_mapped_is_not_guessed(
    german_file: str, tmp_path: Path, lie: str, column: str
) -> None:
    shutil.copy(make_url(german_file).database or "", tmp_path / "laden.db")
    url = f"sqlite:///{tmp_path / 'laden.db'}"
    alter(url, f"UPDATE bestellungen SET {lie} WHERE nr = 10432")  # noqa: S608
    async with opened(url, MAPPING) as shop:
        with pytest.raises(ShopUnavailable, match=f"german.yml, key 'orders': column '{column}'"):
            await shop.order("10432")
