"""The database: migrating, SQLite's own settings, and who may not sign in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import demo
from bot.accounts import add_user
from bot.clock import new_id, now
from bot.errors import InvalidInput, SetupError
from bot.passwords import hash_password, matches
from bot.records import User
from bot.store.database import Database
from bot.store.schema import upgrade
from bot.store.tables import metadata, sessions

FULL = 2


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'warmline.db'}")
    try:
        await upgrade(opened)
        yield opened
    finally:
        await opened.aclose()


async def test_migrating_again_changes_nothing(database: Database) -> None:
    await database.writer.dispose()
    await upgrade(database)
    await upgrade(database)


@pytest.mark.parametrize("side", ["reader", "writer"])
async def test_sqlite_is_durable_and_keeps_its_references(database: Database, side: str) -> None:
    engine: AsyncEngine = getattr(database, side)
    wanted = {"journal_mode": "wal", "synchronous": FULL, "foreign_keys": 1}
    async with engine.connect() as connection:
        for pragma, value in wanted.items():
            found = await connection.exec_driver_sql(f"PRAGMA {pragma}")
            assert found.scalar_one() == value
    with pytest.raises(IntegrityError):
        async with database.writer.begin() as connection:
            await connection.execute(
                sessions.insert().values(
                    token_hash="x",
                    user_id="nobody",
                    csrf_token="x",
                    created_at=now(),
                    expires_at=now(),
                )
            )


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    async def add_and_fail() -> None:
        async with database.write() as uow:
            await uow.staff.add(User(new_id(), "a@b.test", "A", "agent", "", now()))
            raise LookupError

    with pytest.raises(LookupError):
        await add_and_fail()
    async with database.read() as uow:
        assert await uow.staff.everybody() == []


async def test_every_row_about_a_person_names_its_customer() -> None:
    # Early receipts are of nobody yet, and do not stay. An opt-out is an address's, and outlives
    # the customer: it holds for whoever has the number next. A signal names whom it is about as
    # the shop does, and is gone after a day.
    of_nobody = {"early_receipts", "opt_outs", "signals"}
    of_staff = {"users", "sessions", "agents", "subscriptions", "canned_replies"}
    of_staff |= {"audit_log", "new_intents", "turn_views", "must_pass", "models", "discoveries"}
    of_staff |= {"sign_in_failures", "sign_in_places", "api_tokens", "password_links"}
    # Sums over many; a group's or a cluster's words are in rows of their own, which go.
    of_many = {"contact_days", "stale_days", "gone_days", "drift_days"}
    # Receipts, and hashes of what must not come back.
    of_many |= {"erasures", "erased_messages", "serving_key"}
    of_many |= {"review_groups", "review_cursor", "clusters"}
    about_people = set(metadata.tables) - {"customers"} - of_staff - of_nobody - of_many
    assert {name for name in about_people if "customer_id" not in metadata.tables[name].c} == set()


async def test_a_database_newer_than_the_code_is_refused_by_name(database: Database) -> None:
    async with database.writer.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SetupError) as refused:
        await upgrade(database)
    assert "9999" in refused.value.problem
    assert "warmline.db" in refused.value.where
    assert refused.value.cure


async def test_the_demos_people_are_locked_out_and_can_be_let_in_again(database: Database) -> None:
    hashed = await hash_password(demo.PASSWORD)
    await demo.add_staff(database, hashed)
    assert await demo.remove_staff(database)
    assert not await demo.remove_staff(database)
    for email, _, _ in demo.STAFF:
        async with database.read() as uow:
            user = await uow.staff.by_email(email)
        assert user is not None
        assert not await matches(demo.PASSWORD, user.password_hash)
        assert not await matches("", user.password_hash)
    await demo.add_staff(database, hashed)
    async with database.read() as uow:
        user = await uow.staff.by_email("agent@demo.test")
    assert user is not None
    assert await matches(demo.PASSWORD, user.password_hash)


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [
        ("nora", "long enough", "email"),
        ("nora@", "long enough", "email"),
        ("nora@shop.test", "short", "password"),
        ("Nora@Shop.test ", "", "password"),
    ],
)
async def test_an_account_that_cannot_be_is_refused_by_name(
    database: Database, email: str, password: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await add_user(database, email=email, name="Nora", role="agent", password=password)
    assert refused.value.detail == {"field": field}


async def test_an_address_signs_in_once_whatever_its_case(database: Database) -> None:
    add = partial(add_user, database, name="Nora", password="long enough")
    await add(email="nora@shop.test", role="agent")
    with pytest.raises(InvalidInput, match="already"):
        await add(email=" Nora@Shop.Test", role="lead")
