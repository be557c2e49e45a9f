"""Where a customer who waits while nobody is there can be reached: an e-mail address or a phone
number they leave, kept on the card."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from actions.contact import phone_left_in, phone_text
from actions.policy import current_policy
from bot.conversation import Conversation
from bot.readable import DELETED
from bot.records import Message
from bot.rules import Rules
from bot.store.database import UnitOfWork
from bot.transcript import add_message

# What people mean by one in a sentence; whether it works shows when somebody writes to it.
ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.ASCII)
NOTED = "contact_noted"
FEWEST_DIGITS = 8  # shorter ones are orders' numbers and times of the day


async def note_contact(
    uow: UnitOfWork, rules: Rules, conversation: Conversation, said: Message, *, at: datetime
) -> Message | None:
    """Keep what the message has of both, and say so in the line that comes back.

    Only outside the queue's hours: then they were asked for it. Lock the conversation first.
    """
    address, number = ADDRESS.search(said.text), _number_in(said.text)
    if address is None and number is None:
        return None
    handoff = await uow.handoffs.open_of(conversation.id)
    if handoff is None or rules.queue(handoff.queue).is_open(at):
        return None
    as_it_is = await uow.messages.get(said.id)
    if as_it_is is None or as_it_is.text != said.text:
        return None  # taken back since the turn was begun
    card: dict[str, Any] = {**handoff.card}
    left_in: dict[str, str] = {**card.get("left_in", {})}
    ways = []
    if address is not None and card.get("contact") != address[0]:
        card["contact"], left_in["contact"] = address[0], said.id
        ways.append(f"reach you at {address[0]}")
    if number is not None and (card.get("callback") or {}).get("number") != number:
        # When it suits them is in their own words, whatever they are.
        card["callback"] = {"number": number, "words": said.text, "by": None, "at": None}
        left_in["callback"] = said.id
        ways.append(f"call you on {phone_text(number)}")
    if not ways:
        return None
    await uow.handoffs.set_card(replace(handoff, card={**card, "left_in": left_in}))
    message, _ = await add_message(
        uow,
        conversation,
        author="system",
        text=f"Thank you. If you are not here when we are back, we can {' or '.join(ways)}.",
        data={"event": NOTED, "left_in": said.id},
        at=at,
    )
    return message


async def forget_contact(uow: UnitOfWork, said: Message) -> None:
    """The customer took the message back: what was kept of it goes too, and the line that says so.

    Lock the conversation first.
    """
    for handoff in await uow.handoffs.all_of(said.conversation_id):
        left_in: dict[str, str] = handoff.card.get("left_in", {})
        gone = {name for name, message_id in left_in.items() if message_id == said.id}
        if gone:
            card = {name: value for name, value in handoff.card.items() if name not in gone}
            card["left_in"] = {name: left_in[name] for name in left_in.keys() - gone}
            await uow.handoffs.set_card(replace(handoff, card=card))
            for line in await uow.messages.transcript(said.conversation_id, after=said.seq):
                if line.data.get("event") == NOTED and line.data.get("left_in") == said.id:
                    await uow.messages.blank(line, text=DELETED)


def _number_in(text: str) -> str | None:
    """The phone number in international form, if there is one beside any address."""
    rest = ADDRESS.sub(" ", text)
    if sum(character.isdigit() for character in rest) < FEWEST_DIGITS:
        return None
    return phone_left_in(rest, current_policy().country)
