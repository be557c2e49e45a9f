"""Giving up in a test, without the failures it takes in life."""

from __future__ import annotations

import sqlalchemy as sa

from bot.services import Services
from bot.store.tables import outbox, turns


async def give_up_turn(services: Services, turn_id: str, **values: object) -> None:
    """Leave the turn as one that the bot has failed at five times."""
    given_up = {"state": "dead", "attempts": 5, "error": "ValueError", **values}
    await _change(services, turns.update().where(turns.c.id == turn_id).values(given_up))


async def give_up_delivery(services: Services, message_id: str, **values: object) -> str:
    """Leave the message as one that could not be sent; the id of its outbox item."""
    given_up = {"state": "dead", "attempts": 12, "error": "TimeoutError", **values}
    of_message = outbox.c.message_id == message_id
    await _change(services, outbox.update().where(of_message).values(given_up))
    async with services.database.reader.connect() as connection:
        return str(await connection.scalar(sa.select(outbox.c.id).where(of_message)))


async def _change(services: Services, change: sa.Update) -> None:
    async with services.database.writer.begin() as connection:
        assert (await connection.execute(change)).rowcount == 1
