"""Beside everything else: erasures that a killed process left are finished, every process forgets
what was erased elsewhere, and a live model that had learnt from it is trained anew."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.assistant.nlu.embedding import meaning_of
from bot.assistant.nlu.language_guess import guess_language
from bot.assistant.nlu.passages import forget_questions
from bot.clock import now
from bot.erasure.disk import clear_caches
from bot.erasure.eraser import Eraser
from bot.errors import Conflict, SetupError
from bot.events import Event
from bot.jobs import Jobs, end
from bot.learning.trainer import Trainer
from bot.learning.yaml_lines import forget_read
from bot.services import Services

log = logging.getLogger(__name__)

LOOK_SECONDS = 10.0  # a command in another process has no bus to say so, where there is no Redis
LEFT = timedelta(minutes=2)  # an erasure that is not done by then belongs to nobody any more
_WAKES = frozenset({"erasure", "resync"})
_Newest = tuple[str, datetime | None]
_NOT_READ: _Newest = ("", None)  # no erasure's: whatever is found is news


@asynccontextmanager
async def following_erasures(
    services: Services, eraser: Eraser | None = None, trainer: Trainer | None = None
) -> AsyncIterator[None]:
    """For as long as the block runs; without an eraser and a trainer it only forgets."""
    jobs = Jobs()
    running = asyncio.create_task(_follow(services, jobs, eraser, trainer))
    try:
        yield
    finally:
        await end(running)
        await jobs.finish()


async def _follow(
    services: Services, jobs: Jobs, eraser: Eraser | None, trainer: Trainer | None
) -> None:
    try:
        known = await _newest(services)
    except Exception as error:
        log.error("erasures_not_followed error=%s", type(error).__name__)
        known = _NOT_READ  # what was erased meanwhile may be remembered here
    left = timedelta(0)  # whoever was at it before this process began may well be this one

    def wakes(event: Event) -> bool:
        return event.type in _WAKES

    with services.bus.subscribe(wakes) as woken:
        while True:
            woken.forget()
            try:
                newest = await _newest(services)
                if newest != known:
                    forget_in_memory(services)
                    if eraser is not None:  # another machine's erasure has not seen this one's disk
                        await asyncio.to_thread(clear_caches, eraser.data_dir, eraser.project)
                    known = newest
                if eraser is not None:
                    await jobs.do(finish_left(eraser, older=left))
                    left = LEFT
                if trainer is not None:
                    await jobs.do(retrain(trainer))
            except Exception as error:
                log.error("erasures_not_followed error=%s", type(error).__name__)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(woken.next(), LOOK_SECONDS)


async def _newest(services: Services) -> _Newest | None:
    async with services.database.read() as uow:
        return await uow.erasures.newest()


def forget_in_memory(services: Services) -> None:
    """Empty what this process remembers of customers' words; it is read or computed again."""
    meaning_of.cache_clear()
    guess_language.cache_clear()
    forget_read()
    forget_questions()
    for forget in services.memories:
        forget()


async def finish_left(eraser: Eraser, *, older: timedelta) -> int:
    """Go on with erasures that were begun so long ago and are not done; how many are done now. One
    that fails holds up neither the others nor whoever asked: it is tried again."""
    async with eraser.registry.database.read() as uow:
        begun = await uow.erasures.unfinished()
    done = 0
    for erasure in begun:
        if erasure.created_at > now() - older:
            continue
        try:
            await eraser.finish(erasure.id)
            done += 1
        except SetupError as error:
            log.error("erasure_waits erasure_id=%s where=%s", erasure.id, error.where)
        except Exception as error:
            kind = type(error).__name__
            log.error("erasure_not_finished erasure_id=%s error=%s", erasure.id, kind)
    return done


async def retrain(trainer: Trainer) -> bool:
    """Train a candidate from what is left, if the live model has learnt from what was erased and
    nobody has trained one since; whether that was begun."""
    async with trainer.registry.database.read() as uow:
        live = await uow.models.live()
        if live is None or live.recalled_at is None:
            return False
        if await uow.models.any_since(live.recalled_at):
            return False
    with contextlib.suppress(Conflict):  # another process, or a lead, was first
        await trainer.start(None)
        return True
    return False
