"""Subscribers are told what happened, signed, in order and not lost, on every database."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from bot import notice as tries
from bot import notifier, subscriptions
from bot.agent_message import send_as_agent
from bot.clock import now
from bot.errors import Conflict
from bot.handoff import claim, resolve
from bot.intake import receive
from bot.notifying import Outside
from bot.reachable import Reach
from bot.records import Notice, NoticeEvent, Subscription, User
from bot.services import Services
from bot.store.schema import upgrade
from bot.store.tables import notices
from bot.turn import take_turns
from desk import webhook_bodies
from tests.client import eventually
from tests.conftest import ROOT, over_both_databases
from tests.processes import EchoAssistant, add_agent, message, processes, say
from tests.receiver import Receiver, Told, receiving

pytestmark = over_both_databases
ALL: tuple[NoticeEvent, ...] = (
    "conversation_created",
    "conversation_updated",
    "conversation_status_changed",
    "message_created",
    "message_updated",
    "handoff_requested",
    "handoff_accepted",
    "handoff_resolved",
)
MESSAGES: tuple[NoticeEvent, ...] = ("message_created",)
secret_of = partial(subscriptions.secret_of, "a key of the installation's own")


def outside(reach: Reach = "loopback", seconds: float = 10.0) -> Outside:
    return Outside(reach, secret_of, webhook_bodies.write, seconds)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another try comes at once, and nobody waits an hour for an end."""
    monkeypatch.setattr(tries, "BASE_SECONDS", 0.05)


@pytest.fixture
async def services(database_url: str) -> AsyncIterator[Services]:
    async with processes(database_url, EchoAssistant()) as (started,):
        await upgrade(started.database)
        yield started


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as one:
        yield one


@pytest.fixture
async def lead(services: Services) -> User:
    return await add_agent(services, "Liam")


@asynccontextmanager
async def telling(*started: Services, how: Outside | None = None) -> AsyncIterator[None]:
    """These processes tell subscribers for as long as the block runs."""
    async with AsyncExitStack() as stack:
        for services in started:
            await stack.enter_async_context(notifier.notifying(services, how or outside()))
        yield


async def subscribe(
    services: Services, lead: User, url: str, events: tuple[NoticeEvent, ...] = MESSAGES
) -> Subscription:
    return await subscriptions.subscribe(services, lead, url, events, reach="loopback")


async def rows(services: Services) -> list[Notice]:
    async with services.database.reader.connect() as connection:
        found = await connection.execute(sa.select(notices).order_by(notices.c.number))
        return [Notice(**row._mapping) for row in found]


async def settled(services: Services, *states: str) -> list[Notice]:
    """The notices, once these are their states."""

    async def look() -> list[Notice] | None:
        found = await rows(services)
        return found if [row.state for row in found] == list(states) else None

    return await eventually(look)


async def told(receiver: Receiver, wanted: Callable[[list[Told]], bool]) -> list[Told]:
    """What the receiver accepted, once it is as wanted."""

    async def look() -> list[Told] | None:
        return receiver.taken if wanted(receiver.taken) else None

    return await eventually(look)


async def test_a_whole_conversation_is_told_in_order_and_signed(
    services: Services, receiver: Receiver, lead: User
) -> None:
    subscription = await subscribe(services, lead, receiver.url, ALL)
    nora = await add_agent(services, "Nora")
    async with telling(services):
        conversation_id = (await say(services)).message.conversation_id
        await take_turns(services, conversation_id)
        await claim(services, conversation_id, nora)
        await send_as_agent(services, conversation_id, nora, "It is on its way.", client_id=None)
        await resolve(services, conversation_id, nora)
        all_told = await told(receiver, lambda taken: len(taken) == 10)
    assert [one.event for one in all_told] == [
        "conversation_created",
        "message_created",  # the customer's
        "message_created",  # the bot's
        "conversation_status_changed",
        "handoff_accepted",
        "message_created",  # Nora joined
        "message_created",  # hers
        "conversation_status_changed",
        "handoff_resolved",
        "message_created",  # Nora closed it
    ]
    assert all(one.is_signed_with(secret_of(subscription.id)) for one in all_told)
    assert not all_told[0].is_signed_with(secret_of("another's"))
    bodies = [one.content for one in all_told]
    assert [body["id"] for body in bodies] == [one.id for one in all_told]
    assert {body["conversation"]["id"] for body in bodies} == {conversation_id}
    assert [body["change"]["state"] for body in (bodies[0], bodies[3], bodies[7])] == [
        "bot",
        "agent",
        "resolved",
    ]
    assert bodies[4]["handoff"]["agent"]["name"] == "Nora"
    assert bodies[6]["message"]["text"] == "It is on its way."


async def test_only_what_was_subscribed_to_is_told_and_only_while_it_is_active(
    services: Services, receiver: Receiver, lead: User
) -> None:
    subscription = await subscribe(services, lead, receiver.url, ("conversation_created",))
    async with telling(services):
        await say(services)
        await settled(services, "delivered")
        resting = partial(
            subscriptions.change, services, subscription.id, lead, url=None, reach="loopback"
        )
        await resting(events=None, active=False)
        await receive(services, message(address="bob"))
        await resting(events=MESSAGES, active=True)
        await receive(services, message("again", address="bob"))
        await settled(services, "delivered", "delivered")
    assert receiver.events() == ["conversation_created", "message_created"]


async def test_what_is_rolled_back_is_told_nobody(
    services: Services, receiver: Receiver, lead: User
) -> None:
    await subscribe(services, lead, receiver.url, ALL)
    conversation_id = (await say(services)).message.conversation_id
    before = len(await rows(services))

    async def change_and_fail() -> None:
        async with services.database.write() as uow:
            conversation = await uow.conversations.lock(conversation_id)
            assert conversation is not None
            await uow.conversations.answered_at(conversation, channel="sms", address="1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change_and_fail()
    assert len(await rows(services)) == before


@pytest.mark.parametrize("trouble", ["500", "503", "reset", "429"])
async def test_what_failed_is_told_again_under_the_same_id_and_what_follows_waits(
    services: Services, receiver: Receiver, lead: User, trouble: str
) -> None:
    await subscribe(services, lead, receiver.url)
    receiver.retry_after = "0"
    receiver.troubles.extend([trouble, trouble])
    await say(services, "one")
    await say(services, "two")
    async with telling(services):
        first, second = await told(receiver, lambda taken: len(taken) == 2)
        await settled(services, "delivered", "delivered")
    assert [call.id for call in receiver.calls] == [first.id] * 3 + [second.id]
    assert len({call.body for call in receiver.calls}) == 2, "each try says the same"
    assert [one.content["message"]["text"] for one in (first, second)] == ["one", "two"]


async def test_retry_after_is_kept_to_by_all_of_a_subscribers(
    services: Services, receiver: Receiver, lead: User
) -> None:
    subscription = await subscribe(services, lead, receiver.url)
    receiver.retry_after = "3600"
    receiver.troubles.append("429")
    begun = now()
    async with telling(services):
        await say(services, "one")

        async def put_off() -> Notice | None:
            (row,) = await rows(services)
            return row if row.error else None

        row = await eventually(put_off)
        assert row.next_attempt_at is not None
        assert row.next_attempt_at >= begun + timedelta(hours=1)
        assert row.response_status == 429
        wait = await services.limits.take(f"notices:{subscription.id}", None)
        assert wait > 3000


async def test_one_that_hangs_holds_up_neither_others_nor_the_chat(
    services: Services, receiver: Receiver, lead: User
) -> None:
    async with receiving(Receiver(down=True)) as dead:
        await subscribe(services, lead, dead.url)
        await subscribe(services, lead, receiver.url)
        async with telling(services, how=outside(seconds=5)):
            for number in range(20):
                received = await receive(services, message(address=f"customer {number}"))
                await take_turns(services, received.message.conversation_id)
            await told(receiver, lambda taken: len(taken) == 40)
        assert dead.calls


async def test_what_is_refused_is_given_up_and_the_next_is_told(
    services: Services, receiver: Receiver, lead: User
) -> None:
    await subscribe(services, lead, receiver.url)
    receiver.troubles.append("404")
    await say(services, "one")
    await say(services, "two")
    async with telling(services):
        refused, _ = await settled(services, "dead", "delivered")
    assert (refused.error, refused.response_status, refused.attempts) == ("http_404", 404, 1)


async def test_after_a_day_it_is_given_up(
    services: Services, receiver: Receiver, lead: User
) -> None:
    await subscribe(services, lead, receiver.url)
    receiver.troubles.append("500")
    await say(services)
    async with services.database.writer.begin() as connection:
        await connection.execute(notices.update().values(give_up_at=now()))
    async with telling(services):
        (row,) = await settled(services, "dead")
    assert row.error == "http_500"


async def test_what_was_given_up_can_be_sent_again_under_its_id(
    services: Services, receiver: Receiver, lead: User
) -> None:
    subscription = await subscribe(services, lead, receiver.url)
    receiver.troubles.append("410")
    await say(services)
    async with telling(services):
        (row,) = await settled(services, "dead")
        await subscriptions.resend(services, subscription.id, row.id, lead)
        await settled(services, "delivered")
    refused, accepted = receiver.calls
    assert (refused.id, refused.body) == (accepted.id, accepted.body)


async def test_several_processes_tell_each_once(
    database_url: str, services: Services, receiver: Receiver, lead: User
) -> None:
    await subscribe(services, lead, receiver.url)
    async with processes(database_url, *(EchoAssistant() for _ in range(3))) as others:
        for number in range(30):
            await receive(services, message(address=f"customer {number % 10}"))
        async with telling(services, *others):
            await settled(services, *["delivered"] * 30)
    assert set(Counter(call.id for call in receiver.calls).values()) == {1}


async def test_killed_in_the_middle_nothing_is_lost(
    database_url: str, services: Services, receiver: Receiver, lead: User
) -> None:
    await subscribe(services, lead, receiver.url)
    await say(services, "one")
    await say(services, "two")
    receiver.down = True
    telling_process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.contract.telling", database_url, cwd=ROOT
    )
    try:
        await eventually(partial(_called, receiver), patience=120)
    finally:
        telling_process.kill()
        await telling_process.wait()
    receiver.down = False
    async with telling(services):
        await settled(services, "delivered", "delivered")
    first, again, second = receiver.calls
    assert (first.id, first.body) == (again.id, again.body)
    assert [one.content["message"]["text"] for one in (again, second)] == ["one", "two"]


async def _called(receiver: Receiver) -> bool | None:
    return bool(receiver.calls) or None


async def test_an_address_that_became_private_is_not_called(
    services: Services, receiver: Receiver, lead: User
) -> None:
    await subscribe(services, lead, receiver.url.replace("127.0.0.1", "localhost"))
    await say(services)
    async with telling(services, how=outside("public")):
        (row,) = await settled(services, "dead")
    assert row.error == "forbidden_address"
    assert receiver.calls == []


async def test_deleted_it_is_told_nothing_more_and_nobody_who_writes_fails(
    services: Services, receiver: Receiver, lead: User
) -> None:
    subscription = await subscribe(services, lead, receiver.url)
    await say(services)
    await subscriptions.unsubscribe(services, subscription.id, lead)
    await say(services)
    assert [row.state for row in await rows(services)] == ["dropped"]


async def test_what_a_customer_takes_back_is_kept_in_no_body(
    services: Services, receiver: Receiver, lead: User
) -> None:
    await subscribe(services, lead, receiver.url)
    said = message("my secret", channel="telegram", external_id="7:1")
    async with telling(services):
        await receive(services, said)
        (row,) = await settled(services, "delivered")
        assert "my secret" in (row.body or "")
        gone = replace(said, kind="deletion", text="", external_id="7:2", about="7")
        await receive(services, gone)
        taken_back, _ = await settled(services, "delivered", "delivered")
    assert taken_back.body is None


async def test_the_log_is_tidied(services: Services, receiver: Receiver, lead: User) -> None:
    await subscribe(services, lead, receiver.url)
    for _ in range(3):
        await say(services)
    async with telling(services):
        _, old, oldest = await settled(services, *["delivered"] * 3)
    async with services.database.writer.begin() as connection:
        for row, days in ((old, 4), (oldest, 31)):
            was = now() - timedelta(days=days)
            await connection.execute(
                notices.update().where(notices.c.id == row.id).values(created_at=was)
            )

    async def tidied() -> list[Notice] | None:
        found = await rows(services)
        return found if len(found) == 2 else None

    async with telling(services):
        kept = await eventually(tidied)
    assert [row.body is not None for row in kept] == [True, False]


async def test_only_one_lead_at_a_time_can_send_it_again(
    services: Services, receiver: Receiver, lead: User
) -> None:
    subscription = await subscribe(services, lead, receiver.url)
    await say(services)
    (row,) = await rows(services)
    async with services.database.write() as uow:
        assert await uow.notices.claim(row, tries.taken(row, "{}"))
    with pytest.raises(Conflict):
        await subscriptions.resend(services, subscription.id, row.id, lead)
