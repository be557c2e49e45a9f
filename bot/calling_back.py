"""Calling back: an agent ticks off the call that a customer asked for while nobody was there."""

from __future__ import annotations

from dataclasses import replace

from actions.contact import phone_text
from bot.auditing import audit
from bot.clock import iso, now
from bot.errors import NotFound
from bot.ownership import lock_conversation, publish, require_owner
from bot.records import User
from bot.services import Services
from bot.transcript import add_message


async def called_back(services: Services, conversation_id: str, user: User) -> None:
    """Note who called and when; raise NotFound when no call was asked for, and Conflict for
    whoever does not own the conversation. Twice is once."""
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        handoff = await uow.handoffs.open_of(conversation_id)
        asked = handoff.card.get("callback") if handoff else None
        if handoff is None or asked is None:
            raise NotFound("Nobody asked for a call here.", code="no_callback")
        require_owner(conversation, user)
        if asked["at"] is not None:
            return
        at = now()
        done = {**asked, "by": user.name, "at": iso(at)}
        await uow.handoffs.set_card(replace(handoff, card={**handoff.card, "callback": done}))
        await audit(
            uow,
            "callback.done",
            handoff.id,
            by=user.id,
            conversation_id=conversation_id,
            at=at,
        )
        message, _ = await add_message(
            uow,
            conversation,
            author="system",
            text=f"{user.name} called back on {phone_text(asked['number'])}.",
            private=True,
            data={"event": "called_back"},
            at=at,
        )
    await publish(services, conversation_id, message, owner_changed=False)
