"""What agents said that customers wanted, held against what the bot had read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.reviewing import CONTRADICTED, harm
from bot.rules import Rules
from bot.store.database import UnitOfWork
from bot.store.reviews import Move, Review


async def hear_agents(uow: UnitOfWork, rules: Rules, conversation_id: str) -> None:
    """Note in the inbox what wrap-ups say of the messages that led to a person. Whoever writes a
    wrap-up calls this."""
    said = await uow.reviews.wrapped_up([conversation_id])
    if said:
        await uow.reviews.lock(said)
        await uow.reviews.move(await heard(uow, rules, said))


async def heard(uow: UnitOfWork, rules: Rules, said: Mapping[str, str]) -> list[Move]:
    """Note what agents said of these turns: where the bot had read something else, the message is
    more urgent; what that moves.

    Lock the turns first. So do who writes a wrap-up and who puts a message into the inbox, and the
    second of them sees what the first wrote.
    """
    changed: list[tuple[Review, Review]] = []
    for review, turn in await uow.reviews.unheard(said):
        intent = said[turn.id]
        weight = review.weight
        if intent != turn.intent:
            costs = max(harm(rules, turn.intent), harm(rules, intent))
            weight = max(weight, CONTRADICTED * costs)
        changed.append((review, replace(review, said=intent, weight=weight)))
    return await uow.reviews.change(changed)
