"""The search for what the bot does not know, over every database."""

from __future__ import annotations

import sys
from datetime import timedelta

import pytest

from bot.clock import new_id, now
from bot.jobs import Jobs
from bot.learning.discover import start_discovery
from bot.readable import DELETED
from bot.records import Discovery, Label
from bot.services import Services
from bot.store.discoveries import Member
from bot.store.tables import turns
from tests.conftest import over_both_databases
from tests.processes import add_agent, at_once, say, turn_of

WORDS = ("wrap it as a gift", "gift wrap please", "do you gift wrap", "is gift wrap free", "gift?")


async def misunderstood(services: Services, text: str, *, days_ago: int = 0) -> str:
    """A message that the bot read and did not understand: its turn's id."""
    turn_id = turn_of(await say(services, text))
    read = {
        "state": "done",
        "outcome": "misunderstood",
        "intent": "nlu_fallback",
        "created_at": now() - timedelta(days=days_ago),
    }
    async with services.database.writer.begin() as connection:
        await connection.execute(turns.update().where(turns.c.id == turn_id).values(read))
    return turn_id


async def search(services: Services, lead: str) -> None:
    jobs = Jobs()
    await start_discovery(services, jobs, days=30, by=lead)
    await jobs.finish(grace=300)


async def current(services: Services) -> Discovery:
    async with services.database.read() as uow:
        return await uow.discoveries.current()


async def members(services: Services) -> list[Member]:
    async with services.database.read() as uow:
        found = await uow.discoveries.open_clusters()
        return await uow.discoveries.members([one.id for one in found])


@over_both_databases
async def test_a_group_is_found_and_loses_what_is_labelled_and_what_is_taken_back(
    pair: tuple[Services, ...],
) -> None:
    services, *_ = pair
    lena = (await add_agent(services, "Lena")).id
    await search(services, lena)
    empty = await current(services)
    assert (empty.state, empty.messages) == ("done", 0)

    said = [await misunderstood(services, text) for text in (*WORDS, WORDS[0])]
    await misunderstood(services, WORDS[1], days_ago=31)
    await search(services, lena)
    done = await current(services)
    assert (done.state, done.messages, done.progress) == ("done", len(said), 1)
    found = await members(services)
    assert {one.turn_id for one in found} == set(said)
    place = {one.turn_id: one.place for one in found}
    assert place[said[0]] == place[said[-1]]  # a copy
    async with services.database.write() as uow:
        turn = await uow.turns.get(said[1])
        assert turn is not None
        await uow.turns.blank(turn.message_id, text=DELETED)
        labelled = await uow.turns.get(said[2])
        assert labelled is not None
        label = Label(
            id=new_id(),
            turn_id=labelled.id,
            conversation_id=labelled.conversation_id,
            customer_id=labelled.customer_id,
            user_id=lena,
            intent="gift_wrap",
            entities=[],
            batch="one",
            created_at=now(),
            undone_at=None,
        )
        await uow.labels.put([label])
    assert {one.turn_id for one in await members(services)} == set(said) - {said[1], said[2]}


@over_both_databases
async def test_what_was_dismissed_is_not_found_again(pair: tuple[Services, ...]) -> None:
    services, *_ = pair
    lena = (await add_agent(services, "Lena")).id
    for text in WORDS:
        await misunderstood(services, text)
    await search(services, lena)
    async with services.database.write() as uow:
        (cluster,) = await uow.discoveries.open_clusters()
        await uow.discoveries.dismiss(cluster.id, by=lena, at=now())
    await misunderstood(services, "gift wrap, please")
    await search(services, lena)
    assert (await current(services)).state == "done"
    assert await members(services) == []
    async with services.database.read() as uow:
        dismissed = await uow.discoveries.get(cluster.id)
    # Nothing but the centre is left of it.
    assert dismissed is not None
    assert (dismissed.name, dismissed.keywords, dismissed.centre) == ("", [], cluster.centre)


@over_both_databases
@pytest.mark.parametrize("is_dismissed", [False, True])
@pytest.mark.parametrize("way", ["taken back", "too old"])
async def test_a_group_that_no_message_is_in_any_more_keeps_no_words(
    pair: tuple[Services, ...], way: str, is_dismissed: bool
) -> None:
    services, *_ = pair
    lena = (await add_agent(services, "Lena")).id
    said = [await misunderstood(services, text) for text in WORDS]
    await search(services, lena)
    async with services.database.write() as uow:
        (cluster,) = await uow.discoveries.open_clusters()
        if is_dismissed:
            await uow.discoveries.dismiss(cluster.id, by=lena, at=now())
    assert cluster.keywords
    for turn_id in said if way == "taken back" else said[:1]:  # all are of one conversation
        async with services.database.write() as uow:
            kept = await uow.discoveries.get(cluster.id)
            assert kept is not None
            assert kept.keywords == cluster.keywords
            turn = await uow.turns.get(turn_id)
            assert turn is not None
            if way == "taken back":
                await uow.turns.blank(turn.message_id, text=DELETED)
            else:
                later = now() + timedelta(days=1)
                ids = [turn.conversation_id]
                await uow.retention.delete("conversations", ids, before=later)
    async with services.database.read() as uow:
        left = await uow.discoveries.get(cluster.id)
    assert (left and (left.name, left.keywords)) == (("", []) if is_dismissed else None)


@over_both_databases
async def test_two_leads_at_once_get_one_search_and_a_dead_one_is_replaced(
    pair: tuple[Services, ...],
) -> None:
    one, other = pair
    lena = (await add_agent(one, "Lena")).id

    async def begin(services: Services, run: str, seconds: int) -> bool:
        until = now() + timedelta(seconds=seconds)
        async with services.database.write() as uow:
            return await uow.discoveries.begin(run, days=30, by=lena, at=now(), until=until)

    assert sorted(await at_once(begin(one, "a", 3), begin(other, "b", 3)), key=str) == [False, True]
    first = (await current(one)).run or ""
    async with one.database.write() as uow:
        assert await uow.discoveries.change(first, lease_until=now() - timedelta(seconds=1))
    assert await begin(other, "c", 3)
    async with one.database.write() as uow:
        assert not await uow.discoveries.change(first, state="done")
    assert (await current(one)).run == "c"


@over_both_databases
async def test_a_search_that_fails_says_so_and_can_be_started_again(
    pair: tuple[Services, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    services, *_ = pair
    lena = (await add_agent(services, "Lena")).id
    for text in WORDS:
        await misunderstood(services, text)
    with monkeypatch.context() as broken:
        broken.setattr(sys, "executable", "/bin/false")
        await search(services, lena)
    failed = await current(services)
    assert failed.state == "failed"
    assert failed.error
    await search(services, lena)
    assert (await current(services)).state == "done"
    assert len(await members(services)) == len(WORDS)
