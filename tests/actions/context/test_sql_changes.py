"""Changes through the shop that the actions use, in either database."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.engine import URL, make_url

from actions.context.changes import Change
from actions.context.errors import ShopUnavailable
from actions.context.sql import SqlShop
from tests.actions.context.shops import mapping_with, opened

NEWSLETTER = Change("set_newsletter", {"customer": "C-1007", "on": True})


def address_of(url: URL) -> str:
    """As the setting has it."""
    name = "sqlite+aiosqlite" if url.get_backend_name() == "sqlite" else "postgresql"
    return url.set(drivername=name).render_as_string(hide_password=False)


async def test_what_is_changed_is_read_again(changing_url: URL) -> None:
    async with opened(address_of(changing_url)) as shop:
        before = await shop.context("C-1007")
        done = await shop.apply("k", NEWSLETTER)
        after = await shop.context("C-1007")
        assert before is not None
        assert after is not None
        assert (before.customer.newsletter, after.customer.newsletter) == (False, True)
        assert await shop.apply("k", NEWSLETTER) == done
        assert (await shop.apply("u", Change("undo", {"change": "k"}))).refused is None


async def test_reading_changes_nothing(changing_url: URL) -> None:
    """The connections that read are not those that write."""
    async with opened(address_of(changing_url)) as shop:
        await asyncio.gather(*(shop.context("C-1007") for _ in range(3)))
        results = await asyncio.gather(*(shop.apply(f"k{n}", NEWSLETTER) for n in range(5)))
        assert sorted(str(result.refused) for result in results) == ["None"] + ["done_already"] * 4


async def test_another_shops_tables_are_not_changed(copied_url: str, tmp_path: Path) -> None:
    async with opened(copied_url, mapping_with(tmp_path, changes=False)) as shop:
        assert shop.offers == frozenset()
        assert (await shop.apply("k", NEWSLETTER)).refused == "not_offered"
        assert await shop.document("invoice", "INV-10432") is None


async def test_a_shop_that_others_keep_locked_is_given_up_and_asked_again(
    copied_url: str,
) -> None:
    shop = SqlShop(copied_url, timeout=0.3)
    with sqlite3.connect(make_url(copied_url).database or "") as lock:
        lock.execute("BEGIN IMMEDIATE")
        with pytest.raises(ShopUnavailable):
            await shop.apply("k", NEWSLETTER)
        lock.rollback()
    lock.close()
    assert (await shop.apply("k", NEWSLETTER)).refused is None
    await shop.aclose()


async def test_a_shop_that_is_away_changes_nothing(tmp_path: Path) -> None:
    async with opened(f"sqlite+aiosqlite:///{tmp_path}/nowhere.db") as shop:
        with pytest.raises(ShopUnavailable, match="does not exist"):
            await shop.apply("k", NEWSLETTER)
        with pytest.raises(ShopUnavailable, match="does not exist"):
            await shop.document("invoice", "INV-10432")
    assert not (tmp_path / "nowhere.db").exists()
