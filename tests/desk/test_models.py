"""Models over HTTP: what a report shows, and two leads who decide at once."""

from __future__ import annotations

from bot.clock import now
from bot.learning.logged import LoggedTurn
from bot.learning.replay import replay
from bot.learning.replay_report import replay_report
from bot.readable import DELETED
from bot.records import Model
from bot.services import Services
from tests.client import Warmline
from tests.contract.test_labels import logged_turn
from tests.learning.test_replay import RULES, read_as


async def test_a_report_shows_no_word_that_its_customer_deleted(
    warmline: Warmline, services: Services
) -> None:
    turn = await logged_turn(services)
    asked = LoggedTurn(
        id=turn.id,
        conversation_id=turn.conversation_id,
        channel=turn.channel,
        text=turn.text,
        intent=None,
        outcome="answered",
        reason=None,
        actions=(),
        pressed=False,
    )
    found = replay([asked], read_as({turn.text: "refund"}), read_as({turn.text: "track"}), RULES)
    report = {"replay": replay_report(found)}
    assert turn.text not in str(report)
    async with services.database.write() as uow:
        await uow.models.add(Model("compared", "candidate", now(), report=report))
    lead = await warmline.staff("lead@demo.test")

    async def shown() -> list[str | None]:
        lists = (await lead.get("/models/compared"))["report"]["replay"]["lists"]
        return [one["text"] for each in lists.values() for one in each]

    assert await shown() == [turn.text]
    async with services.database.write() as uow:
        await uow.turns.blank(turn.message_id, text=DELETED)
    assert await shown() == [None]
