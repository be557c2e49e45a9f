"""What was given up is listed, resent and dropped alike on every database, and by one person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import now
from bot.dead_letters import drop, resend
from bot.errors import Conflict, NotFound
from bot.intake import receive
from bot.messages import OutboundMessage
from bot.records import DeadLetter, OutboxItem, User
from bot.sending import take
from bot.services import Services
from bot.store import dead_letters
from bot.store.tables import messages, outbox, turns
from bot.turn import take_turns
from tests.client import eventually
from tests.conftest import over_both_databases
from tests.contract.test_deliveries import MemoryConnector, answer, delivering
from tests.dead_letters import give_up_delivery, give_up_turn
from tests.processes import (
    add_agent,
    at_once,
    message,
    read_conversation,
    to_queue,
    turn_of,
)

pytestmark = over_both_databases
SETTLED = 50_000


@pytest.fixture
async def liam(pair: tuple[Services, ...]) -> User:
    return await add_agent(pair[0], "Liam")


async def dead_turn(services: Services, text: str = "poison", **values: object) -> DeadLetter:
    received = await receive(services, message(text, channel="memory"))
    await give_up_turn(services, turn_of(received), **values)
    return await letter_of(services, turn_of(received))


async def lost_delivery(services: Services, text: str = "hi", **values: object) -> DeadLetter:
    """A reply of the bot that was not sent, or nobody knows."""
    answered = await answer(services, text)
    async with services.database.read() as uow:
        (reply,) = await uow.messages.fetched_with(turn_of(answered), "memory")
    return await letter_of(services, await give_up_delivery(services, reply.id, **values))


async def letter_of(services: Services, letter_id: str) -> DeadLetter:
    async with services.database.read() as uow:
        letter = await uow.dead_letters.get(letter_id)
    assert letter is not None
    return letter


async def listed(services: Services) -> list[DeadLetter]:
    async with services.database.read() as uow:
        return await uow.dead_letters.page(None, before=None, limit=99)


async def test_both_kinds_stand_in_one_list_newest_first(pair: tuple[Services, ...]) -> None:
    given_up = [
        await dead_turn(pair[0], "first"),
        await lost_delivery(pair[0], "second", state="unknown"),
        await dead_turn(pair[0], "third"),
        await lost_delivery(pair[0], "fourth"),
    ]
    await answer(pair[0], "this one went well")
    newest_first = given_up[::-1]
    async with pair[1].database.read() as uow:
        page = uow.dead_letters.page
        assert await page(None, before=None, limit=9) == newest_first
        assert await page(None, before=None, limit=3) == newest_first[:3]
        assert await page(None, before=newest_first[2].id, limit=3) == newest_first[3:]
        assert await page("turn", before=None, limit=9) == [given_up[2], given_up[0]]
        assert await page("delivery", before=given_up[3].id, limit=9) == [given_up[1]]
        assert await uow.dead_letters.counts() == {"turn": 2, "delivery": 2}
    assert [(one.state, one.text, one.author) for one in given_up] == [
        ("dead", "first", "customer"),
        ("unknown", "You said: second", "bot"),
        ("dead", "third", "customer"),
        ("dead", "You said: fourth", "bot"),
    ]
    assert given_up[1].error == "TimeoutError"
    assert given_up[1].attempts == 12


async def test_a_resent_turn_is_taken_as_if_for_the_first_time(
    pair: tuple[Services, ...], liam: User
) -> None:
    letter = await dead_turn(pair[0], next_attempt_at=now() + timedelta(hours=1))
    await resend(pair[1], letter.id, liam)
    async with pair[0].database.read() as uow:
        turn = await uow.turns.get(letter.id)
    assert turn is not None
    waiting = ("pending", 0, None, None)
    assert (turn.state, turn.attempts, turn.next_attempt_at, turn.error) == waiting
    assert await pair[1].queue.next() == letter.conversation_id
    await take_turns(pair[1], letter.conversation_id)
    _, lines = await read_conversation(pair[0], letter.conversation_id)
    assert [line.text for line in lines if not line.private] == ["poison", "You said: poison"]
    assert await listed(pair[0]) == []


async def test_a_resent_turn_is_only_observed_where_a_person_has_the_conversation(
    pair: tuple[Services, ...], liam: User
) -> None:
    letter = await dead_turn(pair[0])
    await to_queue(pair[0], letter.conversation_id)
    await resend(pair[0], letter.id, liam)
    await take_turns(pair[0], letter.conversation_id)
    _, lines = await read_conversation(pair[0], letter.conversation_id)
    assert [line.author for line in lines] == ["customer", "system"]
    assert (await letter_of(pair[0], letter.id)).state == "done"


@pytest.mark.parametrize("state", ["dead", "unknown"])
async def test_a_resent_delivery_is_sent_at_once(
    pair: tuple[Services, ...], liam: User, state: str
) -> None:
    letter = await lost_delivery(pair[0], state=state, next_attempt_at=now() + timedelta(hours=1))
    with pair[0].bus.subscribe() as events:
        await resend(pair[0], letter.id, liam)
        assert (await events.next()).data["send_on"] == "memory"
    ((item, _),) = await due(pair[0])
    waiting = (letter.id, 0, None, None)
    assert (item.id, item.attempts, item.error, item.give_up_at) == waiting
    connector = MemoryConnector()
    async with delivering(pair[0], connector):
        await eventually(lambda: sent(pair[0], letter))
    assert connector.sent == ["You said: hi"]


async def due(services: Services) -> list[tuple[OutboxItem, OutboundMessage]]:
    async with services.database.read() as uow:
        return await uow.outbox.due("memory", at=now(), fresh=now())


async def sent(services: Services, letter: DeadLetter) -> bool | None:
    return (await letter_of(services, letter.id)).state == "sent" or None


async def test_what_is_dropped_stays_in_the_database_and_is_not_tried_again(
    pair: tuple[Services, ...], liam: User
) -> None:
    letters = [await lost_delivery(pair[0]), await dead_turn(pair[0])]
    for letter in letters:
        await drop(pair[0], letter.id, liam)
        assert await letter_of(pair[0], letter.id) == replace(letter, state="dropped")
    await take_turns(pair[0], letters[0].conversation_id)
    assert await due(pair[0]) == []
    assert await listed(pair[0]) == []


async def test_the_transcript_says_who_decided_and_only_to_the_staff(
    pair: tuple[Services, ...], liam: User
) -> None:
    delivery, turn = await lost_delivery(pair[0]), await dead_turn(pair[0], "word " * 40)
    with pair[0].bus.subscribe() as events:
        await drop(pair[0], delivery.id, liam)
        await resend(pair[0], turn.id, liam)
        told = [await events.next() for _ in range(4)]
    _, lines = await read_conversation(pair[0], turn.conversation_id)
    dropped, resent = lines[-2:]
    assert dropped.text == (
        "Liam dropped a message that was not known to have arrived: “You said: hi”"
    )
    assert resent.text.startswith("Liam gave the bot a message again that it had failed at: “word")
    assert len(resent.text) < 130
    for line, decision, letter in ((dropped, "dropped", delivery), (resent, "resent", turn)):
        assert (line.author, line.agent_id, line.private) == ("system", liam.id, True)
        assert line.data == {"event": f"letter_{decision}", "letter_id": letter.id}
    assert [event.type for event in told] == ["message", "dead_letter"] * 2
    assert told[0].data == {"message_id": dropped.id, "send_on": "memory"}
    assert await due(pair[0]) == []


async def test_of_two_who_decide_at_once_one_does_and_the_other_is_told(
    pair: tuple[Services, ...], liam: User
) -> None:
    mia = await add_agent(pair[1], "Mia")
    for letter in (await dead_turn(pair[0]), await lost_delivery(pair[0])):
        results = await at_once(resend(pair[0], letter.id, liam), drop(pair[1], letter.id, mia))
        (refused,) = [result for result in results if result is not None]
        assert isinstance(refused, Conflict)
        state = (await letter_of(pair[0], letter.id)).state
        first = {"pending": "Liam has already resent", "dropped": "Mia has already dropped"}[state]
        assert refused.message == f"{first} it: it is '{state}' now."
        assert refused.detail == {"state": state}
        _, lines = await read_conversation(pair[0], letter.conversation_id)
        assert len([line for line in lines if line.data.get("letter_id") == letter.id]) == 1


async def test_what_was_not_given_up_is_left_alone(pair: tuple[Services, ...], liam: User) -> None:
    answered = await answer(pair[0], "hello")
    ((item, _),) = await due(pair[0])
    assert await take(pair[0], item)
    for change in (resend, drop):
        for letter_id, state in ((turn_of(answered), "done"), (item.id, "sending")):
            with pytest.raises(Conflict, match=f"not given up on: it is '{state}'"):
                await change(pair[0], letter_id, liam)
        with pytest.raises(NotFound):
            await change(pair[0], "nobody's", liam)
    _, lines = await read_conversation(pair[0], answered.message.conversation_id)
    assert not any(line.private for line in lines)


async def test_counting_reads_an_index_whatever_has_been_settled(
    pair: tuple[Services, ...],
) -> None:
    given_up = [await dead_turn(pair[0]), await lost_delivery(pair[0])]
    async with pair[0].database.writer.begin() as connection:
        await settle_many(connection)
        await connection.execute(sa.text("ANALYZE"))
        counted = str(
            dead_letters.COUNTS.compile(
                connection.sync_connection, compile_kwargs={"literal_binds": True}
            )
        )
        if connection.dialect.name == "sqlite":
            rows = await connection.execute(sa.text(f"EXPLAIN QUERY PLAN {counted}"))
            plan = " ".join(row.detail for row in rows)
            assert "SCAN turns" not in plan
            # The whole of an index that holds nothing else.
            assert "SCAN outbox USING INDEX ix_outbox_given_up" in plan
        else:
            plan = str(await connection.scalar(sa.text(f"EXPLAIN (FORMAT JSON) {counted}")))
            assert "Seq Scan" not in plan
        assert "ix_turns_state_id" in plan
        assert "ix_outbox_given_up" in plan
    async with pair[0].database.read() as uow:
        assert await uow.dead_letters.counts() == {"turn": 1, "delivery": 1}
    assert await listed(pair[0]) == given_up[::-1]


async def settle_many(connection: AsyncConnection) -> None:
    """50,000 answered messages, copied from what is there."""
    number = sa.select(sa.literal(1_000).label("n")).cte("numbers", recursive=True)
    number = number.union_all(sa.select(number.c.n + 1).where(number.c.n < 1_000 + SETTLED - 1))
    text = sa.cast(number.c.n, sa.String)
    settled = {"id": "x" + text, "message_id": "x" + text}
    copies = (
        (messages, {"id": "x" + text, "seq": number.c.n, "external_id": sa.null()}),
        (turns, {**settled, "state": sa.literal("done")}),
        (outbox, {**settled, "state": sa.literal("delivered")}),
    )
    for table, changed in copies:
        one = sa.select(table).limit(1).subquery()
        values = [changed.get(column.name, one.c[column.name]) for column in table.c]
        rows = sa.select(*values).select_from(number.join(one, sa.true()))
        await connection.execute(table.insert().from_select(list(table.c), rows))
