"""Offering replies for a customer's newest message, and counting what becomes of them.

What was offered for a message is kept: whoever looks at it again, or in another window, is offered
the same, and each is counted once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from bot.assistant.nlu.minilm import Floats
from bot.clock import new_id, now
from bot.errors import NotFound
from bot.records import Message, Suggestion, User
from bot.services import Services
from bot.store.database import Database, UnitOfWork
from bot.suggesting.candidates import Asked, Source, best

READ_BACK = 40  # lines
SHORTEST_QUESTION = 3  # words; a shorter message is read with what the customer said before


async def suggest(
    services: Services,
    conversation_id: str,
    *,
    sources: Sequence[Source],
    embed: Callable[[str], Floats],
) -> list[Suggestion]:
    """The replies to offer for the customer's newest message, the best first; none while they have
    said nothing. Raises NotFound."""
    async with services.database.read() as uow:
        if await uow.conversations.get(conversation_id) is None:
            raise NotFound("There is no such conversation.")
        transcript = await uow.messages.transcript(conversation_id, private=False, limit=READ_BACK)
        said = [line for line in transcript if line.author == "customer" and not line.data]
        offered = await uow.suggestions.of_message(said[-1].id) if said else []
    if offered or not said:
        return offered
    question = _question(said)
    meaning = await asyncio.to_thread(embed, question)
    asked = Asked(conversation_id, question, meaning)
    found = await asyncio.gather(*(source(asked) for source in sources))
    chosen = best(candidate for candidates in found for candidate in candidates)
    message, at = said[-1], now()
    made = [
        Suggestion(
            id=new_id(),
            conversation_id=conversation_id,
            customer_id=message.customer_id,
            message_id=message.id,
            place=place,
            source=one.source,
            title=one.title[:200],
            text=one.text,
            offered_at=at,
        )
        for place, one in enumerate(chosen, start=1)
    ]
    return await _keep(services.database, message.id, made) if made else []


async def insert(services: Services, conversation_id: str, suggestion_id: str, user: User) -> None:
    """An agent put it into their draft. Raises NotFound."""
    async with services.database.write() as uow:
        if await uow.suggestions.get(suggestion_id, conversation_id=conversation_id) is None:
            raise NotFound("There is no such suggestion.")
        await uow.suggestions.inserted(suggestion_id, by=user.id, at=now())


async def note_sent(uow: UnitOfWork, suggestion_id: str, message: Message) -> None:
    """Part of the reply's own transaction; a suggestion that is not of this conversation counts as
    none, and keeps no reply from being sent."""
    offered = await uow.suggestions.get(suggestion_id, conversation_id=message.conversation_id)
    if offered is not None:
        edited = _plain(message.text) != _plain(offered.text)
        await uow.suggestions.sent(offered.id, message_id=message.id, edited=edited)


async def _keep(
    database: Database, message_id: str, made: Sequence[Suggestion]
) -> list[Suggestion]:
    async with database.write() as uow:
        await uow.suggestions.add(made)
        return await uow.suggestions.of_message(message_id)


def _question(said: Sequence[Message]) -> str:
    """The newest message; one that says little by itself after what it goes on from."""
    newest = said[-1].text
    if len(newest.split()) >= SHORTEST_QUESTION or len(said) == 1:
        return newest
    return f"{said[-2].text}\n{newest}"


def _plain(text: str) -> str:
    return " ".join(text.split())
