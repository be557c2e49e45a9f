"""The survey after a chat: who is asked, what is an answer, and what is counted, over every
database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.agent_message import send_as_agent
from bot.clock import now
from bot.conversation import State
from bot.errors import Conflict, NotFound
from bot.handoff import claim, resolve
from bot.intake import receive
from bot.rating import payload_of
from bot.records import Message, Survey, User, WrapUpOutcome
from bot.services import Services
from bot.store.surveys import SurveyFilter
from bot.survey import PRESSED_WITHIN, TYPED_WITHIN
from bot.survey_panel import PanelAnswer, answer_in_panel, open_panel
from tests.client import eventually
from tests.conftest import over_both_databases
from tests.processes import (
    EchoAssistant,
    add_agent,
    hand_off,
    message,
    processes,
    read_conversation,
    someone_waits_for_a_lock,
)

pytestmark = over_both_databases
ASKED, EASY, THANKS = "utter_survey_csat", "utter_survey_effort", "utter_survey_thanks"
DAY = timedelta(days=1)


@pytest.fixture
async def services(database_url: str, tmp_path: Path) -> AsyncIterator[Services]:
    rules_file = tmp_path / "handoff.yml"
    rules_file.write_text("survey: {channels: [telegram, web]}\n")
    async with processes(database_url, EchoAssistant()) as (started,):
        yield replace(started, rules_file=rules_file)


@pytest.fixture
async def nora(services: Services) -> User:
    return await add_agent(services, "Nora")


async def served(
    services: Services,
    nora: User,
    address: str = "ada",
    *,
    channel: str = "telegram",
    outcome: WrapUpOutcome = "solved",
    replies: bool = True,
) -> str:
    """A conversation on this channel that Nora answered and resolved."""
    handoff = await hand_off(services, address, channel=channel)
    conversation_id = handoff.conversation_id
    await claim(services, conversation_id, nora)
    if replies:
        await send_as_agent(services, conversation_id, nora, "Here I am", client_id=None)
    await resolve(services, conversation_id, nora, outcome=outcome)
    return conversation_id


async def survey_of(services: Services, conversation_id: str) -> Survey | None:
    async with services.database.read() as uow:
        return await uow.surveys.latest(conversation_id)


async def asked(services: Services, conversation_id: str) -> Survey:
    survey = await survey_of(services, conversation_id)
    assert survey is not None
    return survey


async def questions(services: Services, conversation_id: str) -> list[Message]:
    """The survey's own lines."""
    _, lines = await read_conversation(services, conversation_id)
    return [line for line in lines if str(line.data.get("event")).startswith("survey_")]


async def state_of(services: Services, conversation_id: str) -> State:
    conversation, _ = await read_conversation(services, conversation_id)
    return conversation.state


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """From here on messages and answers come so much later."""
    for module in ("bot.intake", "bot.survey_panel"):
        monkeypatch.setattr(f"{module}.now", lambda: now() + by)


async def test_it_is_asked_and_answered_in_two_questions_and_opens_nothing(
    services: Services, nora: User
) -> None:
    conversation_id = await served(services, nora)
    survey = await asked(services, conversation_id)
    (first,) = await questions(services, conversation_id)
    assert first.text == ASKED
    very_good = payload_of(survey.id, "csat", "5")
    assert very_good in [button["payload"] for button in first.buttons]

    pressed = message("Very good", channel="telegram", payload=very_good)
    received = await receive(services, pressed)
    assert received.turn_id is None
    assert (await receive(services, pressed)).duplicate
    assert [line.text for line in await questions(services, conversation_id)] == [ASKED, EASY]
    await receive(services, message("four!", channel="telegram"))
    texts = [line.text for line in await questions(services, conversation_id)]
    assert texts == [ASKED, EASY, THANKS]

    answered = await asked(services, conversation_id)
    assert (answered.csat, answered.effort) == (5, 4)
    assert answered.closed_at is not None
    assert await state_of(services, conversation_id) is State.RESOLVED
    async with services.database.read() as uow:
        assert len(await uow.outbox.deliveries(conversation_id)) >= 3


async def test_who_is_not_asked(services: Services, nora: User) -> None:
    elsewhere = await served(services, nora, "bob", channel="rest")
    spam = await served(services, nora, "cy", outcome="spam")
    silent = await served(services, nora, "dee", replies=False)
    async with services.database.write() as uow:
        await uow.opt_outs.add("telegram", "eve", at=now())
    opted_out = await served(services, nora, "eve")
    closed = replace(services, windows={"telegram": timedelta(0)})
    too_late = await served(closed, nora, "fay")
    for conversation_id in (elsewhere, spam, silent, opted_out, too_late):
        assert await survey_of(services, conversation_id) is None
        assert await questions(services, conversation_id) == []
    inside = replace(services, windows={"telegram": 7 * DAY})
    assert await survey_of(services, await served(inside, nora, "gil")) is not None


async def test_a_message_is_no_answer_and_ends_the_waiting_for_one(
    services: Services, nora: User
) -> None:
    conversation_id = await served(services, nora)
    received = await receive(services, message("4 of them arrived", channel="telegram"))
    assert received.turn_id is not None
    assert await state_of(services, conversation_id) is State.BOT
    later = await receive(services, message("4", channel="telegram"))
    assert later.turn_id is not None
    assert (await asked(services, conversation_id)).csat is None
    # Its button still says what it answers.
    survey = await asked(services, conversation_id)
    payload = payload_of(survey.id, "csat", "2")
    pressed = await receive(services, message("2", channel="telegram", payload=payload))
    assert pressed.turn_id is None
    assert (await asked(services, conversation_id)).csat == 2
    assert await state_of(services, conversation_id) is State.BOT
    assert [line.text for line in await questions(services, conversation_id)] == [ASKED]


async def test_a_number_counts_for_a_day_and_a_press_for_a_week(
    services: Services, nora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation_id = await served(services, nora)
    survey = await asked(services, conversation_id)
    later(monkeypatch, PRESSED_WITHIN - TYPED_WITHIN)
    payload = payload_of(survey.id, "csat", "4")
    await receive(services, message("4", channel="telegram", payload=payload))
    assert (await asked(services, conversation_id)).csat == 4
    late = payload_of(survey.id, "csat", "1")
    later(monkeypatch, PRESSED_WITHIN)
    received = await receive(services, message("1", channel="telegram", payload=late))
    assert received.turn_id is None
    assert (await asked(services, conversation_id)).csat == 4
    assert await state_of(services, conversation_id) is State.RESOLVED
    assert (await receive(services, message("4", channel="telegram"))).turn_id is not None


async def test_two_presses_at_once_are_both_kept(services: Services, nora: User) -> None:
    conversation_id = await served(services, nora)
    survey = await asked(services, conversation_id)
    easy = payload_of(survey.id, "effort", "4")
    async with services.database.write() as uow:
        conversation = await uow.conversations.lock(conversation_id)
        assert conversation is not None
        pressing = asyncio.create_task(
            receive(services, message("4", channel="telegram", payload=easy))
        )
        await eventually(lambda: someone_waits_for_a_lock(services))
        await uow.surveys.update(replace(survey, csat=5, answered_at=now()))
    await pressing
    answered = await asked(services, conversation_id)
    assert (answered.csat, answered.effort) == (5, 4)


async def test_under_a_panel_and_after_both_a_number_is_a_message(
    services: Services, nora: User
) -> None:
    for address, channel in (("ada", "web"), ("bob", "telegram")):
        conversation_id = await served(services, nora, address, channel=channel)
        survey = await asked(services, conversation_id)
        both = PanelAnswer(csat=5, effort=5)
        await answer_in_panel(services, conversation_id, survey.id, both)
        received = await receive(services, message("2", address, channel=channel))
        assert received.turn_id is not None
        answered = await asked(services, conversation_id)
        assert (answered.csat, answered.effort) == (5, 5)


async def test_nobody_answers_for_another(services: Services, nora: User) -> None:
    adas = await served(services, nora)
    await receive(services, message("hi", "bob", channel="telegram"))
    survey = await asked(services, adas)
    stolen = payload_of(survey.id, "csat", "1")
    await receive(services, message("1", "bob", channel="telegram", payload=stolen))
    await receive(services, message("1", channel="rest"))  # Ada, but not where she was asked
    assert (await asked(services, adas)).csat is None


async def test_the_widgets_panel_takes_both_and_a_comment_without_secrets(
    services: Services, nora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation_id = await served(services, nora, channel="web")
    assert await questions(services, conversation_id) == []
    conversation, _ = await read_conversation(services, conversation_id)
    async with services.database.read() as uow:
        survey = await open_panel(uow, conversation, at=now())
    assert survey is not None
    for answer in (
        PanelAnswer(csat=3),
        PanelAnswer(csat=4),
        PanelAnswer(effort=2, comment="my password is hunter2", done=True),
    ):
        await answer_in_panel(services, conversation_id, survey.id, answer)
    answered = await asked(services, conversation_id)
    assert (answered.csat, answered.effort) == (4, 2)
    assert answered.comment == "my password is [password removed]"
    async with services.database.read() as uow:
        assert await open_panel(uow, conversation, at=now()) is None
    others = await served(services, nora, "bob", channel="web")
    with pytest.raises(NotFound):
        await answer_in_panel(services, others, survey.id, PanelAnswer(csat=1))
    later(monkeypatch, PRESSED_WITHIN)
    with pytest.raises(Conflict):
        await answer_in_panel(services, conversation_id, survey.id, PanelAnswer(csat=1))


async def test_figures_and_pages(services: Services, nora: User) -> None:
    ratings: dict[str, tuple[int | None, int | None]] = {
        "ada": (5, 4),
        "bob": (2, None),
        "cy": (4, 1),
        "dee": (None, None),
    }
    for address, (csat, effort) in ratings.items():
        channel = "web" if address == "cy" else "telegram"
        conversation_id = await served(services, nora, address, channel=channel)
        survey = await asked(services, conversation_id)
        answer = PanelAnswer(csat=csat, effort=effort)
        if csat is not None:
            await answer_in_panel(services, conversation_id, survey.id, answer)
    today = now().date()
    async with services.database.read() as uow:
        total = await uow.surveys.total(SurveyFilter(since=today - DAY, until=today))
        assert (total.asked, total.answered, total.csat, total.effort) == (4, 3, 11 / 3, 2.5)
        assert total.satisfied == pytest.approx(2 / 3)
        channels = await uow.surveys.figures(SurveyFilter(), by="channel")
        assert [(each.of, each.asked, each.csat) for each in channels] == [
            ("telegram", 3, 3.5),
            ("web", 1, 4.0),
        ]
        (day,) = await uow.surveys.figures(SurveyFilter(agent_id=nora.id), by="day")
        assert (day.of, day.asked) == (today, 4)
        nobody = await uow.surveys.total(SurveyFilter(until=today - DAY))
        assert (nobody.asked, nobody.csat, nobody.satisfied) == (0, None, None)
        first = await uow.surveys.page(SurveyFilter(), before=None, limit=3)
        last = first[-1]
        rest = await uow.surveys.page(SurveyFilter(), before=(last.asked_at, last.id), limit=3)
        assert [each.address for each in (*first, *rest)] == ["dee", "cy", "bob", "ada"]
        unanswered = await uow.surveys.page(SurveyFilter(answered=False), before=None, limit=9)
        assert [each.address for each in unanswered] == ["dee"]
