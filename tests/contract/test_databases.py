"""Every database keeps what is written in the same way, migrates alike, and says what is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.clock import new_id, now
from bot.conversation import Conversation, State
from bot.errors import LeaseLost, StaleOwner
from bot.records import Customer, Handoff, HandoffState, Identity, Message, Session, Turn, User
from bot.store.conversations import ConversationFilter
from bot.store.database import Database, UnitOfWork
from bot.store.schema import upgrade
from bot.store.tables import metadata
from bot.store.turn_log import TurnFilter
from tests.conftest import over_both_databases

pytestmark = over_both_databases
EARLY = datetime(2026, 1, 31, 23, 59, 59, 123456, tzinfo=timezone.utc)
CUSTOMER = Customer("c1", "C-7", "Ada Lovelace", "ada@shop.test", EARLY)
IDENTITY = Identity("i1", "c1", "web", "customer:C-7", "verified", "signed in", EARLY)
USER = User("u1", "nora@shop.test", "Nora 🧡", "lead", "$argon2id$x", EARLY)
CONVERSATION = Conversation(
    "v1", "c1", "web", "customer:C-7", State.BOT, 1, None, "support", 0, 0, EARLY, EARLY
)
LITTLE = timedelta(microseconds=1)
BUTTONS = [{"title": "Ja, bitte: 是的", "payload": '/affirm{"x": "y"}'}]


def line(seq: int, **changed: Any) -> Message:
    given = Message(
        id=f"m{seq}",
        conversation_id="v1",
        customer_id="c1",
        seq=seq,
        turn_id=None,
        author="customer",
        agent_id=None,
        author_name=None,
        text=f"Grüße, 100 % und \\_ {seq}\nzweite Zeile",
        payload=None,
        buttons=[],
        channel="web",
        external_id=None,
        in_reply_to=None,
        private=False,
        data={},
        created_at=EARLY,
    )
    return replace(given, **changed)


def turn(number: int, **changed: Any) -> Turn:
    given = Turn(
        id=f"t{number}",
        conversation_id="v1",
        customer_id="c1",
        message_id=f"m{number}",
        seq=number,
        state="done",
        attempts=1,
        next_attempt_at=None,
        error=None,
        channel="web",
        text="Where is my ORDER?",
        parsed=None,
        intent="track_order",
        confidence=0.25 * number,
        ranking=[{"name": "track_order", "confidence": 0.9}],
        entities=[{"entity": "order_number", "value": "10432"}],
        outcome="answered",
        reason=None,
        actions=[{"action": "action_track", "error": None}],
        model="m",
        duration_ms=12.5,
        created_at=EARLY + timedelta(days=number),
        finished_at=EARLY + timedelta(days=number, seconds=1),
    )
    return replace(given, **changed)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with a customer, their conversation and somebody of the staff."""
    opened = Database(database_url)
    try:
        await upgrade(opened)
        async with opened.write() as uow:
            await uow.customers.add(CUSTOMER)
            await uow.customers.add_identity(IDENTITY)
            await uow.conversations.add(CONVERSATION)
            await uow.staff.add(USER)
        yield opened
    finally:
        await opened.aclose()


async def test_people_are_read_back_as_they_were(database: Database) -> None:
    async with database.read() as uow:
        assert await uow.customers.get("c1") == CUSTOMER
        assert await uow.customers.by_reference("C-7") == CUSTOMER
        assert await uow.customers.many({"c1", "c2"}) == {"c1": CUSTOMER}
        assert await uow.customers.identity("web", "customer:C-7") == IDENTITY
        assert await uow.customers.identities("c1") == [IDENTITY]
        assert await uow.staff.by_email("NORA@shop.test") == USER
        assert await uow.staff.everybody() == [USER]


async def test_an_error_says_nothing_of_what_was_to_be_written(database: Database) -> None:
    with pytest.raises(IntegrityError) as refused:
        async with database.write() as uow:
            await uow.messages.add(line(1, conversation_id="no such", text="my card is 4111"))
    assert "INSERT INTO messages" in str(refused.value)
    assert "4111" not in str(refused.value)


async def test_sessions_end(database: Database) -> None:
    at = now()
    sessions = [Session(f"hash {n}", "u1", "csrf", EARLY, at + timedelta(n), at) for n in (-1, 1)]
    async with database.write() as uow:
        for session in sessions:
            await uow.staff.add_session(session)
        await uow.staff.sweep_sessions(at=now(), idle_since=now() - timedelta(hours=2))
        assert await uow.staff.session("hash -1") is None
        assert await uow.staff.session("hash 1") == (sessions[1], USER)
        await uow.staff.end_session("hash 1")
        assert await uow.staff.session("hash 1") is None


async def test_a_conversation_changes_owner_once_an_epoch(database: Database) -> None:
    waiting = replace(CONVERSATION, state=State.WAITING, owner_epoch=2)
    async with database.write() as uow:
        assert await uow.conversations.lock_of_customer("c1") == CONVERSATION
        assert await uow.conversations.lock("nobody's") is None
        assert await uow.conversations.set_owner(waiting, expected_epoch=1, at=EARLY)
        assert not await uow.conversations.set_owner(waiting, expected_epoch=1, at=EARLY)
        counted = await uow.conversations.next_seq(waiting, at=now())
        await uow.conversations.mark_seen("v1", 1)
        await uow.conversations.mark_seen("v1", 2)  # not said yet
    async with database.read() as uow:
        assert await uow.conversations.get("v1") == replace(counted, last_seq=1, seen_seq=1)
        assert await uow.conversations.channels({"v1"}) == {"v1": "web"}
        (found,) = await uow.conversations.page(ConversationFilter(state=State.WAITING), limit=5)
        before = (found.updated_at, found.id)
        assert await uow.conversations.page(before=before, limit=5) == []


async def test_a_lease_is_one_holders_until_it_runs_out(database: Database) -> None:
    at, soon, later = EARLY, EARLY + timedelta(seconds=4), EARLY + timedelta(seconds=5)
    async with database.write() as uow:
        leases = uow.leases
        assert await leases.take("v1", "a", at=at, until=soon) == CONVERSATION
        assert await leases.take("v1", "a", at=at, until=soon)
        assert not await leases.take("v1", "b", at=at, until=soon)
        await leases.renew("v1", "b", until=later)
        await leases.release("v1", "b")
        await leases.check(CONVERSATION, "a")
        await leases.renew("v1", "a", until=later)
        assert not await leases.take("v1", "b", at=soon, until=later)
        assert await leases.take("v1", "b", at=later + LITTLE, until=later + LITTLE)
        with pytest.raises(LeaseLost):
            await leases.check(CONVERSATION, "a")


async def test_a_turn_ends_under_its_lease_and_owner_or_not_at_all(database: Database) -> None:
    async with database.write() as uow:
        await uow.leases.take("v1", "a", at=EARLY, until=EARLY + LITTLE)
        for given, token, refused in (
            (CONVERSATION, "b", LeaseLost),
            (replace(CONVERSATION, owner_epoch=CONVERSATION.owner_epoch + 1), "a", StaleOwner),
        ):
            with pytest.raises(StaleOwner) as lost:
                await uow.leases.end_turn(given, token, lines=2, at=EARLY)
            assert type(lost.value) is refused
        ended = await uow.leases.end_turn(CONVERSATION, "a", lines=2, at=EARLY + LITTLE)
        assert ended.last_seq == CONVERSATION.last_seq + 2
        assert await uow.conversations.get("v1") == ended
        # The lease went back with it.
        assert await uow.leases.take("v1", "b", at=EARLY, until=EARLY + LITTLE)


async def test_what_was_computed_of_a_message_that_is_gone_is_not_written(
    database: Database,
) -> None:
    async with database.write() as uow:
        await uow.leases.take("v1", "a", at=EARLY, until=EARLY + LITTLE)
        await uow.leases.revoke("v1")
        await uow.leases.renew("v1", "a", until=EARLY + LITTLE)
        with pytest.raises(StaleOwner) as lost:
            await uow.leases.end_turn(CONVERSATION, "a", lines=2, at=EARLY)
        assert type(lost.value) is StaleOwner, "it is taken anew, and not counted as a try"
        assert await uow.leases.take("v1", "b", at=EARLY, until=EARLY + LITTLE)


async def test_what_is_locked_stays_as_it_is_until_the_block_ends(
    database: Database, database_url: str
) -> None:
    other = Database(database_url)

    async def steal() -> bool:
        async with other.write() as uow:
            return await uow.leases.take("v1", "b", at=now(), until=now()) is not None

    async with database.write() as uow:
        assert await uow.conversations.lock("v1") == CONVERSATION
        stealing = asyncio.create_task(steal())
        await asyncio.sleep(0.3)
        assert not stealing.done()
        await uow.messages.add(line(1))  # a row that refers to it
    assert await stealing
    await other.aclose()


async def test_a_transcript_is_in_order_and_finds_its_lines(database: Database) -> None:
    lines = [
        line(1, external_id="x:1"),
        line(2, author="bot", buttons=BUTTONS, turn_id="t1", in_reply_to="m1"),
        line(3, author="agent", agent_id="u1", author_name="Nora 🧡", private=True),
        line(4, author="system", data={"event": "returned", "slots": {"n": 1.5, "x": None}}),
    ]
    async with database.write() as uow:
        for each in reversed(lines):
            await uow.messages.add(each)
    async with database.read() as uow:
        assert await uow.messages.transcript("v1") == lines
        assert await uow.messages.transcript("v1", after=1, private=False) == [lines[1], lines[3]]
        assert await uow.messages.transcript("v1", limit=2) == lines[2:]
        assert await uow.messages.by_external_id("web", "x:1") == lines[0]
        assert await uow.messages.fetched_with("t1", "web") == [lines[1]]
        assert await uow.messages.newest(["v1"]) == {"v1": lines[1]}
        assert await uow.messages.last_of_customer("v1") == lines[0]
        assert await uow.messages.offered("v1", BUTTONS[0]["payload"]) == BUTTONS[0]["title"]
        assert await uow.messages.offered("v1", "/deny") is None


async def test_a_text_that_a_database_could_choke_on_finds_nothing_and_is_kept(
    database: Database,
) -> None:
    odd = "a\0b \ufffe 🧡 %s $1 :x ' \\"
    async with database.write() as uow:
        assert await uow.conversations.get(odd) is None
        await uow.messages.add(line(1, text=odd, data={"note": odd}))
        kept = await uow.messages.get("m1")
    assert kept is not None
    assert kept.data == {"note": odd}
    assert kept.text.replace("\0", "\ufffd") == odd.replace("\0", "\ufffd")


async def filtered(uow: UnitOfWork, **wanted: Any) -> list[str]:
    return [row.id for row in await uow.turn_log.page(TurnFilter(**wanted), before=None, limit=9)]


async def test_the_log_is_filtered_and_counted(database: Database) -> None:
    rows = [turn(1), turn(2, intent="greet", text="100 % sure"), turn(3, outcome="resumed")]
    async with database.write() as uow:
        for row in rows:
            await uow.messages.add(line(int(row.id[1]), text=row.text))
            await uow.turns.add(row)
    async with database.read() as uow:
        assert await uow.turns.get("t1") == rows[0]
        assert await uow.turn_log.page(TurnFilter(), before=None, limit=9) == [rows[1], rows[0]]
        assert await uow.turn_log.page(TurnFilter(), before="t2", limit=9) == [rows[0]]
        assert await filtered(uow, text="order") == ["t1"]
        assert await filtered(uow, text="SURE 10") == ["t2"]
        assert await filtered(uow, text="%") == []
        assert await filtered(uow, min_confidence=0.3, max_confidence=0.6) == ["t2"]
        assert await filtered(uow, since=rows[1].created_at) == ["t2"]
        assert await filtered(uow, until=rows[1].created_at, intent="track_order") == ["t1"]
        assert await filtered(uow, until=rows[0].created_at) == []
        assert await filtered(uow, since=rows[2].created_at + timedelta(days=1)) == []
        assert await filtered(uow, labelled=True) == []
        assert await filtered(uow, labelled=False) == ["t2", "t1"]
        assert await uow.turns.recent("v1", limit=2) == [rows[2], rows[1]]
        facets = await uow.turn_log.facets()
    assert {row["value"]: row["count"] for row in facets["intents"]} == {
        "greet": 1,
        "track_order": 1,
    }


async def test_a_turn_waits_for_who_is_free(database: Database) -> None:
    waiting = turn(1, state="pending", outcome=None, finished_at=None)
    async with database.write() as uow:
        await uow.messages.add(line(1))
        await uow.turns.add(waiting)
        assert await uow.turns.begin_next("v1", at=now()) == replace(waiting, attempts=2)
        assert await uow.turns.any_pending("v1")
        assert await uow.turns.untaken(at=now(), limit=10) == ["v1"]
        await uow.turns.postpone("t1", until=now() + timedelta(seconds=4), error="Broken")
        assert await uow.turns.begin_next("v1", at=now()) is None
        assert await uow.turns.untaken(at=now(), limit=10) == []
        await uow.turns.postpone("t1", until=now() - LITTLE, error="Broken")
        until = now() + timedelta(seconds=4)
        assert await uow.leases.take("v1", "a", at=now(), until=until)
        assert await uow.turns.untaken(at=now(), limit=10) == []
        assert await uow.turns.untaken(at=until + LITTLE, limit=10) == ["v1"]
        await uow.turns.finish(turn(1))
        assert await uow.turns.untaken(at=until + LITTLE, limit=10) == []
        found = await uow.turns.get("t1")
    assert found is not None
    # Attempts and the next one's time stay as the tries left them.
    assert replace(found, attempts=1, next_attempt_at=None) == turn(1)


async def test_hand_offs_queue_in_order(database: Database) -> None:
    asked = [
        Handoff(
            id=new_id(),
            conversation_id="v1",
            customer_id="c1",
            turn_id=None,
            state=HandoffState.REQUESTED,
            reason="rule",
            evidence="„Anwalt“",
            card={"wants": {"intent": None}, "collected": [], "tried": [1, 2.5, "drei"]},
            agent_id=None,
            requested_at=EARLY + timedelta(seconds=n),
            accepted_at=None,
            closed_at=None,
            queue="support",
            priority="normal",
            queued_at=EARLY + timedelta(seconds=n),
            ranked_at=EARLY + timedelta(seconds=n),
            warn_at=None,
            due_at=EARLY + timedelta(minutes=n),
            replied_at=None,
        )
        for n in range(2)
    ]
    async with database.write() as uow:
        for handoff in asked:
            await uow.handoffs.add(handoff)
        closed = replace(asked[0], state=HandoffState.RESOLVED, closed_at=now())
        assert await uow.handoffs.ahead_of(asked[1]) == 1
        await uow.handoffs.update(closed)
    async with database.read() as uow:
        states = (HandoffState.REQUESTED, HandoffState.RESOLVED)
        assert await uow.handoffs.page(states, limit=5) == [closed, asked[1]]
        after = (closed.ranked_at, closed.id)
        assert await uow.handoffs.page(states, after=after, limit=5) == [asked[1]]
        assert await uow.handoffs.open_of("v1") == asked[1]
        assert await uow.handoffs.ahead_of(asked[1]) == 0


async def test_what_rasa_remembers_is_replaced(database: Database) -> None:
    events: list[dict[str, Any]] = [{"event": "slot", "value": {"a": [1, None, 0.1]}}]
    async with database.write() as uow:
        assert await uow.trackers.get("v1") == ([], 0)
        await uow.trackers.put("v1", "c1", [], seq=1, at=now())
        await uow.trackers.put("v1", "c1", events, seq=2, at=now())
        assert await uow.trackers.get("v1") == (events, 2)


async def test_the_migrations_build_exactly_the_tables(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                # The search's belong to the database: tests/contract/test_search.py.
                "include_name": lambda name, _type, _parents: (
                    not str(name).startswith(("search_", "ix_messages_words"))
                ),
            },
        )
        found: list[object] = compare_metadata(context, metadata)
        return found

    async with database.migrator.begin() as connection:
        assert await connection.run_sync(differences) == []
