"""Labels of logged messages, over every database."""

from __future__ import annotations

from bot.clock import new_id, now
from bot.readable import DELETED
from bot.records import Label, Turn
from bot.services import Services
from tests.conftest import over_both_databases
from tests.processes import add_agent, say


def label(turn: Turn, user_id: str, intent: str | None, *, batch: str = "one") -> Label:
    return Label(
        id=new_id(),
        turn_id=turn.id,
        conversation_id=turn.conversation_id,
        customer_id=turn.customer_id,
        user_id=user_id,
        intent=intent,
        entities=[],
        batch=batch,
        created_at=now(),
        undone_at=None,
    )


async def logged_turn(services: Services) -> Turn:
    """A message that a customer wrote."""
    received = await say(services)
    async with services.database.read() as uow:
        turn = await uow.turns.get(received.turn_id or "")
    assert turn is not None
    return turn


async def accepted(services: Services) -> list[tuple[str, str]]:
    async with services.database.read() as uow:
        return [(one.turn_id, one.intent) for one in await uow.labels.accepted()]


@over_both_databases
async def test_the_newest_label_of_a_lead_counts_and_can_be_taken_back(
    pair: tuple[Services, ...],
) -> None:
    services, *_ = pair
    turn = await logged_turn(services)
    lena = (await add_agent(services, "Lena")).id
    async with services.database.write() as uow:
        await uow.labels.put([label(turn, lena, "track_order")])
    async with services.database.write() as uow:
        await uow.labels.put([label(turn, lena, "cancel_order", batch="two")])
    assert await accepted(services) == [(turn.id, "cancel_order")]
    async with services.database.write() as uow:
        assert await uow.labels.undo("one", by=lena, at=now()) == []
        assert await uow.labels.undo("two", by=lena, at=now()) == [turn.id]
    assert await accepted(services) == []


@over_both_databases
async def test_labels_that_disagree_teach_nothing(pair: tuple[Services, ...]) -> None:
    services, *_ = pair
    turn = await logged_turn(services)
    lena, max_ = (await add_agent(services, "Lena")).id, (await add_agent(services, "Max")).id
    for second, result in (
        ("track_order", [(turn.id, "track_order")]),
        ("cancel_order", []),
        (None, []),
    ):
        async with services.database.write() as uow:
            await uow.labels.put([label(turn, lena, "track_order"), label(turn, max_, second)])
            found = await uow.labels.of_turns([turn.id])
        assert [one.intent for one in found[turn.id]] == ["track_order", second]
        assert await accepted(services) == result


@over_both_databases
async def test_a_message_taken_back_is_not_learnt_from(pair: tuple[Services, ...]) -> None:
    services, *_ = pair
    turn = await logged_turn(services)
    lena = (await add_agent(services, "Lena")).id
    async with services.database.write() as uow:
        await uow.labels.put([label(turn, lena, "track_order")])
        await uow.turns.blank(turn.message_id, text=DELETED)
    assert await accepted(services) == []
    async with services.database.write() as uow:  # as an older version let one be given
        await uow.labels.put([label(turn, lena, "track_order")])
    assert await accepted(services) == []
