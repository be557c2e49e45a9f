"""The list of canned replies, over both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.exc import IntegrityError

from bot import demo
from bot.canned import CannedReply
from bot.clock import now
from bot.store.database import Database
from bot.store.schema import upgrade
from tests.conftest import ROOT, over_both_databases

pytestmark = over_both_databases

HELLO = CannedReply("r1", "Hello", "Hello {customer_name}.")
BYE = CannedReply("r2", "Bye", "Good bye.")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with our schema and nothing in it."""
    opened = Database(database_url)
    await upgrade(opened)
    yield opened
    await opened.aclose()


async def test_they_are_added_changed_and_taken_out(database: Database) -> None:
    async with database.write() as uow:
        await uow.canned_replies.add(HELLO, BYE, at=now())
        changed = CannedReply("r1", "Hello again", "Hi.")
        assert await uow.canned_replies.change(changed, at=now())
        assert not await uow.canned_replies.change(CannedReply("r9", "No", "No."), at=now())
    async with database.read() as uow:
        assert await uow.canned_replies.all() == [BYE, changed]
    async with database.write() as uow:
        assert await uow.canned_replies.delete("r2")
        assert not await uow.canned_replies.delete("r2")
        assert await uow.canned_replies.all() == [changed]


async def test_a_name_is_given_once(database: Database) -> None:
    async with database.write() as uow:
        await uow.canned_replies.add(HELLO, BYE, at=now())
    with pytest.raises(IntegrityError):
        async with database.write() as uow:
            await uow.canned_replies.add(CannedReply("r3", "Bye", "x"), at=now())
    with pytest.raises(IntegrityError):
        async with database.write() as uow:
            await uow.canned_replies.change(CannedReply("r1", "Bye", "x"), at=now())
    async with database.read() as uow:
        assert await uow.canned_replies.all() == [BYE, HELLO]


async def test_the_demo_has_a_dozen_and_keeps_what_leads_made_of_them(database: Database) -> None:
    await demo.add_canned_replies(database, ROOT / demo.CANNED_REPLIES)
    async with database.write() as uow:
        given = await uow.canned_replies.all()
        assert len(given) == 12
        await uow.canned_replies.delete(given[0].id)
    await demo.add_canned_replies(database, ROOT / demo.CANNED_REPLIES)
    async with database.read() as uow:
        assert await uow.canned_replies.all() == given[1:]
