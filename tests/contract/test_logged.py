"""What a comparison reads from the database, over every one of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.clock import new_id, now
from bot.intake import receive
from bot.learning.dataset import Lesson, Lessons
from bot.learning.logged import Logged, logged_for
from bot.readable import DELETED
from bot.records import Outcome, Turn, WrapUp
from bot.services import Services
from tests.conftest import over_both_databases
from tests.contract.test_labels import logged_turn
from tests.processes import add_agent, message, turn_of

NOTHING = Lessons((), (), ())


async def finish(
    services: Services,
    turn: Turn,
    outcome: Outcome = "answered",
    reason: str | None = None,
    action: str = "action_x",
) -> Turn:
    ended = replace(
        turn,
        state="done",
        outcome=outcome,
        reason=reason,
        actions=[{"action": action, "error": None}],
        finished_at=now(),
    )
    async with services.database.write() as uow:
        await uow.turns.finish(ended)
    return ended


def lesson(turn: Turn, intent: str, *, text: str | None = None) -> Lesson:
    return Lesson(text or turn.text, intent, (turn.id,), "lena", now())


def shown(logged: Logged) -> list[tuple[str, str | None, str | None]]:
    return [(turn.id, turn.truth, turn.truth_from) for turn in logged.turns]


@over_both_databases
async def test_finished_turns_come_with_their_truth(pair: tuple[Services, ...]) -> None:
    services, *_ = pair
    assert await logged_for(services, NOTHING) == Logged()
    first, second, third = [await logged_turn(services) for _ in range(3)]
    assert (await logged_for(services, NOTHING)).turns == ()  # not taken yet
    await finish(services, first)
    handed_off = await finish(services, second, "handed_off", "low_confidence")
    await finish(services, third, "observed")
    lena = (await add_agent(services, "Lena")).id
    said = WrapUp(
        id=new_id(),
        conversation_id=handed_off.conversation_id,
        customer_id=handed_off.customer_id,
        agent_id=lena,
        outcome="solved",
        intent="get_refund",
        created_at=now(),
    )
    async with services.database.write() as uow:
        await uow.wrap_ups.add(said)
    labelled = Lessons((), (lesson(first, "track_order", text="is it lost"),), ())
    logged = await logged_for(services, labelled)
    assert shown(logged) == [
        (first.id, "track_order", "label"),
        (second.id, "get_refund", "wrap_up"),
        (third.id, None, None),
    ]
    assert [(one.text, one.intent) for one in logged.held_out] == [("is it lost", "track_order")]
    assert logged.turns[0].actions == ("action_x",)
    assert not any(turn.taught or turn.pressed for turn in logged.turns)


@over_both_databases
async def test_labelled_conversations_come_before_newer_ones(
    pair: tuple[Services, ...],
) -> None:
    services, *_ = pair
    old = await finish(services, await logged_turn(services))
    for _ in range(3):
        received = await receive(services, message("is it late", address="bob"))
        async with services.database.read() as uow:
            turn = await uow.turns.get(turn_of(received))
        assert turn is not None
        newest = await finish(services, turn)
    taught = Lessons((lesson(old, "track_order"),), (), ())
    logged = await logged_for(services, taught, most=2)
    assert shown(logged) == [(old.id, "track_order", "label"), (newest.id, None, None)]
    assert [turn.taught for turn in logged.turns] == [True, False]
    same_words = Lessons((lesson(old, "track_order", text="Is it late?"),), (), ())
    logged = await logged_for(services, same_words, most=2)
    assert [turn.taught for turn in logged.turns] == [True, True]


@over_both_databases
async def test_an_exported_label_judges_no_longer(
    pair: tuple[Services, ...], tmp_path: Path
) -> None:
    services, *_ = pair
    exported, kept = [await finish(services, await logged_turn(services)) for _ in range(2)]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "nlu.yml").write_text(
        "nlu:\n  - intent: track_order\n    examples: |\n"
        "      - Is order [10378](order_number) late\n"
    )
    own = replace(services, rules_file=tmp_path / "handoff.yml")
    held_out = (
        lesson(exported, "track_order", text="is order 10432 late?"),
        lesson(kept, "track_order", text="is it lost"),
    )
    logged = await logged_for(own, Lessons((), held_out, ()))
    assert [one.text for one in logged.held_out] == ["is it lost"]
    assert [(turn.id, turn.taught) for turn in logged.turns] == [
        (exported.id, True),
        (kept.id, False),
    ]


@over_both_databases
async def test_a_report_loses_the_words_that_a_customer_deletes(
    pair: tuple[Services, ...],
) -> None:
    services, *_ = pair
    kept, deleted = [await finish(services, await logged_turn(services)) for _ in range(2)]
    async with services.database.write() as uow:
        await uow.turns.blank(deleted.message_id, text=DELETED)
    async with services.database.read() as uow:
        assert await uow.past_turns.texts([kept.id, deleted.id]) == {kept.id: kept.text}
