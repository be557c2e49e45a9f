"""An e-mail address that a customer leaves while nobody is there, kept on the card."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from bot.conversation import Conversation
from bot.records import Message
from bot.rules import Rules
from bot.store.database import UnitOfWork
from bot.transcript import add_message

# What people mean by one in a sentence; whether it works shows when somebody writes to it.
ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.ASCII)


async def note_contact(
    uow: UnitOfWork, rules: Rules, conversation: Conversation, said: Message, *, at: datetime
) -> Message | None:
    """Keep the address, if the message has one, and say so in the line that comes back.

    Only outside the queue's hours: then they were asked for it. Lock the conversation first.
    """
    found = ADDRESS.search(said.text)
    handoff = await uow.handoffs.open_of(conversation.id) if found else None
    if found is None or handoff is None or rules.queue(handoff.queue).is_open(at):
        return None
    if handoff.card.get("contact") == found[0]:
        return None
    await uow.handoffs.set_card(replace(handoff, card={**handoff.card, "contact": found[0]}))
    message, _ = await add_message(
        uow,
        conversation,
        author="system",
        text=f"Thank you. If you are not here when we are back, we can reach you at {found[0]}.",
        data={"event": "contact_noted"},
        at=at,
    )
    return message
