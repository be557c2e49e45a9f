"""Figures by day of what customers wrote, over every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.clock import now
from bot.learning.drift import Drift
from bot.learning.drift_watch import read_drift
from bot.readable import DELETED
from bot.records import Turn
from bot.services import Services
from bot.store.drift_days import DriftDay
from bot.store.tables import drift_days, messages, turns
from tests.conftest import over_both_databases
from tests.processes import at_once, say, turn_of

TRACK = {"ranking": [{"intent": "track_order", "confidence": 0.75}], "intent": "track_order"}
REFUSED = {**TRACK, "intent": "out_of_scope", "outcome": "misunderstood"}
NO_REQUEST = {"ranking": [], "intent": "nlu_fallback", "outcome": "misunderstood"}


async def logged(services: Services, days_ago: int, values: dict[str, Any]) -> Turn:
    """A message that the bot read so many days ago."""
    turn_id = turn_of(await say(services, "where is it"))
    at = now() - timedelta(days=days_ago)
    async with services.database.write() as uow:
        turn = await uow.turns.get(turn_id)
        assert turn is not None
        ended = replace(
            turn, **{"state": "done", "outcome": "answered", "finished_at": at, **values}
        )
        await uow.turns.finish(ended)
    async with services.database.writer.begin() as connection:
        await connection.execute(turns.update().where(turns.c.id == turn_id).values(created_at=at))
    return ended


async def kept(services: Services) -> list[DriftDay]:
    today = now().date()
    async with services.database.read() as uow:
        rows = await uow.drift_days.kept(since=today - timedelta(days=99), until=today)
    return sorted(rows, key=lambda one: (one.day, one.intent))


def ago(days: int) -> date:
    return now().date() - timedelta(days=days)


@over_both_databases
async def test_a_day_that_is_over_is_counted_once_also_by_two_processes(
    pair: tuple[Services, ...],
) -> None:
    one, other = pair
    assert await read_drift(one.database, days=28) is None
    for values in (TRACK, TRACK, REFUSED, NO_REQUEST):
        await logged(one, 4, values)
    for unread in ({"outcome": "observed"}, {"outcome": "resumed"}):
        await logged(one, 4, {**TRACK, **unread})
    taken_back, pressed = await logged(one, 4, TRACK), await logged(one, 4, TRACK)
    async with one.database.writer.begin() as connection:
        button = messages.update().where(messages.c.id == pressed.message_id)
        await connection.execute(button.values(payload="/track_order"))
    async with one.database.write() as uow:
        await uow.turns.blank(taken_back.message_id, text=DELETED)
    await logged(one, 2, TRACK)
    await logged(one, 0, REFUSED)

    for found in await at_once(
        read_drift(one.database, days=28), read_drift(other.database, days=28)
    ):
        assert isinstance(found, Drift)
        assert found.first == ago(4)
        assert [day.messages for day in found.days] == [4, 0, 1, 0, 1]
        assert [day.refused for day in found.days] == [0.5, None, 0, None, 1]
        assert found.days[0].confidence == 0.75
    figures = await kept(one)
    assert [(row.day, row.intent) for row in figures] == [
        (ago(4), ""),
        (ago(4), "track_order"),
        (ago(3), ""),
        (ago(2), ""),
        (ago(2), "track_order"),
        (ago(1), ""),
    ]
    assert figures[0] == DriftDay(ago(4), "", 1, 1, 0, 0)
    assert figures[1] == DriftDay(ago(4), "track_order", 3, 1, 2.25, 3 * 0.75**2)


@over_both_databases
async def test_a_day_whose_figures_are_deleted_is_counted_anew(
    pair: tuple[Services, ...],
) -> None:
    services, *_ = pair
    await logged(services, 3, TRACK)
    await read_drift(services.database, days=28)
    await logged(services, 3, TRACK)
    await read_drift(services.database, days=28)
    assert [row.messages for row in await kept(services) if row.intent] == [1]
    async with services.database.writer.begin() as connection:
        await connection.execute(drift_days.delete())
    await read_drift(services.database, days=28)
    assert [row.messages for row in await kept(services) if row.intent] == [2]
