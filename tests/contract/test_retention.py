"""How long things are kept by `privacy.yml`, with a moved clock, over both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.clock import now
from bot.intake import receive
from bot.privacy.policy import KeepDays, Policy, Words
from bot.privacy.retention import count_due, delete_due
from bot.records import AuditEntry, AuditFilter
from bot.services import Services
from bot.store.tables import conversations, metadata, outbox, sessions, trackers
from bot.turn import take_turns
from tests.conftest import over_both_databases
from tests.processes import (
    EchoAssistant,
    add_agent,
    at_once,
    hand_off,
    message,
    processes,
    read_conversation,
)

pytestmark = over_both_databases
KEPT = KeepDays(conversations=30, memory=10, deliveries=20)
POLICY = Policy(
    controller="Shop",
    statement="/privacy",
    version="1",
    words={"en": Words(notice="Hello", short="Hi")},
    keep_days=KEPT,
)
OF_A_CONVERSATION = {
    name for name, table in metadata.tables.items() if "conversation_id" in table.c
} - {"audit_log"}


@pytest.fixture
async def pair(database_url: str) -> AsyncIterator[tuple[Services, ...]]:
    async with processes(database_url, EchoAssistant(), EchoAssistant()) as started:
        yield started


@pytest.fixture
def services(pair: tuple[Services, ...]) -> Services:
    return pair[0]


async def answered(services: Services, address: str) -> str:
    """A conversation of one message and its answer."""
    received = await receive(services, message(f"zebra {address}", address))
    await take_turns(services, received.message.conversation_id)
    return received.message.conversation_id


async def left(services: Services) -> dict[str, int]:
    """How many rows there are of conversations and their customers, by table."""
    found = {}
    async with services.database.reader.connect() as connection:
        for name in sorted(OF_A_CONVERSATION | {"conversations", "customers", "identities"}):
            count = sa.select(sa.func.count()).select_from(metadata.tables[name])
            if number := (await connection.execute(count)).scalar_one():
                found[name] = number
    return found


async def later(services: Services, days: float) -> dict[str, int]:
    at = now() + timedelta(days=days)
    return await delete_due(services.database, POLICY, at=at, actor="bot")


async def lines_of_runs(services: Services) -> list[AuditEntry]:
    async with services.database.read() as uow:
        return await uow.audit_log.page(AuditFilter(actions=("retention",)), before=None, limit=9)


async def test_a_run_that_deleted_something_leaves_one_line_of_numbers(services: Services) -> None:
    for address in ("ada", "ben"):
        await answered(services, address)
    gone = await later(services, 31)
    assert gone["conversations"] == 2
    assert await later(services, 31) == {}
    (line,) = await lines_of_runs(services)
    assert (line.action, line.actor, line.details) == ("retention.done", "bot", gone)


async def test_a_closed_conversation_goes_whole_with_its_customer_and_not_a_day_too_early(
    services: Services,
) -> None:
    await answered(services, "ada")
    before = await left(services)
    assert (before["messages"], before["turns"], before["outbox"]) == (2, 1, 1)
    await later(services, 29)
    assert (await left(services))["messages"] == 2
    due = await count_due(services.database, POLICY, at=now() + timedelta(days=31))
    assert due["conversations"] == 1
    gone = await later(services, 31)
    assert (gone["conversations"], gone["customers"]) == (1, 1)
    assert await left(services) == {}
    assert await later(services, 31) == {}


async def test_the_index_of_words_has_none_of_what_went(services: Services) -> None:
    # Terms that begin alike are cut short in it, and from sixteen parts on it merges by itself.
    words = [f"{letter}xyz" for letter in "abcdefghijkl"]
    for number, word in enumerate(words):
        await receive(services, message(word, f"a{number}"))
    async with services.database.writer.begin() as connection:
        kept = conversations.update().where(conversations.c.address == "a3")
        await connection.execute(kept.values(updated_at=now() + timedelta(days=60)))
    assert (await later(services, 40))["conversations"] == 11
    if services.database.url.get_backend_name() == "sqlite":
        async with services.database.reader.connect() as connection:
            blocks = await connection.exec_driver_sql("SELECT block FROM search_words_data")
            held = b"".join(blocks.scalars())
        # Also no term that is only marked as deleted.
        assert [word for word in words if word.encode() in held] == ["dxyz"]


async def test_who_waits_or_is_helped_is_never_forgotten_nor_who_wrote_again(
    services: Services,
) -> None:
    waiting = await hand_off(services, "waits")
    snoozed, alive = await answered(services, "snoozed"), await answered(services, "alive")
    async with services.database.writer.begin() as connection:
        for one, values in (
            (snoozed, {"snoozed_at": now()}),
            (alive, {"updated_at": now() + timedelta(days=30)}),
        ):
            await connection.execute(
                conversations.update().where(conversations.c.id == one).values(values)
            )
    assert "conversations" not in await later(services, 40)
    for one in (waiting.conversation_id, snoozed, alive):
        _, lines = await read_conversation(services, one)
        assert lines


async def test_what_the_bot_remembers_and_where_it_sent_go_before_the_transcript(
    services: Services,
) -> None:
    one = await answered(services, "ada")
    async with services.database.writer.begin() as connection:
        await connection.execute(trackers.update().values(events=[{"event": "slot"}]))
        await connection.execute(outbox.update().values(state="delivered"))
    assert await later(services, 11) == {"memory": 1}
    assert await later(services, 21) == {"deliveries": 1}
    _, lines = await read_conversation(services, one)
    assert [line.text for line in lines] == ["zebra ada", "You said: zebra ada"]
    # And the conversation goes on.
    await answered(services, "ada")


async def test_two_processes_delete_each_once(pair: tuple[Services, ...]) -> None:
    for number in range(12):
        await answered(pair[0], f"a{number}")
    gone = await at_once(*(later(one, 40) for one in pair))
    assert [each for each in gone if isinstance(each, BaseException)] == []
    assert sum(each.get("conversations", 0) for each in gone if isinstance(each, dict)) == 12
    await later(pair[0], 40)
    assert await left(pair[0]) == {}


async def test_sessions_that_have_ended_are_forgotten(services: Services) -> None:
    user = await add_agent(services, "Nora")
    async with services.database.writer.begin() as connection:
        for token, ends in (("old", now() - timedelta(days=2)), ("new", now())):
            await connection.execute(
                sessions.insert().values(
                    token_hash=token,
                    user_id=user.id,
                    csrf_token="x",
                    created_at=now(),
                    expires_at=ends,
                )
            )
    assert await later(services, 0) == {"sessions": 1}


async def test_nothing_goes_where_no_days_are_given(services: Services) -> None:
    await answered(services, "ada")
    policy = POLICY.copy(update={"keep_days": KeepDays()})
    at = now() + timedelta(days=9_000)
    assert await delete_due(services.database, policy, at=at, actor="operator") == {}
    assert await lines_of_runs(services) == []
