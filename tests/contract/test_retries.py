"""A turn that fails is tried again, then handed to a person; nothing in it is done twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from rasa_sdk.interfaces import Tracker

from actions.effects import once
from bot.assistant.acting import Acting, begin, hear
from bot.assistant.reply import (
    ActionRun,
    AssistantReply,
    CustomerMessage,
    HandoffRequest,
    Memory,
    ReplyMessage,
    Understanding,
)
from bot.conversation import State
from bot.intake import Received, receive
from bot.ledger import Ledger
from bot.records import Effect, Turn
from bot.retry import MOST_ATTEMPTS, SUSPECT_DEATHS
from bot.services import Services
from bot.store.effects import Effects
from bot.store.schema import upgrade
from bot.turn import APOLOGY, take_turns
from bot.worker import Worker
from tests.client import eventually
from tests.conftest import over_both_databases
from tests.processes import (
    EchoAssistant,
    message,
    processes,
    read_conversation,
    say,
    to_queue,
    turn_of,
)

pytestmark = over_both_databases

READ = Understanding("refund", 0.9, [{"intent": "refund", "confidence": 0.9}], [])


class Died(BaseException):
    """As if the process had been killed at this point: nothing in it gets to clean up."""


@dataclass
class Bank:
    """The shop's system: counts refunds, and refuses to make one twice under one key."""

    made: dict[str, int] = field(default_factory=dict)
    dies: str = ""

    @property
    def refunds(self) -> int:
        return sum(self.made.values())

    async def refund(self, key: str) -> dict[str, str]:
        if self.dies == "before":
            raise Died
        self.made[key] = self.made.get(key, 0) + 1
        if self.dies == "after":
            raise Died
        return {"receipt": f"R{self.refunds}"}

    async def look(self, key: str) -> dict[str, str] | None:
        return {"receipt": "found"} if key in self.made else None


@dataclass
class RefundAssistant(EchoAssistant):
    """Makes the refunds it is told to make, as actions in this process do."""

    bank: Bank = field(default_factory=Bank)
    times: int = 1
    way: dict[str, Any] = field(default_factory=dict)
    fails: int = 0
    dies_at_the_end: bool = False
    parsed: list[dict[str, Any] | None] = field(default_factory=list)
    change: Callable[..., Awaitable[Any]] = once

    async def reply(
        self,
        conversation_id: str,
        message: CustomerMessage,
        memory: Memory,
        ledger: Ledger | None = None,
    ) -> AssistantReply:
        self.parsed.append(message.parsed)
        acting = Acting(message.id, ledger)
        begin(acting)
        hear({"intent": {"name": "refund"}}, READ)
        tracker = Tracker(conversation_id, {}, {}, [], False, None, {}, None)
        results = []
        try:
            for _ in range(self.times):
                arguments = {"order": "10432", "pence": 500}
                made = await self.change(tracker, "refund", arguments, self.bank.refund, **self.way)
                results.append(made)
            if self.fails:
                self.fails -= 1
                raise ConnectionError
        except Exception as error:
            # What Rasa's action endpoint does with an action that raises.
            kind = type(error).__name__
            return AssistantReply(
                (), [], READ, HandoffRequest("action_failed", kind), (ActionRun("refund", kind),)
            )
        if self.dies_at_the_end:
            raise Died
        said = " and ".join(result["receipt"] for result in results)
        return AssistantReply((ReplyMessage(said),), [], READ, None, (ActionRun("refund"),))


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.retry.WAITS_SECONDS", (0.0,) * (MOST_ATTEMPTS - 1))


@pytest.fixture
def assistant() -> RefundAssistant:
    return RefundAssistant()


@pytest.fixture
async def services(database_url: str, assistant: RefundAssistant) -> AsyncIterator[Services]:
    async with processes(database_url, assistant) as (started,):
        await upgrade(started.database)
        yield started


async def taken(services: Services, said: Received) -> Turn:
    """The turn, taken as often as it asks for."""
    for _ in range(MOST_ATTEMPTS + 1):
        await take_turns(services, said.message.conversation_id)
    return await read_turn(services, said)


async def read_turn(services: Services, said: Received) -> Turn:
    async with services.database.read() as uow:
        found = await uow.turns.get(turn_of(said))
    assert found is not None
    return found


async def effects_of(services: Services, said: Received) -> list[Effect]:
    async with services.database.read() as uow:
        return await uow.effects.recent(said.message.conversation_id, limit=9)


async def bot_lines(services: Services, said: Received) -> list[str]:
    _, lines = await read_conversation(services, said.message.conversation_id)
    return [line.text for line in lines if line.author == "bot"]


async def killed(services: Services, said: Received) -> None:
    """Take the turn in a process that dies in it. Here it still gives its lease back, as if that
    had run out meanwhile."""
    with pytest.raises(Died):
        await take_turns(services, said.message.conversation_id)


async def test_a_failure_that_passes_is_answered_and_not_repeated(
    services: Services, assistant: RefundAssistant
) -> None:
    assistant.fails = MOST_ATTEMPTS - 1
    said = await say(services, "refund me")
    turn = await taken(services, said)
    assert (turn.state, turn.outcome, turn.attempts) == ("done", "answered", MOST_ATTEMPTS)
    assert await bot_lines(services, said) == ["R1"]
    assert assistant.bank.refunds == 1


async def test_a_failure_that_stays_is_handed_to_a_person(
    services: Services, assistant: RefundAssistant
) -> None:
    assistant.fails = 99
    said = await say(services, "refund me")
    turn = await taken(services, said)
    assert (turn.state, turn.outcome, turn.reason) == ("done", "handed_off", "action_failed")
    assert turn.attempts == MOST_ATTEMPTS
    conversation, _ = await read_conversation(services, said.message.conversation_id)
    assert conversation.state is State.WAITING
    assert assistant.bank.refunds == 1


async def test_the_next_try_waits_and_so_does_what_comes_after(
    services: Services, assistant: RefundAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.retry.WAITS_SECONDS", (0.6,) * (MOST_ATTEMPTS - 1))
    assistant.fails = 1
    first = await say(services, "refund me")
    await take_turns(services, first.message.conversation_id)
    second = await say(services, "and then?")
    await take_turns(services, first.message.conversation_id)
    assert len(assistant.parsed) == 1
    postponed = await read_turn(services, first)
    assert (postponed.state, postponed.error) == ("pending", "action_failed")
    assert postponed.next_attempt_at is not None
    assert postponed.next_attempt_at > postponed.created_at
    worker = Worker(services)
    worker.start()  # its sweep finds both when their time has come
    try:
        await eventually(lambda: ended(services, second))
    finally:
        await worker.stop()
    assert await bot_lines(services, first) == ["R1", "R2"]


async def ended(services: Services, said: Received) -> bool | None:
    return (await read_turn(services, said)).state == "done" or None


async def test_the_next_try_acts_on_what_the_first_understood(
    services: Services, assistant: RefundAssistant
) -> None:
    assistant.fails = 1
    said = await say(services, "refund me")
    await take_turns(services, said.message.conversation_id)
    saved = await read_turn(services, said)
    assert (saved.state, saved.intent, saved.confidence) == ("pending", "refund", 0.9)
    await take_turns(services, said.message.conversation_id)
    assert assistant.parsed == [None, {"intent": {"name": "refund"}}]
    assert (await read_turn(services, said)).parsed is None


async def test_a_reading_whose_saving_failed_is_saved_with_the_next_change(
    services: Services, assistant: RefundAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Effects.add

    async def failing(effects: Effects, effect: Effect) -> None:
        monkeypatch.setattr(Effects, "add", real)
        raise LookupError

    async def twice(*given: Any, **way: Any) -> Any:
        with pytest.raises(LookupError):
            await once(*given, **way)
        return await once(*given, **way)

    monkeypatch.setattr(Effects, "add", failing)
    monkeypatch.setattr(assistant, "change", twice)
    assistant.fails = 1
    said = await say(services, "refund me")
    await take_turns(services, said.message.conversation_id)
    assert (await read_turn(services, said)).intent == "refund"


async def test_where_nothing_was_to_be_changed_the_next_try_reads_anew(
    services: Services, assistant: RefundAssistant
) -> None:
    assistant.fails, assistant.times = 1, 0
    said = await say(services, "refund me")
    await take_turns(services, said.message.conversation_id)
    assert (await read_turn(services, said)).intent is None
    await take_turns(services, said.message.conversation_id)
    assert assistant.parsed == [None, None]


async def test_another_model_reads_for_itself(
    services: Services, assistant: RefundAssistant
) -> None:
    assistant.fails = 1
    said = await say(services, "refund me")
    await take_turns(services, said.message.conversation_id)
    assistant.model = "another"
    await take_turns(services, said.message.conversation_id)
    assert assistant.parsed == [None, None]


async def test_two_refunds_in_one_message_are_two_and_stay_two(
    services: Services, assistant: RefundAssistant
) -> None:
    assistant.times, assistant.fails = 2, 2
    said = await say(services, "refund me twice")
    turn = await taken(services, said)
    assert turn.outcome == "answered"
    assert await bot_lines(services, said) == ["R1 and R2"]
    assert list(assistant.bank.made.values()) == [1, 1]
    found = await effects_of(services, said)
    assert sorted((one.ordinal, one.state) for one in found) == [(1, "done"), (2, "done")]


async def test_the_same_refund_in_the_next_message_is_another(
    services: Services, assistant: RefundAssistant
) -> None:
    for text in ("refund me", "refund me"):
        await taken(services, await say(services, text))
    assert assistant.bank.refunds == 2


@pytest.mark.parametrize("dies", ["before", "after"])
@pytest.mark.parametrize("way", ["repeatable", "look"])
async def test_killed_while_the_shop_makes_it_a_refund_is_made_once(
    services: Services, assistant: RefundAssistant, dies: str, way: str
) -> None:
    bank = assistant.bank
    assistant.way = {"repeatable": True} if way == "repeatable" else {"look": bank.look}
    if way == "repeatable":
        assistant.bank = bank = KeyedBank()
    bank.dies = dies
    said = await say(services, "refund me")
    await killed(services, said)
    (intended,) = await effects_of(services, said)
    assert (intended.state, intended.finished_at) == ("intended", None)
    bank.dies = ""
    turn = await taken(services, said)
    assert (turn.outcome, bank.refunds) == ("answered", 1)
    (made,) = await effects_of(services, said)
    assert (made.key, made.state) == (intended.key, "done")


class KeyedBank(Bank):
    """Makes nothing twice under one key, as payment providers do."""

    async def refund(self, key: str) -> dict[str, str]:
        return {"receipt": "same"} if key in self.made else await super().refund(key)


@pytest.mark.parametrize("dies", ["before", "after"])
async def test_where_nobody_can_tell_it_is_not_made_again_and_a_person_looks(
    services: Services, assistant: RefundAssistant, dies: str
) -> None:
    assistant.bank.dies = dies
    said = await say(services, "refund me")
    await killed(services, said)
    assistant.bank.dies = ""
    turn = await taken(services, said)
    assert (turn.outcome, turn.reason) == ("handed_off", "action_failed")
    assert assistant.bank.refunds == (1 if dies == "after" else 0)
    (unknown,) = await effects_of(services, said)
    assert unknown.state == "intended"


async def test_killed_before_the_commit_the_refund_is_replayed(
    services: Services, assistant: RefundAssistant
) -> None:
    assistant.dies_at_the_end = True
    said = await say(services, "refund me")
    await killed(services, said)
    assistant.dies_at_the_end = False
    turn = await taken(services, said)
    assert (turn.outcome, assistant.bank.refunds) == ("answered", 1)
    assert await bot_lines(services, said) == ["R1"]


async def test_a_message_that_kills_every_process_becomes_a_dead_letter(
    services: Services, assistant: RefundAssistant
) -> None:
    assistant.bank.dies = "before"
    assistant.way = {"repeatable": True}
    said = await say(services, "poison")
    for _ in range(MOST_ATTEMPTS):
        await killed(services, said)
    after = await say(services, "anybody there?")
    turn = await taken(services, said)
    assert (turn.state, turn.error, turn.reason) == ("dead", "ProcessDied", "action_failed")
    assert await bot_lines(services, said) == [APOLOGY]
    conversation, _ = await read_conversation(services, said.message.conversation_id)
    assert conversation.state is State.WAITING
    # What came after it was not held up: a person has it.
    assert (await read_turn(services, after)).state == "done"


async def test_turns_whose_process_died_again_are_taken_one_at_a_time(
    services: Services, assistant: RefundAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of them may be what ends every process: the others are not to be begun beside it."""
    assistant.bank.dies = "before"
    assistant.way = {"repeatable": True}
    asked = [await receive(services, message(f"refund {n}", f"ada {n}")) for n in range(5)]
    for said in asked:
        for _ in range(SUSPECT_DEATHS):
            await killed(services, said)
    assistant.bank.dies = ""
    real, beside = assistant.reply, []

    async def reply(*given: Any) -> AssistantReply:
        beside.append(1)
        await asyncio.sleep(0.02)
        answer = await real(*given)
        beside.pop()
        most.append(len(beside))
        return answer

    most: list[int] = []
    monkeypatch.setattr(assistant, "reply", reply)
    monkeypatch.setattr("bot.worker.SWEEP_SECONDS", 0.05)
    worker = Worker(services)
    worker.start()
    try:
        for said in asked:
            await eventually(lambda said=said: ended(services, said))  # type: ignore[misc]
    finally:
        await worker.stop()
    assert most == [0] * len(asked)
    assert {(await read_turn(services, said)).outcome for said in asked} == {"answered"}


async def test_an_assistant_that_breaks_every_time_is_a_dead_letter_too(
    services: Services, assistant: RefundAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_given: object) -> AssistantReply:
        raise ZeroDivisionError

    monkeypatch.setattr(assistant, "reply", broken)
    said = await say(services, "poison")
    turn = await taken(services, said)
    assert (turn.state, turn.error, turn.outcome) == ("dead", "ZeroDivisionError", "handed_off")
    assert await bot_lines(services, said) == [APOLOGY]


async def test_whoever_lost_the_conversation_starts_no_refund(
    services: Services, assistant: RefundAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot is thinking when somebody else gets the conversation."""
    real = assistant.reply

    async def overtaken(conversation_id: str, *rest: Any) -> AssistantReply:
        await to_queue(services, conversation_id)
        return await real(conversation_id, *rest)

    monkeypatch.setattr(assistant, "reply", overtaken)
    said = await say(services, "refund me")
    turn = await taken(services, said)
    assert (turn.state, assistant.bank.refunds) == ("done", 0)
    assert await bot_lines(services, said) == []
    assert await effects_of(services, said) == []
