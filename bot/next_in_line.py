"""Taking the next conversation: the first in line whom the agent can serve, unless somebody whom
the customer knows is about to.

Customers wait a moment for the agent they had last, if that agent is there and has room; after it
anybody takes them. Each attempt is a transaction of its own, so agents who press at once get one
conversation each: whoever lost one looks again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import chain

from bot.clock import now
from bot.conversation import State
from bot.errors import Conflict, NotFound
from bot.handoff import give_to
from bot.ownership import lock_conversation, publish
from bot.records import Agent, Handoff, HandoffState, Message, User
from bot.rules import Rules
from bot.services import Services
from bot.store.database import UnitOfWork

REMEMBERED = timedelta(days=7)  # who answered a customer within it is whom they know
HELD = timedelta(minutes=2)


async def take_next(services: Services, user: User) -> str:
    """Claim it and say which it is; raise NotFound when nobody waits whom they could take, and
    Conflict when they are away or have all they can."""
    while True:
        async with services.database.read() as uow:
            candidate = await _next_for(uow, services.rules, user, at=now())
        if candidate is None:
            raise NotFound("Nobody is waiting whom you could take.", code="nobody_waits")
        message = await _take(services, candidate.conversation_id, user)
        if message is not None:
            await publish(services, candidate.conversation_id, message)
            return candidate.conversation_id


async def _take(services: Services, conversation_id: str, user: User) -> Message | None:
    """The line that says so; None when somebody was faster."""
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        if conversation.state is not State.WAITING:
            return None
        # Locked after the conversation, as everywhere: two presses of one agent count each other.
        agent = await uow.agents.lock(user.id)
        _require_room(agent, await uow.agents.load(user.id))
        slot_names = services.assistant.slot_names
        return await give_to(uow, conversation, user, slot_names=slot_names, at=now())


async def _next_for(uow: UnitOfWork, rules: Rules, user: User, *, at: datetime) -> Handoff | None:
    agent = await uow.agents.get(user.id)
    _require_room(agent, await uow.agents.load(user.id))
    offer = await uow.offers.open_to(user.id)
    waiting = [
        handoff
        for handoff in await uow.handoffs.waiting_in(rules.queues_of(agent))
        # Whom a colleague is being offered is theirs for that moment, unless one claims them.
        if handoff.state is HandoffState.REQUESTED or (offer and offer.handoff_id == handoff.id)
    ]
    known = await uow.handoffs.last_agents(
        {handoff.customer_id for handoff in waiting}, since=at - REMEMBERED
    )
    colleagues = await _with_room(uow, but=user.id, at=at)
    free = [
        handoff
        for handoff in waiting
        if known.get(handoff.customer_id) not in colleagues or handoff.queued_at + HELD <= at
    ]
    mine = (handoff for handoff in free if known.get(handoff.customer_id) == user.id)
    offered = (handoff for handoff in waiting if offer and offer.handoff_id == handoff.id)
    return next(chain(offered, mine, free), None)


async def _with_room(uow: UnitOfWork, *, but: str, at: datetime) -> Mapping[str, Agent]:
    """Who else is there and can take somebody."""
    present = await uow.agents.present(at=at)
    return {
        agent.user_id: agent
        for agent in present
        if agent.user_id != but and await uow.agents.load(agent.user_id) < agent.capacity
    }


def _require_room(agent: Agent, load: int) -> None:
    if agent.presence != "online":
        raise Conflict("You are away: go online to take the next one.", code="away")
    if load >= agent.capacity:
        raise Conflict(
            f"You have {load} of {agent.capacity} conversations: finish one first.",
            code="at_capacity",
            detail={"capacity": agent.capacity, "load": load},
        )
