"""Fault 8: an agent claims a conversation while the bot is thinking about its message."""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa

from bot.app import SERVICES
from bot.assistant.reply import AssistantReply, CustomerMessage, Memory
from bot.ledger import Ledger
from bot.live_model import Assistant
from bot.services import Services
from bot.settings import Settings
from bot.store.tables import turns
from tests.bot.test_many_processes import Counting
from tests.client import Staff, Visitor, Warmline
from tests.conftest import over_both_databases, serving
from tests.faults.books import ANSWER, PLAIN, all_taken

CONVERSATIONS = 500
AT_ONCE = 30
LONGEST_PAUSE_SECONDS = 0.02
WORDS = "Nora here, I can help."


@dataclass
class Moments:
    """Of one conversation: when the agent is to claim, and what happened when."""

    claim_now: asyncio.Event = field(default_factory=asyncio.Event)
    computed: float = 0.0
    claimed: float = 0.0


class Thinking(Counting):
    """Pauses before and after it makes its reply, and lets the agent know at a random moment."""

    def __init__(self, assistant: Assistant) -> None:
        super().__init__(assistant)
        self.moments: dict[str, Moments] = defaultdict(Moments)

    async def reply(
        self,
        conversation_id: str,
        message: CustomerMessage,
        memory: Memory,
        ledger: Ledger | None = None,
    ) -> AssistantReply:
        moments = self.moments[message.id]
        stages = iter(random.sample((True, False, False), 3))
        await self._pause(moments, next(stages))
        if next(stages):
            moments.claim_now.set()
        made = await super().reply(conversation_id, message, memory, ledger)
        await self._pause(moments, next(stages))
        moments.computed = time.monotonic()
        return made

    async def _pause(self, moments: Moments, is_here: bool) -> None:
        before, after = (random.uniform(0, LONGEST_PAUSE_SECONDS / 2) for _ in range(2))  # noqa: S311
        await asyncio.sleep(before)
        if is_here:
            moments.claim_now.set()
        await asyncio.sleep(after)


@pytest.fixture
def thinking(assistant: Assistant) -> Thinking:
    return Thinking(assistant)


@pytest.fixture
async def warmline(settings: Settings, thinking: Thinking) -> AsyncIterator[Warmline]:
    async with serving(settings, thinking) as running_server:
        yield running_server


@over_both_databases
async def test_after_a_claim_the_bot_says_nothing(warmline: Warmline, thinking: Thinking) -> None:
    services = warmline.app[SERVICES]
    agent = await warmline.staff()
    crowd = [await warmline.visitor() for _ in range(CONVERSATIONS)]
    free = asyncio.Semaphore(AT_ONCE)
    asked = await asyncio.gather(
        *(
            _ask_and_claim(free, services, visitor, agent, thinking, writes=n % 2 == 0)
            for n, visitor in enumerate(crowd)
        )
    )
    await all_taken(services)
    outcomes = await _outcomes(services)
    suppressed = 0
    for n, (visitor, message) in enumerate(zip(crowd, asked, strict=True)):
        lines = (await visitor.look())["messages"]
        authors = [line["author"] for line in lines]
        words = ["agent"] if n % 2 == 0 else []
        if authors == ["customer", "system", *words]:
            suppressed += 1
            assert outcomes[message["id"]] == ("observed", "opening_hours")
        else:
            assert authors == ["customer", "bot", "system", *words]
            assert lines[1]["text"].startswith(ANSWER)
            assert outcomes[message["id"]] == ("answered", "opening_hours")
            moments = thinking.moments[message["id"]]
            assert moments.computed < moments.claimed, "a claim came first, and the bot spoke"
        assert lines[-1]["text"] == (WORDS if words else "Nora Agent joined the conversation.")
    # Both happened, or this showed nothing.
    assert 50 < suppressed < CONVERSATIONS


async def _ask_and_claim(
    free: asyncio.Semaphore,
    services: Services,
    visitor: Visitor,
    agent: Staff,
    thinking: Thinking,
    *,
    writes: bool,
) -> dict[str, Any]:
    async with free:
        message = await visitor.say(PLAIN)
        async with services.database.read() as uow:
            written = await uow.messages.get(message["id"])
        assert written is not None
        at = f"/conversations/{written.conversation_id}"
        moments = thinking.moments[written.id]
        await moments.claim_now.wait()
        await agent.post(f"{at}/claim")
        moments.claimed = time.monotonic()
        if writes:
            await agent.post(f"{at}/messages", {"text": WORDS}, status=201)
    return message


async def _outcomes(services: Services) -> dict[str, tuple[str, str]]:
    async with services.database.reader.connect() as connection:
        rows = await connection.execute(
            sa.select(turns.c.message_id, turns.c.outcome, turns.c.intent)
        )
        return {row.message_id: (row.outcome, row.intent) for row in rows}
