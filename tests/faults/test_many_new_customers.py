"""Fault 3: five messages at once from each of two hundred new customers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa

from bot.services import Services
from bot.store.tables import conversations, customers, identities
from tests.client import Visitor, Warmline
from tests.conftest import over_both_databases
from tests.faults.books import all_taken, each_answered_once

CROWD = 200
ANSWERS = {
    "when are you open?": "Our shop",
    "are you a bot?": "I'm the shop's chat assistant",
    "what is your return policy?": "You can send anything back",
    "can I pay with paypal?": "We take Visa",
    "how long does delivery take?": "Standard delivery",
}


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is: here nobody is told to come again later."""
    monkeypatch.setattr("bot.store.postgresql.WAIT_FOR_CONNECTION_SECONDS", 60.0)


@over_both_databases
async def test_a_thousand_first_messages_at_once(warmline: Warmline, services: Services) -> None:
    crowd = await asyncio.gather(*(warmline.visitor() for _ in range(CROWD)))
    said = await asyncio.gather(*(visitor.say(text) for visitor in crowd for text in ANSWERS))
    await all_taken(services)
    for visitor, asked in zip(crowd, _by_five(said), strict=True):
        await _check(visitor, asked)
    await each_answered_once(services, [message["id"] for message in said])
    async with services.database.reader.connect() as connection:
        for table in (customers, identities, conversations):
            count = await connection.execute(sa.select(sa.func.count()).select_from(table))
            assert count.scalar_one() == CROWD


def _by_five(said: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [said[n : n + len(ANSWERS)] for n in range(0, len(said), len(ANSWERS))]


async def _check(visitor: Visitor, asked: list[dict[str, Any]]) -> None:
    """One conversation without gaps, answered in the order of its messages."""
    lines = (await visitor.look())["messages"]
    assert [line["seq"] for line in lines] == list(range(1, 2 * len(asked) + 1))
    questions = [line for line in lines if line["author"] == "customer"]
    answers = [line for line in lines if line["author"] == "bot"]
    assert {line["id"] for line in questions} == {message["id"] for message in asked}
    assert [line["in_reply_to"] for line in answers] == [line["id"] for line in questions]
    for question, answer in zip(questions, answers, strict=True):
        assert answer["text"].startswith(ANSWERS[question["text"]]), answer["text"]
