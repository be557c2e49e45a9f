"""A turn that learns of a membership while its customer is being joined with another: one waits
for the other, and never both."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa

from bot.assistant.reply import AssistantReply, CustomerMessage, Memory
from bot.ledger import Ledger
from bot.services import Services
from bot.turn import take_turns
from tests.client import eventually
from tests.processes import EchoAssistant, processes, say

# SQLite has one writer at a time: there is nothing to lock.
pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
_WAITING = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@dataclass
class Club(EchoAssistant):
    """Whose shop says that the customer is a member."""

    async def reply(
        self,
        conversation_id: str,
        message: CustomerMessage,
        memory: Memory,
        ledger: Ledger | None = None,
    ) -> AssistantReply:
        said = await super().reply(conversation_id, message, memory, ledger)
        return replace(said, tier="Fjord Club")


async def test_a_tier_is_written_before_the_conversation_is_locked(database_url: str) -> None:
    async with processes(database_url, Club()) as (services,):
        said = await say(services)
        customer_id = said.message.customer_id
        async with services.database.write() as uow:
            # As a join begins, which locks customers first.
            await uow.customers.lock({customer_id})
            turn = asyncio.create_task(take_turns(services, said.message.conversation_id))
            await eventually(lambda: _somebody_waits(services))
            assert await uow.conversations.lock_of_customer(customer_id) is not None
        await turn
        async with services.database.read() as uow:
            customer = await uow.customers.get(customer_id)
            assert not await uow.turns.any_pending(said.message.conversation_id)
            (line,) = await uow.audit_log.page(before=None, limit=9)
    assert customer is not None
    assert customer.tier == "Fjord Club"
    assert (line.action, line.actor) == ("customer.tier_changed", "bot")
    assert line.subject == line.conversation_id == said.message.conversation_id
    assert line.details == {"turn": said.turn_id}


async def _somebody_waits(services: Services) -> bool | None:
    async with services.database.reader.connect() as connection:
        return bool((await connection.execute(_WAITING)).scalar_one()) or None
