"""Conversations whose agent is gone: back into their queue, to be served first, never to silence.

Nobody tells when a connection does not come back, so workers look. What they look at stands in the
database (when an agent's page was last connected), so it holds for an agent whose process died, and
several workers may find the same conversation: the first changes its owner, the others see that.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from bot.auditing import audit
from bot.clock import iso, now
from bot.conversation import Conversation, State
from bot.handoff import requeued
from bot.one_of_many import one_of_many
from bot.ownership import lock_conversation, publish, set_owner
from bot.priority import ranked_at
from bot.records import Message
from bot.rules import Rules
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.transcript import add_message

log = logging.getLogger(__name__)


async def return_stranded(services: Services, *, at: datetime | None = None) -> None:
    """Return every conversation whose agent's account was revoked, or whose connection is lost for
    longer than `handoff.yml` allows while a customer waits for an answer."""
    at = at or now()
    since = at - timedelta(minutes=services.rules.stranded_after_minutes)
    async with services.database.read() as uow:
        found = await uow.agents.stranded(since=since)
    for conversation_id in found:
        with one_of_many("not_returned", conversation_id):
            await _return_if_stranded(services, conversation_id, since=since, at=at)


async def _return_if_stranded(
    services: Services, conversation_id: str, *, since: datetime, at: datetime
) -> None:
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        # They may have come back, or answered, since it was found.
        is_stranded = await uow.agents.stranded(since=since, conversation_id=conversation_id)
        line = await _return(uow, services.rules, conversation, at=at) if is_stranded else None
    if line is not None:
        log.warning("conversation_stranded conversation_id=%s", conversation_id)
        await publish(services, conversation_id, line)


async def _return(
    uow: UnitOfWork, rules: Rules, conversation: Conversation, *, at: datetime
) -> Message:
    agent_id = conversation.agent_id or ""
    user = await uow.staff.get(agent_id)
    name = user.name if user else "Your agent"
    revoked = await uow.agents.is_revoked(agent_id)
    waiting = await set_owner(uow, conversation, State.WAITING, at=at)
    handoff = await uow.handoffs.open_of(conversation.id)
    if handoff is not None:
        again = requeued(rules, handoff, waiting.queue, at=at)
        ranked = ranked_at(handoff.requested_at, "returned")
        await uow.handoffs.update(replace(again, priority="returned", ranked_at=ranked))
        lost = {"agent": name, "reason": "revoked" if revoked else "connection", "at": iso(at)}
        await uow.handoffs.set_card(replace(again, card={**again.card, "lost": lost}))
    why = f"{name} left." if revoked else f"{name} lost the connection."
    await audit(
        uow,
        "conversation.requeued",
        conversation.id,
        by=None,
        actor="bot",
        conversation_id=conversation.id,
        at=at,
        details={"agent": agent_id, "reason": "revoked" if revoked else "connection"},
    )
    message, _ = await add_message(
        uow,
        waiting,
        author="system",
        text=f"{why} A colleague takes over, and you are served first.",
        data={"event": "stranded"},
        at=at,
    )
    return message
