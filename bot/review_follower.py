"""Follows finished turns and keeps the inbox: what is worth a look, and what became of answers.

Any number of processes may follow. Each reads, computes, and writes if nobody else moved the cursor
meanwhile; the bus says when there is something to read, and a slow look finds what it did not say.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from bot.agents_words import heard
from bot.assistant.nlu.embedding import meaning_of
from bot.events import Event
from bot.jobs import Jobs, end
from bot.near_copies import MOST_COMPARED, Meanings
from bot.records import Turn
from bot.reviewing import CORRECTED, doubt, fate, group_of, harm, is_sampled, is_second
from bot.rules import Rules
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.store.reviews import Move, Review

log = logging.getLogger(__name__)

AT_ONCE = 200
LOOK_SECONDS = 30.0
# What ends meanwhile is read at once: a look after every turn took a fifth of the throughput.
GATHER_SECONDS = 2.0
_WAKES = frozenset({"turn", "resync"})


async def follow_once(services: Services) -> int:
    """Take in the next finished turns; how many there were, 0 also when another process was
    first."""
    async with services.database.read() as uow:
        version, since, read = await uow.reviews.unread(limit=AT_ONCE)
    if not read:
        return 0
    rules = services.rules
    made, meanings = await _made(services, rules, read)
    async with services.database.write() as uow:
        to = max([since, *(turn.finished_at for turn in read if turn.finished_at)])
        if not await uow.reviews.go_on(version, to=to):
            return 0
        conversations = {turn.conversation_id for turn in read}
        unsaid = await uow.reviews.unsaid(conversations)
        said = await uow.reviews.wrapped_up(conversations)
        # All at once, and the groups below too: who labels them takes both in order of their ids.
        held = {
            turn.id: turn
            for turn in await uow.reviews.lock(
                [*(turn.id for turn in read), *(turn.id for _, turn in unsaid), *said]
            )
        }
        # One that its customer took back meanwhile has other words by now.
        kept = [
            one
            for one, turn in zip(made, read, strict=True)
            if turn.id in held and held[turn.id].text == turn.text
        ]
        moves = await uow.reviews.add(kept) if kept else []
        # Read again, as the lock has it. What else was said meanwhile, who said it notes.
        said = await uow.reviews.wrapped_up(conversations)
        moves += await heard(uow, rules, {id: said[id] for id in said.keys() & held.keys()})
        moves += await _tell_fates(uow, rules, conversations, read)
        await uow.reviews.move(moves, meanings)
    await services.bus.publish(Event("label", "", {}))
    return len(read)


async def _made(
    services: Services, rules: Rules, read: list[Turn]
) -> tuple[list[Review], dict[str, bytes]]:
    """What the turns are to the inbox, and what the groups mean that begin with them. Whoever makes
    groups moves the cursor: what is read here still holds when this process may write."""
    async with services.database.read() as uow:
        cards = await uow.models.cards({_model_id(turn) for turn in read})
        made = [review_of(turn, rules, cards.get(_model_id(turn))) for turn in read]
        own = {one.group_id for one in made if one.weight}
        new = own - await uow.reviews.open_groups(own)
        known = await uow.reviews.meanings(limit=MOST_COMPARED) if new else {}
    if not new:
        return made, {}
    found = Meanings(known)
    texts = [
        turn.text if one.group_id in new else None for one, turn in zip(made, read, strict=True)
    ]
    made = await asyncio.to_thread(found.join, list(zip(made, texts, strict=True)), meaning_of)
    return made, found.fresh


def _model_id(turn: Turn) -> str:
    return (turn.model or "").removesuffix(".tar.gz")


async def _tell_fates(
    uow: UnitOfWork, rules: Rules, conversations: set[str], read: list[Turn]
) -> list[Move]:
    changed: list[tuple[Review, Review]] = []
    for review, turn in await uow.reviews.unsaid(conversations):
        later = [
            one
            for one in read
            if one.conversation_id == turn.conversation_id and one.seq > turn.seq
        ]
        if later:
            became = fate(turn, min(later, key=lambda one: one.seq))
            weight = review.weight
            if became == "corrected":
                weight = max(weight, CORRECTED * harm(rules, turn.intent))
            changed.append((review, replace(review, fate=became, weight=weight)))
    return await uow.reviews.change(changed)


def review_of(turn: Turn, rules: Rules, card: Mapping[str, Any] | None) -> Review:
    """The turn as the inbox counts it, before anybody has labelled it."""
    answered = turn.outcome == "answered"
    return Review(
        turn_id=turn.id,
        conversation_id=turn.conversation_id,
        customer_id=turn.customer_id,
        seq=turn.seq,
        group_id=group_of(turn.text),
        weight=doubt(turn, rules, card) * harm(rules, turn.intent),
        waiting=True,
        sampled=answered and is_sampled(turn.id),
        second=is_second(turn.id),
        fate=None if answered else turn.outcome,
        said=None,
    )


@asynccontextmanager
async def following_turns(services: Services) -> AsyncIterator[None]:
    """The inbox is kept for as long as the block runs."""
    jobs = Jobs()
    running = asyncio.create_task(_follow(services, jobs))
    try:
        yield
    finally:
        await end(running)
        await jobs.finish()


async def _follow(services: Services, jobs: Jobs) -> None:
    def wakes(event: Event) -> bool:
        return event.type in _WAKES

    with services.bus.subscribe(wakes) as woken:
        while True:
            woken.forget()
            try:
                while await jobs.do(follow_once(services)) == AT_ONCE:
                    pass
            except Exception as error:
                log.error("reviews_not_followed error=%s", type(error).__name__)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(woken.next(), LOOK_SECONDS)
                await asyncio.sleep(GATHER_SECONDS)
