"""The review inbox and its labels, over every database."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.clock import new_id, now
from bot.errors import InvalidInput, NotFound
from bot.intake import receive
from bot.labelling import label_turns, undo
from bot.readable import DELETED
from bot.records import HandoffState, Outcome, Turn, WrapUp
from bot.review_follower import follow_once
from bot.services import Services
from bot.store.reviews import Group
from tests.client import eventually
from tests.conftest import over_both_databases
from tests.processes import (
    EchoAssistant,
    add_agent,
    at_once,
    hand_off,
    message,
    processes,
    say,
    someone_waits_for_a_lock,
)

pytestmark = over_both_databases


@pytest.fixture
async def pair(database_url: str):  # type: ignore[no-untyped-def]
    known = frozenset({"track_order", "cancel_order"})
    models = [EchoAssistant(intents=known, entities=frozenset({"colour"})) for _ in range(2)]
    async with processes(database_url, *models) as started:
        yield started


async def finished(
    services: Services,
    text: str,
    *,
    outcome: Outcome = "misunderstood",
    intent: str | None = None,
    address: str = "ada",
) -> Turn:
    """A turn that was taken, as the log has it."""
    received = await receive(services, message(text, address=address))
    async with services.database.write() as uow:
        turn = await uow.turns.get(received.turn_id or "")
        assert turn is not None
        ended = replace(
            turn,
            state="done",
            outcome=outcome,
            intent=intent,
            confidence=0.97 if intent else None,
            finished_at=now(),
        )
        await uow.turns.finish(ended)
    return ended


async def inbox(services: Services) -> list[Group]:
    async with services.database.read() as uow:
        return await uow.reviews.groups(limit=10)


async def test_the_same_words_are_one_group_and_leave_together(pair: tuple[Services, ...]) -> None:
    services, other = pair
    first = await finished(services, "Where is order 10432?")
    second = await finished(services, "where is order 999", address="ben")
    rare = await finished(services, "Blue elephants", address="cy")
    # Two processes that follow at once count nothing twice.
    await at_once(follow_once(services), follow_once(other))
    await follow_once(services)
    groups = await inbox(services)
    assert [(one.waiting, one.turn_ids) for one in groups] == [
        (2, [second.id, first.id]),
        (1, [rare.id]),
    ]
    lena = await add_agent(services, "Lena")
    batch = await label_turns(services, lena, groups[0].turn_ids, "track_order")
    assert [one.turn_ids for one in await inbox(services)] == [[rare.id]]
    assert sorted(await undo(services, lena, batch)) == sorted(groups[0].turn_ids)
    assert await inbox(services) == groups


async def test_labels_at_once_are_counted_once(pair: tuple[Services, ...]) -> None:
    services, other = pair
    turn = await finished(services, "Blue elephants")
    await follow_once(services)
    lena, max_ = await add_agent(services, "Lena"), await add_agent(services, "Max")
    batches = await at_once(
        *(label_turns(services, lena, [turn.id], "track_order") for _ in range(3)),
        label_turns(other, max_, [turn.id], "cancel_order"),
    )
    assert all(isinstance(batch, str) for batch in batches)
    async with services.database.read() as uow:
        assert await uow.reviews.waiting() == 0
        assert len((await uow.labels.of_turns([turn.id]))[turn.id]) == 2
        ((turn_id, one, another),) = await uow.reviews.pairs()
    assert (turn_id, {one, another}) == (turn.id, {"track_order", "cancel_order"})
    await undo(other, max_, str(batches[-1]))
    assert await inbox(services) == []  # Lena's still stands


async def test_leads_who_settled_it_still_disagreed_at_first(pair: tuple[Services, ...]) -> None:
    services, _ = pair
    lena, max_ = await add_agent(services, "Lena"), await add_agent(services, "Max")
    turn = await finished(services, "Blue elephants")
    slip = await label_turns(services, max_, [turn.id], "out_of_scope")
    await undo(services, max_, slip)
    for lead, intent in ((lena, "track_order"), (max_, "cancel_order"), (max_, "track_order")):
        await label_turns(services, lead, [turn.id], intent)
    async with services.database.read() as uow:
        assert await uow.reviews.first_pairs() == [("track_order", "cancel_order")]
        assert await uow.reviews.pairs() == [(turn.id, "track_order", "track_order")]


async def test_what_cannot_be_labelled_names_the_field(pair: tuple[Services, ...]) -> None:
    services, _ = pair
    lena = await add_agent(services, "Lena")
    turn = await finished(services, "Blue elephants")
    pending = await say(services)
    span = {"start": 5, "end": 99, "entity": "colour"}
    unknown = {"start": 0, "end": 4, "entity": "colour)\n  - intent: mine"}
    for turn_ids, intent, entities, field in (
        ([], "track_order", [], "turn_ids"),
        ([str(number) for number in range(201)], "track_order", [], "turn_ids"),
        ([turn.id], "juggle", [], "intent"),
        ([turn.id], "track_order", [span], "entities"),
        ([turn.id], "track_order", [unknown], "entities"),
        ([turn.id, "x"], "track_order", [span], "entities"),
    ):
        with pytest.raises(InvalidInput) as refused:
            await label_turns(services, lena, turn_ids, intent, entities)
        assert refused.value.detail == {"field": field}
    for missing in ("nobody", pending.turn_id or ""):
        with pytest.raises(NotFound):
            await label_turns(services, lena, [missing], None)
    async with services.database.read() as uow:
        assert await uow.labels.of_turns([turn.id]) == {}
    blue = {"start": 0, "end": 4, "entity": "colour"}
    await label_turns(services, lena, [turn.id], "track_order", [blue])
    async with services.database.read() as uow:
        [made] = (await uow.labels.of_turns([turn.id]))[turn.id]
    assert made.entities == [{**blue, "value": "Blue"}]


async def test_a_label_given_before_the_inbox_saw_the_turn_keeps_it_out(
    pair: tuple[Services, ...],
) -> None:
    services, _ = pair
    turn = await finished(services, "Blue elephants")
    await label_turns(services, await add_agent(services, "Lena"), [turn.id], "out_of_scope")
    await follow_once(services)
    assert await inbox(services) == []


async def test_a_deleted_message_leaves_the_inbox(pair: tuple[Services, ...]) -> None:
    services, _ = pair
    turn = await finished(services, "Blue elephants")
    unseen = await finished(services, "Green ones", address="ben")
    async with services.database.write() as uow:
        await uow.turns.blank(unseen.message_id, text=DELETED)
    await follow_once(services)
    assert [one.turn_ids for one in await inbox(services)] == [[turn.id]]
    async with services.database.write() as uow:
        await uow.turns.blank(turn.message_id, text=DELETED)
    assert await inbox(services) == []
    async with services.database.read() as uow:
        assert await uow.reviews.waiting() == 0


async def test_what_a_deleted_message_meant_is_not_kept(pair: tuple[Services, ...]) -> None:
    services, _ = pair
    deleted = await finished(services, "Blue elephants")
    kept = await finished(services, "blue elephants", address="ben")
    await follow_once(services)
    async with services.database.write() as uow:
        assert len(await uow.reviews.meanings(limit=9)) == 1
        await uow.turns.blank(deleted.message_id, text=DELETED)
    assert [one.turn_ids for one in await inbox(services)] == [[kept.id]]
    async with services.database.read() as uow:
        assert await uow.reviews.meanings(limit=9) == {}


async def test_a_deleted_message_takes_no_label(pair: tuple[Services, ...]) -> None:
    services, _ = pair
    lena = await add_agent(services, "Lena")
    kept, deleted = await finished(services, "Blue elephants"), await finished(services, "Green")
    async with services.database.write() as uow:
        await uow.turns.blank(deleted.message_id, text=DELETED)
    with pytest.raises(NotFound):
        await label_turns(services, lena, [kept.id, deleted.id], "track_order")
    async with services.database.read() as uow:
        assert await uow.labels.of_turns([kept.id, deleted.id]) == {}


async def test_an_agents_word_is_heard_without_crossing_whoever_labels(
    pair: tuple[Services, ...],
) -> None:
    services, other = pair
    lena = await add_agent(services, "Lena")
    asked = await finished(services, "where is it", outcome="handed_off", intent="track_order")
    await follow_once(services)
    assert await inbox(services) == []
    handoff = await hand_off(services)
    card = {**handoff.card, "wants": {"message_id": asked.message_id}}
    said = WrapUp(
        new_id(), asked.conversation_id, asked.customer_id, lena.id, "solved", "cancel_order", now()
    )
    async with services.database.write() as uow:
        await uow.handoffs.set_card(replace(handoff, card=card))
        await uow.handoffs.update(replace(handoff, state=HandoffState.RESOLVED, closed_at=now()))
        await uow.wrap_ups.add(said)
    later = await finished(services, "Blue elephants")
    async with services.database.write() as uow:
        await uow.reviews.lock([asked.id])
        following = asyncio.create_task(follow_once(other))
        await eventually(lambda: someone_waits_for_a_lock(services))
        await uow.reviews.lock([later.id])
    assert await following == 1
    assert [(one.turn_ids, one.said) for one in await inbox(services)] == [
        ([asked.id], "cancel_order"),
        ([later.id], None),
    ]


async def test_an_answer_that_is_denied_comes_up_and_one_that_is_thanked_for_does_not(
    pair: tuple[Services, ...],
) -> None:
    services, _ = pair
    denied = await finished(services, "where is it", outcome="answered", intent="track_order")
    await follow_once(services)
    assert await inbox(services) == []
    await finished(services, "no, cancel it", outcome="answered", intent="deny")
    for text, intent in (("where is it", "track_order"), ("thanks", "thank")):
        await finished(services, text, outcome="answered", intent=intent, address="ben")
    await follow_once(services)
    assert [one.turn_ids for one in await inbox(services)] == [[denied.id]]
    async with services.database.read() as uow:
        assert (await uow.reviews.turns([denied.id]))[denied.id][1] == "corrected"
