"""Searching transcripts, over both databases: the same words find the same lines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from bot.conversation import Conversation, State
from bot.records import Customer, Message
from bot.searching import words_of
from bot.store.conversations import ConversationFilter
from bot.store.database import Database
from bot.store.schema import upgrade
from tests.conftest import over_both_databases

pytestmark = over_both_databases
EARLY = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
SAID = {
    "v1": ["Where is order WL-10432?", "Grüße aus Köln, 12abc", "My e-mail is ada@shop.test"],
    "v2": ["My order is late, it's 20 % of it", "A refund_request, please"],
    "v3": ["Hello"],
}


def line(conversation_id: str, seq: int, text: str, **changed: object) -> Message:
    given = Message(
        id=f"{conversation_id}-m{seq}",
        conversation_id=conversation_id,
        customer_id=f"c{conversation_id[1:]}",
        seq=seq,
        turn_id=None,
        author="customer",
        agent_id=None,
        author_name=None,
        text=text,
        payload=None,
        buttons=[],
        channel="web",
        external_id=None,
        in_reply_to=None,
        private=False,
        data={},
        created_at=EARLY,
    )
    return replace(given, **changed)  # type: ignore[arg-type]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Three customers, the third wrote last."""
    opened = Database(database_url)
    await upgrade(opened)
    async with opened.write() as uow:
        for number, name in enumerate(("Ada Lovelace", "Jo 100% O'Neil", None), start=1):
            at = EARLY + timedelta(minutes=number)
            await uow.customers.add(Customer(f"c{number}", None, name, None, at))
            conversation_id = f"v{number}"
            await uow.conversations.add(
                Conversation(
                    id=conversation_id,
                    customer_id=f"c{number}",
                    channel="web",
                    address=f"a{number}",
                    state=State.WAITING if number == 2 else State.BOT,
                    owner_epoch=1,
                    agent_id=None,
                    queue="support",
                    last_seq=0,
                    seen_seq=0,
                    created_at=at,
                    updated_at=at,
                )
            )
            for seq, text in enumerate(SAID[conversation_id], start=1):
                await uow.messages.add(line(conversation_id, seq, text))
    yield opened
    await opened.aclose()


async def find(database: Database, typed: str, **wanted: State) -> list[tuple[str, str | None]]:
    async with database.read() as uow:
        page = await uow.search.page(
            words_of(typed), ConversationFilter(**wanted), before=None, limit=50
        )
    return [(each.conversation.id, each.message_id) for each in page]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("order", [("v2", "v2-m1"), ("v1", "v1-m1")]),
        ("ORDER late", [("v2", "v2-m1")]),
        ("10432", [("v1", "v1-m1")]),
        ("#wl-10432", [("v1", "v1-m1")]),
        ("104", [("v1", "v1-m1")]),
        ("0432", []),
        ("12ab", [("v1", "v1-m2")]),
        ("KÖLN grüße", [("v1", "v1-m2")]),
        ("e-mail ada@shop", [("v1", "v1-m3")]),
        ("it's", [("v2", "v2-m1")]),
        ("refund", [("v2", "v2-m2")]),
        ("lovel", [("v1", None)]),
        ("o'neil jo", [("v2", None)]),
        ("ada", [("v1", "v1-m3")]),
        # Nothing that is typed is an operator.
        ("hello OR refund", []),
        ("hello NOT order", []),
        ('"*" AND', []),
        ("*", []),
        ("%", []),
        ("text:order", []),
        ("hel & !lo | (x) <-> \\", []),
        ("", []),
    ],
)
async def test_words_find_the_newest_line_that_has_them_all(
    database: Database, typed: str, found: list[tuple[str, str | None]]
) -> None:
    assert await find(database, typed) == found


async def test_filters_and_pages_hold_as_in_any_list(database: Database) -> None:
    assert await find(database, "order", state=State.WAITING) == [("v2", "v2-m1")]
    async with database.read() as uow:
        (first,) = await uow.search.page(["order"], ConversationFilter(), before=None, limit=1)
        before = (first.conversation.updated_at, first.conversation.id)
        (second,) = await uow.search.page(["order"], ConversationFilter(), before=before, limit=5)
    assert (first.conversation.id, second.conversation.id) == ("v2", "v1")


async def test_notes_are_found_and_lines_of_the_program_are_not(database: Database) -> None:
    async with database.write() as uow:
        await uow.messages.add(
            line("v3", 2, "Calls back on Zebra street", author="agent", private=True),
            line("v3", 3, "Zebra joined the conversation.", author="system"),
        )
    assert await find(database, "zebra") == [("v3", "v3-m2")]


async def test_what_is_taken_back_or_erased_is_not_found(database: Database) -> None:
    async with database.write() as uow:
        taken_back = await uow.messages.get("v1-m1")
        assert taken_back is not None
        await uow.messages.blank(taken_back, text="Message deleted")
    assert await find(database, "10432") == []
    assert await find(database, "deleted") == [("v1", "v1-m1")]
    async with database.migrator.begin() as connection:
        await connection.execute(sa.text("DELETE FROM messages WHERE customer_id = 'c2'"))
        await connection.execute(sa.text("UPDATE customers SET name = NULL WHERE id = 'c2'"))
    assert await find(database, "refund") == []
    assert await find(database, "neil") == []
    if database.url.get_backend_name() == "sqlite":
        async with database.reader.connect() as connection:
            left = await connection.execute(
                sa.text("SELECT count(*) FROM search_rows WHERE conversation_id = 'v2'")
            )
            assert left.scalar_one() == 0
