"""Fault 9: clocks that are put forward and back, and processes that live in other time zones."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from itertools import count

import pytest
import sqlalchemy as sa

from bot import clock
from bot.clock import iso, new_id, now
from bot.lease import FURTHEST, LEASE, lease_end
from bot.retry import WAITS_SECONDS
from bot.services import Services
from bot.store.schema import upgrade
from bot.store.tables import messages, outbox, turns
from bot.worker import Worker
from tests.client import Warmline, eventually
from tests.conftest import over_both_databases
from tests.connectors.test_socketio import phone, taken_over
from tests.faults.books import ANSWER, PLAIN, all_taken, each_answered_once
from tests.processes import EchoAssistant, processes, read_conversation, say, turn_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JUMPS = (HOUR, -HOUR, -HOUR, 3 * DAY, -5 * DAY, timedelta(seconds=-4), 2 * DAY)


class SetClock:
    """The clock of all processes, which can be put forward and back. Ids are made as by a process
    that was started after that: one that remembers its last id never goes back by itself."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self._made = count()

    def now(self, zone: tzinfo | None = None) -> datetime:
        return datetime.now(zone) + self.ahead

    def show(self, moment: datetime) -> None:
        self.ahead = moment - datetime.now(timezone.utc)

    def uuid7(self) -> uuid.UUID:
        milliseconds = round(self.now(timezone.utc).timestamp() * 1000)
        return uuid.UUID(f"{milliseconds:012x}70008{next(self._made):015x}")


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    made = SetClock()
    monkeypatch.setattr(clock, "datetime", made)
    monkeypatch.setattr(clock, "uuid_utils", made)
    return made


def test_the_clock_of_these_tests_is_the_products(set_clock: SetClock) -> None:
    set_clock.ahead = -DAY
    earlier = new_id()
    assert now() < datetime.now(timezone.utc) - DAY / 2
    set_clock.ahead = -2 * DAY
    assert new_id() < earlier


@over_both_databases
async def test_conversations_go_on_in_order_while_the_clock_jumps(
    warmline: Warmline, services: Services, set_clock: SetClock
) -> None:
    visitor = await warmline.visitor()
    heard = []
    async with phone(warmline) as one:
        await one.session("ada")
        for jump in (timedelta(), *JUMPS):
            set_clock.ahead += jump
            assert (await warmline.texts("ada", PLAIN))[0].startswith(ANSWER)
            assert (await visitor.answer(PLAIN))[0].startswith(ANSWER)
            await one.say(PLAIN, "ada")
            heard.append((await one.hear())["text"])
        assert one.heard.empty()
    await all_taken(services)
    lines = (await visitor.look())["messages"]
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    assert [line["author"] for line in lines] == ["customer", "bot"] * (len(JUMPS) + 1)
    async with services.database.reader.connect() as connection:
        asked = await connection.execute(
            sa.select(messages.c.id).where(messages.c.author == "customer")
        )
    await each_answered_once(services, [row.id for row in asked])

    async def sent() -> bool | None:
        open_ones = sa.select(outbox.c.id).where(
            outbox.c.channel != "web", outbox.c.state.not_in(("sent", "delivered"))
        )
        async with services.database.reader.connect() as connection:
            return not (await connection.execute(open_ones)).all() or None

    await eventually(sent)


@over_both_databases
async def test_a_lease_and_a_next_attempt_from_before_the_clock_was_put_back_hold_nothing_up(
    database_url: str, set_clock: SetClock
) -> None:
    for back in (DAY, HOUR, FURTHEST / 2):
        set_clock.ahead = timedelta()
        async with processes(database_url, EchoAssistant()) as (services,):
            await upgrade(services.database)
            said = await say(services)
            conversation_id = said.message.conversation_id
            async with services.database.write() as uow:
                assert await uow.leases.take(
                    conversation_id, "the dead", at=now(), until=lease_end()
                )
                postponed = now() + timedelta(seconds=max(WAITS_SECONDS))
                await uow.turns.postpone(turn_of(said), until=postponed, error="action_failed")
            set_clock.ahead -= back
            worker = Worker(services)
            worker.start()
            await all_taken(services)  # an hour's lease would last longer
            await worker.stop()
            lines = (await read_conversation(services, conversation_id))[1]
            assert [line.author for line in lines[-2:]] == ["customer", "bot"]


def test_nobody_waits_longer_than_what_counts_as_far_ahead() -> None:
    assert LEASE < FURTHEST
    assert timedelta(seconds=max(WAITS_SECONDS) * 1.25) < FURTHEST


@over_both_databases
async def test_turns_are_taken_in_the_order_of_the_transcript_whatever_their_ids(
    database_url: str, set_clock: SetClock
) -> None:
    assistant = EchoAssistant()
    async with processes(database_url, assistant) as (services,):
        await upgrade(services.database)
        texts = []
        for n, jump in enumerate((*JUMPS, -DAY, -DAY)):
            set_clock.ahead += jump
            texts.append(str(n))
            said = await say(services, texts[-1])
        async with services.database.reader.connect() as connection:
            ids = (await connection.execute(sa.select(turns.c.id).order_by(turns.c.seq))).all()
        assert ids != sorted(ids), "their ids were in order, which shows nothing"
        worker = Worker(services)
        worker.start()
        await all_taken(services)
        await worker.stop()
        assert assistant.asked == texts
        lines = (await read_conversation(services, said.message.conversation_id))[1]
        assert [line.text for line in lines if line.author == "bot"] == [
            f"You said: {text}" for text in texts
        ]


@over_both_databases
async def test_what_was_held_is_sent_in_order_although_the_clock_was_put_back(
    warmline: Warmline, services: Services, set_clock: SetClock
) -> None:
    async with phone(warmline) as one:
        await one.session("ada")
        await one.say("I want to talk to a human", "ada")
        await one.hear()
    agent, at = await taken_over(warmline)
    for text in ("first", "second", "third"):
        set_clock.ahead -= HOUR
        await agent.post(f"{at}/messages", {"text": text}, status=201)
    async with phone(warmline) as again:
        await again.session("ada")
        heard = [(await again.hear())["text"] for _ in range(4)]
    assert heard[-3:] == ["first", "second", "third"]


@pytest.fixture(params=["Pacific/Auckland", "America/St_Johns"])
def far_away(request: pytest.FixtureRequest) -> Iterator[tuple[datetime, datetime]]:
    """This process lives there, and its clocks are changed between these two moments."""
    with contextlib.ExitStack() as stack:
        stack.callback(time.tzset)  # once the variable is as before
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("TZ", request.param)
        time.tzset()
        change = datetime.fromisoformat(
            {
                "Pacific/Auckland": "2026-04-04T14:00:00+00:00",  # back to standard time
                "America/St_Johns": "2026-03-08T05:30:00+00:00",  # forward
            }[request.param]
        )
        before, after = change - timedelta(minutes=2), change + timedelta(minutes=2)
        offsets = {moment.astimezone().utcoffset() for moment in (before, after)}
        assert len(offsets) == 2
        yield before, after


@over_both_databases
async def test_times_are_utc_wherever_the_process_lives(
    far_away: tuple[datetime, datetime],
    warmline: Warmline,
    services: Services,
    set_clock: SetClock,
) -> None:
    for moment in far_away:
        set_clock.show(moment)
        assert (await warmline.texts("ada", PLAIN))[0].startswith(ANSWER)
    agent = await warmline.staff()
    (conversation,) = (await agent.get("/conversations"))["items"]
    lines = (await agent.get(f"/conversations/{conversation['id']}"))["messages"]
    as_text = (
        sa.func.to_char(sa.func.timezone("UTC", messages.c.created_at), "YYYY-MM-DD HH24:MI")
        if services.database.url.get_backend_name() == "postgresql"
        else sa.func.substr(sa.cast(messages.c.created_at, sa.String), 1, 16)
    )
    async with services.database.reader.connect() as connection:
        stored = await connection.execute(sa.select(as_text).order_by(messages.c.seq))
        kept = [row[0] for row in stored]
    minutes = [iso(moment)[:16] for moment in far_away for _ in ("customer", "bot")]
    assert [line["created_at"][:16] for line in lines] == minutes
    assert all(line["created_at"].endswith("Z") for line in lines)
    assert kept == [minute.replace("T", " ") for minute in minutes]
