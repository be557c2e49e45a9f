"""Taking a conversation from the agent who has it: a lead may, and who is there for one who is not.

The agent is told by the line that the customer sees too, and why by a note; what they were writing
is on their own page and stays there.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.auditing import audit
from bot.clock import now
from bot.conversation import State
from bot.errors import Conflict
from bot.ownership import lock_conversation, publish, set_owner
from bot.records import User
from bot.services import Services
from bot.store.agents import CONNECTED
from bot.store.database import UnitOfWork
from bot.text import clean
from bot.transcript import add_message


async def take_over(services: Services, conversation_id: str, user: User, *, note: str) -> None:
    """Make it this user's, with a note of why; raise Conflict where no agent has it, or where an
    agent would take it from a colleague who is there. Twice is once."""
    why = clean(note, field="note")
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        if conversation.state is not State.AGENT or conversation.agent_id is None:
            raise Conflict(
                "No agent has this conversation: claim it.",
                code="wrong_state",
                detail={"state": conversation.state.value},
            )
        if conversation.agent_id == user.id:
            return
        at = now()
        holder = await uow.staff.get(conversation.agent_id)
        name = holder.name if holder else "their agent"
        if not user.may("lead") and await _is_there(uow, conversation.agent_id, at=at):
            raise Conflict(
                f"{name} is there. Ask them to transfer it to you, or a lead to take it over.",
                code="colleague_there",
                detail={"agent": {"id": conversation.agent_id, "name": name}},
            )
        mine = await set_owner(uow, conversation, State.AGENT, agent_id=user.id, at=at)
        handoff = await uow.handoffs.open_of(conversation_id)
        if handoff is not None:
            await uow.handoffs.update(replace(handoff, agent_id=user.id))
        await audit(
            uow,
            "conversation.taken_over",
            conversation_id,
            by=user.id,
            conversation_id=conversation_id,
            at=at,
            details={"from": conversation.agent_id},
        )
        _, mine = await add_message(
            uow, mine, author="agent", agent=user, text=why, private=True, at=at
        )
        message, _ = await add_message(
            uow,
            mine,
            author="system",
            text=f"{user.name} took over from {name}.",
            data={"event": "taken_over"},
            at=at,
        )
    await publish(services, conversation_id, message)


async def _is_there(uow: UnitOfWork, agent_id: str, *, at: datetime) -> bool:
    agent = await uow.agents.get(agent_id)
    connected = agent.seen_at is not None and agent.seen_at >= at - CONNECTED
    return agent.presence in ("online", "wrap_up") and agent.revoked_at is None and connected
