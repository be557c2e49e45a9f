"""What a customer's own chat is told of its conversation."""

from __future__ import annotations

from bot.clock import iso_or_none, now
from bot.conversation import Conversation, State
from bot.rules import Rules
from bot.store.database import UnitOfWork
from bot.waiting import outlook
from desk import shapes, survey_views


async def widget_conversation(
    uow: UnitOfWork, row: Conversation, rules: Rules, *, bot_typing: bool
) -> shapes.WidgetConversation:
    """The customer's own view: who answers, and how it looks for them while they wait."""
    agent = await uow.staff.get(row.agent_id) if row.agent_id else None
    handoff = await uow.handoffs.open_of(row.id) if row.state is State.WAITING else None
    seen = await outlook(uow, rules, handoff, at=now()) if handoff else None
    estimate = seen.estimate if seen else None
    return shapes.WidgetConversation(
        id=row.id,
        state=row.state.value,
        agent=shapes.AgentName(name=agent.name) if agent else None,
        queue_position=seen.position if seen else None,
        estimated_seconds=round(estimate.total_seconds()) if estimate is not None else None,
        back_at=iso_or_none(seen.back_at) if seen else None,
        bot_typing=bot_typing,
        survey=await survey_views.panel(uow, row, at=now()),
        last_seq=row.last_seq,
    )
