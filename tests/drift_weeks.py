"""Weeks of figures in which one request came to be asked in words that the bot does not know."""

from __future__ import annotations

from datetime import date, timedelta

from bot.clock import now
from bot.services import Services
from bot.store.drift_days import DriftDay
from bot.store.tables import turns
from tests.processes import say, turn_of

DAYS = 40


async def put_weeks(services: Services) -> None:
    """A log that began 40 days ago; for the last 7 a quarter of the orders are not understood."""
    turn_id = turn_of(await say(services, "where is my order"))
    began = {"state": "done", "outcome": "answered", "created_at": now() - timedelta(days=DAYS)}
    async with services.database.writer.begin() as connection:
        await connection.execute(turns.update().where(turns.c.id == turn_id).values(began))
    figures = []
    for ago in range(DAYS, 0, -1):
        day = now().date() - timedelta(days=ago)
        rest = ago % 3
        sure, refused = (0.72, 30 + rest) if ago <= 7 else (0.9, 6 + rest)
        figures += [
            DriftDay(day, "", 0, 0, 0.0, 0.0),
            _figures(day, "track_order", 120 + rest, refused, sure),
            _figures(day, "return_item", 80 - rest, 4 + rest, 0.9),
        ]
    async with services.database.write() as uow:
        await uow.drift_days.keep(figures)


def _figures(day: date, intent: str, messages: int, refused: int, sure: float) -> DriftDay:
    # As far from their mean as 0.1, either way.
    squares = messages * (sure**2 + 0.01)
    return DriftDay(day, intent, messages, refused, messages * sure, squares)
