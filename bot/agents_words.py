"""What agents said that customers wanted, held against what the bot had read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.reviewing import CONTRADICTED, harm
from bot.rules import Rules
from bot.store.database import UnitOfWork


async def hear_agents(uow: UnitOfWork, rules: Rules, conversation_ids: Collection[str]) -> None:
    """Note in the inbox what wrap-ups say of the messages that led to a person: where the bot had
    read something else, the message is more urgent.

    Whoever writes a wrap-up, and whoever puts a message into the inbox, calls this: the lock on the
    message makes the second of them see what the first wrote.
    """
    said = await uow.reviews.wrapped_up(conversation_ids)
    if not said:
        return
    await uow.reviews.lock(said)
    for review, turn in await uow.reviews.unheard(said):
        intent = said[turn.id]
        weight = review.weight
        if intent != turn.intent:
            costs = max(harm(rules, turn.intent), harm(rules, intent))
            weight = max(weight, CONTRADICTED * costs)
        await uow.reviews.change(review, replace(review, said=intent, weight=weight))
