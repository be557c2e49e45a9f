"""Contacts and their counts, over every database: late facts, two processes, an older log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.agent_message import send_as_agent
from bot.clock import new_id, now
from bot.handoff import claim, resolve
from bot.insight import follower
from bot.insight.contact import Contact
from bot.insight.definitions import BY_NAME, FIGURES
from bot.insight.follower import following, settle, sweep
from bot.insight.report import by_day, report
from bot.insight.rolling import count_days, roll_up
from bot.intake import receive
from bot.records import Join
from bot.services import Services
from bot.store.contacts import Wanted
from bot.store.tables import conversations, messages
from bot.survey_panel import PanelAnswer, answer_in_panel
from bot.turn import take_turns
from tests.client import eventually
from tests.conftest import over_both_databases
from tests.processes import EchoAssistant, add_agent, hand_off, message, processes

pytestmark = over_both_databases


@pytest.fixture
async def pair(database_url: str, tmp_path: Path) -> AsyncIterator[tuple[Services, Services]]:
    rules_file = tmp_path / "handoff.yml"
    rules_file.write_text("survey: {channels: [web]}\n")
    async with processes(database_url, EchoAssistant(), EchoAssistant()) as (one, other):
        yield replace(one, rules_file=rules_file), replace(other, rules_file=rules_file)


@pytest.fixture
def services(pair: tuple[Services, Services]) -> Services:
    return pair[0]


async def writes(services: Services, address: str, *, channel: str = "rest") -> str:
    """A message that the bot answered; its conversation."""
    received = await receive(services, message(address=address, channel=channel))
    await take_turns(services, received.message.conversation_id)
    return received.message.conversation_id


async def long_ago(services: Services, conversation_id: str, by: timedelta) -> None:
    """Let all of it have happened so much earlier."""
    async with services.database.writer.begin() as connection:
        rows = await connection.execute(
            sa.select(messages.c.id, messages.c.created_at).where(
                messages.c.conversation_id == conversation_id
            )
        )
        for row in rows.all():
            await connection.execute(
                messages.update()
                .where(messages.c.id == row.id)
                .values(created_at=row.created_at - by)
            )
        await connection.execute(
            conversations.update()
            .where(conversations.c.id == conversation_id)
            .values(updated_at=now() - by)
        )


async def listed(
    services: Services, figure: str = "contacts", *, rest: bool = False
) -> list[Contact]:
    async with services.database.read() as uow:
        return await uow.contacts.behind(
            wanted(), BY_NAME[figure], rest=rest, before=None, limit=50
        )


def wanted(*, until: date | None = None) -> Wanted:
    last = until or now().date()
    return Wanted(last - timedelta(days=90), last)


async def values(services: Services) -> dict[str, tuple[int, float | None]]:
    await count_days(services.database)
    async with services.database.read() as uow:
        found = await report(uow, wanted(), compare=True)
    return {one.figure.name: (one.now.n, one.now.value) for one in found.figures}


async def test_an_empty_log_has_figures_over_nothing(services: Services) -> None:
    assert await sweep(services.database) == 0
    found = await values(services)
    assert set(found) == {figure.name for figure in FIGURES}
    assert found["containment"] == (0, None)
    assert found["wait"] == (0, None)
    async with services.database.read() as uow:
        assert await by_day(uow, wanted()) == []


async def test_one_contact_is_counted_once_however_often_it_is_looked_at(
    services: Services,
) -> None:
    conversation = await writes(services, "ada")
    assert await sweep(services.database) == 1
    assert await sweep(services.database) == 0
    for _ in range(2):
        await roll_up(services.database, [conversation], at=now())
        assert (await values(services))["contacts"] == (1, 1)
    assert (await values(services))["containment"] == (0, None)  # it has not ended


async def test_time_alone_ends_a_contact_and_then_its_week(services: Services) -> None:
    conversation = await writes(services, "ada")
    await roll_up(services.database, [conversation], at=now())
    await settle(services.database, at=now() + timedelta(hours=25))
    found = await values(services)
    assert found["containment"] == (1, 1.0)
    assert found["first_contact"] == (0, None)
    await settle(services.database, at=now() + timedelta(days=9))
    assert (await values(services))["first_contact"] == (1, 1.0)
    async with services.database.read() as uow:
        assert await uow.contacts.settles_at() is None


async def test_coming_back_is_found_on_another_channel_once_two_prove_to_be_one(
    services: Services,
) -> None:
    first = await writes(services, "ada", channel="rest")
    await long_ago(services, first, timedelta(days=10))
    second = await writes(services, "ada-phone", channel="telegram")
    await long_ago(services, second, timedelta(days=5))
    await sweep(services.database)
    assert (await values(services))["came_back"] == (1, 0.0)  # the second's week is not over
    async with services.database.write() as uow:
        one, other = await uow.conversations.get(first), await uow.conversations.get(second)
        assert one is not None
        assert other is not None
        join = Join(new_id(), other.customer_id, one.customer_id, "a code", {}, now())
        await uow.joins.add(join)
    await roll_up(services.database, [second], at=now())
    assert (await values(services))["came_back"] == (1, 1.0)
    assert [row.conversation_id for row in await listed(services, "came_back")] == [first]
    assert [row.conversation_id for row in await listed(services, "repeat")] == [second]
    nora = await add_agent(services, "Nora")
    async with services.database.write() as uow:
        await uow.joins.undo(join.id, by=nora.id, at=now())
    await roll_up(services.database, [first, second], at=now())
    assert (await values(services))["came_back"] == (1, 0.0)


async def test_a_survey_answered_later_counts_for_the_contact_it_was_about(
    services: Services,
) -> None:
    nora = await add_agent(services, "Nora")
    helped = await hand_off(services, "ada", channel="web", waited=timedelta(minutes=5))
    conversation = helped.conversation_id
    await claim(services, conversation, nora)
    await send_as_agent(services, conversation, nora, "Here I am", client_id=None)
    await resolve(services, conversation, nora, outcome="solved")
    await sweep(services.database)
    found = await values(services)
    assert found["csat"] == (0, None)
    assert found["confirmed"] == (1, 0.0)
    n, waited = found["wait"]
    assert n == 1
    assert waited == pytest.approx(300, abs=60)
    async with services.database.read() as uow:
        survey = await uow.surveys.latest(conversation)
    assert survey is not None
    await writes(services, "ada", channel="web")  # another contact by now
    await answer_in_panel(services, conversation, survey.id, PanelAnswer(5, 4, None, True))
    await roll_up(services.database, [conversation], at=now())
    found = await values(services)
    assert (found["csat"], found["effort"]) == ((1, 5.0), (1, 4.0))
    assert found["confirmed"] == (1, 1.0)
    assert [row.csat for row in await listed(services)] == [None, 5]
    assert [row.csat for row in await listed(services, "csat")] == [5]


async def test_a_day_has_a_median_whether_its_contacts_are_odd_or_even(
    services: Services,
) -> None:
    nora = await add_agent(services, "Nora")
    medians = []
    for address, minutes in (("ada", 5), ("ben", 10), ("cleo", 20)):
        helped = await hand_off(services, address, waited=timedelta(minutes=minutes))
        await claim(services, helped.conversation_id, nora)
        await resolve(services, helped.conversation_id, nora, outcome="solved")
        await sweep(services.database)
        await count_days(services.database)
        async with services.database.read() as uow:
            (day,) = await by_day(uow, wanted())
        medians.append((day.estimates["wait"].n, day.estimates["wait"].value))
    assert [n for n, _ in medians] == [1, 2, 3]
    # Of two in the middle, the lower.
    assert [value for _, value in medians] == pytest.approx([300, 300, 600], abs=60)


async def test_two_processes_write_a_conversation_once(pair: tuple[Services, Services]) -> None:
    ids = [await writes(pair[0], f"customer-{number}") for number in range(5)]
    await asyncio.gather(*(roll_up(each.database, ids, at=now()) for each in pair * 3))
    await asyncio.gather(*(count_days(each.database) for each in pair * 3))
    assert (await values(pair[1]))["contacts"] == (5, 5)
    assert len(await listed(pair[1])) == 5


async def test_whoever_read_before_another_wrote_writes_nothing(services: Services) -> None:
    conversation = await writes(services, "ada")
    async with services.database.read() as uow:
        (mark,) = await uow.contacts.marks([conversation])
    assert await roll_up(services.database, [conversation], at=now()) == []
    async with services.database.write() as uow:
        assert await uow.contacts.claim([mark]) == set()


async def test_an_older_log_is_filled_and_what_happens_is_followed(services: Services) -> None:
    for number in range(3):
        await writes(services, f"earlier-{number}")
    async with following(services):

        async def counted(wanted_contacts: int) -> bool | None:
            async with services.database.read() as uow:
                found = await uow.contact_days.total(wanted())
            return found.counts["contacts"] == wanted_contacts or None

        await eventually(lambda: counted(3))
        await writes(services, "later")
        await eventually(lambda: counted(4))


async def test_figures_are_there_while_an_older_log_is_filled_the_newest_first(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "AT_ONCE", 1)
    written = [await writes(services, f"earlier-{number}") for number in range(3)]
    seen: list[tuple[float, list[str]]] = []

    async def look() -> None:
        await count_days(services.database)
        async with services.database.read() as uow:
            share = await uow.contacts.share_cut()
        seen.append((share, [row.conversation_id for row in await listed(services)]))

    await sweep(services.database, meanwhile=look)
    assert [share for share, _ in seen] == pytest.approx([1 / 3, 2 / 3, 1])
    assert [rows for _, rows in seen] == [written[2:], written[:0:-1], written[::-1]]


async def test_a_page_of_contacts_goes_on_where_the_last_one_ended(services: Services) -> None:
    for number in range(3):
        await writes(services, f"customer-{number}")
    await sweep(services.database)
    seen: list[str] = []
    before: tuple[datetime, str] | None = None
    for _ in range(3):
        async with services.database.read() as uow:
            (row,) = await uow.contacts.behind(
                wanted(), BY_NAME["contacts"], rest=False, before=before, limit=1
            )
        seen.append(row.id)
        before = row.started_at, row.id
    assert seen == [row.id for row in await listed(services)]
