"""What labels teach, and labels from a file, over every database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from bot.clock import new_id, now
from bot.errors import Conflict, InvalidInput
from bot.learning.dataset import read_lessons
from bot.learning.export import as_yaml
from bot.learning.importing import import_labels, lead_named
from bot.learning.label_files import Labelled, read_labelled
from bot.learning.lesson import Lesson, NewIntent
from bot.learning.lessons import CONTESTED, CONTRADICTED
from bot.new_intents import add_intent
from bot.readable import DELETED
from bot.records import Label, Outcome, Turn, User
from bot.review_follower import follow_once
from bot.services import Services
from tests.client import eventually
from tests.conftest import ROOT, over_both_databases
from tests.processes import add_agent, say, someone_waits_for_a_lock

pytestmark = over_both_databases


async def logged(services: Services, text: str) -> Turn:
    """A message that a customer wrote and that was answered."""
    received = await say(services, text)
    async with services.database.write() as uow:
        turn = await uow.turns.get(received.turn_id or "")
        assert turn is not None
    return turn


async def label(
    services: Services,
    turn: Turn,
    user: User,
    intent: str | None,
    batch: str = "b",
    entities: Sequence[dict[str, Any]] = (),
) -> None:
    made = Label(
        *(new_id(), turn.id, turn.conversation_id, turn.customer_id, user.id),
        intent=intent,
        entities=list(entities),
        batch=batch,
        created_at=now(),
        undone_at=None,
    )
    async with services.database.write() as uow:
        await uow.labels.put([made])


async def all_of(services: Services) -> dict[str, Lesson]:
    lessons = await read_lessons(services)
    return {one.intent: one for one in (*lessons.taught, *lessons.held_out)}


async def test_an_empty_database_teaches_nothing(pair: tuple[Services, ...]) -> None:
    lessons = await read_lessons(pair[0])
    assert (lessons.taught, lessons.held_out, lessons.left_out) == ((), (), ())


async def test_what_is_agreed_is_learnt_once_without_names(pair: tuple[Services, ...]) -> None:
    services, *_ = pair
    lena = await add_agent(services, "Lena")
    first = await logged(services, "hi Lena, where is order 10432?")
    again = await logged(services, "HI LENA where is order 10587")
    for turn in (first, again):
        await label(services, turn, lena, "track_order")
    lesson = (await all_of(services))["track_order"]
    assert lesson.turn_ids == (first.id, again.id)
    assert "Lena" not in lesson.text
    assert "10432" not in lesson.text
    assert [one.name for one in lesson.entities] == ["order_number"]
    assert lesson.user_id == lena.id
    assert (await all_of(services))["track_order"] == lesson


async def test_what_contradicts_itself_teaches_nothing_and_is_counted(
    pair: tuple[Services, ...],
) -> None:
    services, *_ = pair
    lena, max_ = await add_agent(services, "Lena"), await add_agent(services, "Max")
    disputed = await logged(services, "send it back")
    await label(services, disputed, lena, "return_item")
    await label(services, disputed, max_, None)
    one, other = await logged(services, "it is broken"), await logged(services, "It is broken!")
    await label(services, one, lena, "damaged_item")
    await label(services, other, lena, "complaint")
    lessons = await read_lessons(services)
    assert (lessons.taught, lessons.held_out) == ((), ())
    assert {each.reason: each.turn_ids for each in lessons.left_out} == {
        CONTESTED: (disputed.id,),
        CONTRADICTED: (one.id, other.id),
    }


async def test_a_deleted_message_teaches_nothing(pair: tuple[Services, ...]) -> None:
    services, *_ = pair
    lena = await add_agent(services, "Lena")
    turn = await logged(services, "where is it")
    await label(services, turn, lena, "track_order")
    async with services.database.write() as uow:
        await uow.turns.blank(turn.message_id, text="deleted")
    assert await all_of(services) == {}


async def test_an_intent_is_added_once(pair: tuple[Services, ...]) -> None:
    services, other = pair
    lena = await add_agent(services, "Lena")
    added = await add_intent(services, lena, "ask_repair", " We mend it. ", taken={"greet"})
    assert added.answer == "We mend it."
    with pytest.raises(Conflict):
        await add_intent(other, lena, "ask_repair", None, taken=set())
    with pytest.raises(Conflict):
        await add_intent(other, lena, "greet", None, taken={"greet"})
    for name in ("Ask repair", "1st", "a__b", "a_", "nlu_fallback", "x" * 61, "faq/x", ""):
        with pytest.raises(InvalidInput):
            await add_intent(services, lena, name, None, taken=set())
    for answer in ("Hello {name}", "x" * 2001):
        with pytest.raises(InvalidInput):
            await add_intent(services, lena, "fine", answer, taken=set())
    async with services.database.write() as uow:
        with pytest.raises(IntegrityError):
            await uow.new_intents.add(NewIntent("ask_repair", None, lena.id, now()))
    assert [one.name for one in (await read_lessons(services)).new_intents] == ["ask_repair"]


async def test_the_name_of_an_entity_writes_no_line_of_its_own(
    pair: tuple[Services, ...],
) -> None:
    services, *_ = pair
    lena = await add_agent(services, "Lena")
    turn = await logged(services, "is the blue tent back")
    place = {"start": 7, "end": 16}
    names = ("product)\n  - intent: mine\n    examples: |\n      - [x](y", "product")
    entities = [{**place, "entity": name} for name in names]
    await label(services, turn, lena, "track_order", entities=entities)
    lessons = await read_lessons(services)
    assert "      - is the [blue tent](product) back\n" in as_yaml(lessons)
    assert "mine" not in as_yaml(lessons)


async def test_a_file_labels_what_was_logged(pair: tuple[Services, ...], tmp_path: Path) -> None:
    services, *_ = pair
    database = services.database
    lead = User(new_id(), "lena@shop.test", "Lena", "lead", "", now())
    async with database.write() as uow:
        await uow.staff.add(lead)
    turn = await logged(services, "where is order 10432")
    await finish(services, turn)
    path = tmp_path / "labels.yml"
    path.write_text(
        "nlu:\n  - intent: track_order\n    examples: |\n"
        "      - [where](no_such_entity) is order [10432](order_number)\n      - never said\n"
        "  - intent: gone\n    examples: |\n      - bye\n"
    )
    given = read_labelled(path)
    done = await import_labels(database, ROOT, given, lead, source=path.name)
    assert (done.labelled, done.unmatched, done.unknown_intents) == (1, ("never said",), ("gone",))
    async with database.read() as uow:
        [made] = (await uow.labels.of_turns([turn.id]))[turn.id]
        assert await uow.labels.counts() == {"track_order": 1}
        assert [one.action for one in await uow.audit_log.page(before=None, limit=9)] == [
            "labels.imported"
        ]
    assert made.entities == [{"start": 15, "end": 20, "entity": "order_number", "value": "10432"}]
    again = await import_labels(database, ROOT, given, lead, source=path.name)
    assert (again.labelled, again.known) == (0, 1)
    assert await lead_named(database, None) == lead
    with pytest.raises(InvalidInput, match=r"lena@shop\.test"):
        await lead_named(database, "nobody@shop.test")


async def test_an_import_takes_messages_out_of_the_inbox_and_spares_what_is_taken_back(
    pair: tuple[Services, ...],
) -> None:
    services, other = pair
    lena = await add_agent(services, "Lena")
    kept, gone = await logged(services, "where is it"), await logged(services, "Where is it?")
    for turn in (kept, gone):
        await finish(services, turn, outcome="misunderstood")
    await follow_once(services)
    given: list[Labelled] = [("where is it", "track_order", ())]
    async with other.database.write() as uow:
        assert await uow.reviews.waiting() == 2
        await uow.turns.blank(gone.message_id, text=DELETED)
        importing = asyncio.create_task(
            import_labels(services.database, ROOT, given, lena, source="labels.csv")
        )
        await eventually(lambda: someone_waits_for_a_lock(services))
    assert (await importing).labelled == 1
    async with services.database.read() as uow:
        assert set(await uow.labels.of_turns([kept.id, gone.id])) == {kept.id}
        assert await uow.reviews.waiting() == 0


async def finish(services: Services, turn: Turn, outcome: Outcome = "answered") -> None:
    async with services.database.write() as uow:
        await uow.turns.finish(replace(turn, state="done", outcome=outcome, finished_at=now()))
