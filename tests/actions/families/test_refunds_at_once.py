"""One customer on two channels, who agrees to the same refund on both at the same moment."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa_sdk.executor import ActionExecutor
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from actions.context import close_shop, tables
from tests.actions.conftest import Talk
from tests.actions.context.seeded import seeded_database as seeded_database
from tests.actions.context.seeded import seeded_file as seeded_file
from tests.postgresql import PostgresqlServer

LENA = {"reference": "C-1126", "verification": "verified"}


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """A demo shop of the test's own in each kind of database, which the actions find."""
    monkeypatch.setenv("WARMLINE_SECRET_KEY", "links to documents are signed with it")
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("seeded_file"), tmp_path / "shop.db")
        own = f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}"
        monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", own)
        yield own
        await close_shop()
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    with server.new_database(template=request.getfixturevalue("seeded_database")) as made:
        address = make_url(made).set(drivername="postgresql+asyncpg")
        own = address.render_as_string(hide_password=False)
        monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", own)
        yield own
        await close_shop()


async def test_one_refund_is_made_and_the_other_refused(url: str, executor: ActionExecutor) -> None:
    phone, page = Talk(executor, LENA), Talk(executor, LENA)
    for channel in (phone, page):
        said = await channel.say("it's lost, refund it", "get_refund")
        assert said.names == ["utter_refund_lost"]
    answers = await asyncio.gather(phone.say("yes", "affirm"), page.say("yes", "affirm"))
    first, second = sorted(answer.names[0] for answer in answers)
    assert (first, second) == ("utter_refunded", "utter_refused_done_already")
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        made = (
            await connection.execute(
                sa.select(tables.refunds.c.amount_pence).where(
                    tables.refunds.c.order_number == "11012"
                )
            )
        ).all()
    await engine.dispose()
    assert [tuple(row) for row in made] == [(6_800,)]
