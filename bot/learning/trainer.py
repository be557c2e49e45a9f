"""Training a candidate in the background, one at a time over all processes.

The row in the registry is the right to train: it is kept alive every second for as long as the
child process works, and taken back by whoever stops the training. One that was not kept alive for a
while belongs to a process that died.
"""

from __future__ import annotations

import asyncio
import json
import logging
import pickle
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.exc import IntegrityError
from tenacity import retry, retry_if_exception, stop_after_attempt, wait_exponential

from bot.auditing import audit
from bot.clock import now
from bot.errors import Conflict, NotFound, SetupError, WarmlineError
from bot.jobs import end
from bot.learning import candidate
from bot.learning.candidate import Order
from bot.learning.comparison import logged_for
from bot.learning.dataset import Lessons, read_lessons
from bot.learning.pruning import prune
from bot.learning.registry import Registry, surely_not, tell
from bot.learning.training_child import Progress, follow, started
from bot.records import Model, User
from bot.services import Services
from bot.store.unusable import is_outage

log = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
LAPSE = timedelta(seconds=30)
DIED = "The process that trained it ended in the middle. Train another."
CUT_OFF = "The server was stopped while it trained. Train another."
# Soon given up: a row that is not kept alive ends by itself.
_ONCE_IT_IS_BACK = retry(
    retry=retry_if_exception(is_outage),
    stop=stop_after_attempt(5),
    wait=wait_exponential(multiplier=0.2),
    reraise=True,
)


class _Stopped(Exception):
    """The row says that it is no longer in training."""


@dataclass(frozen=True, slots=True)
class Trainer:
    """Trains from the project's files in `root` and the labels."""

    services: Services
    registry: Registry
    root: Path
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self, user_id: str | None) -> Model:
        """Begin a candidate. Raises Conflict while another is being trained, and when the labels
        teach nothing."""
        lessons = await read_lessons(self.services)
        if not lessons.taught and not await is_recalled(self.registry):
            raise Conflict(
                "There is nothing to learn yet: label messages first. (About a fifth of all labels"
                " is kept to judge the candidate by.)",
                code="no_labels",
            )
        await end_lapsed(self.registry)
        model = await self._begin(user_id, lessons)
        await tell(self.registry, model.id)
        task = asyncio.create_task(self._train(model, lessons))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return model

    async def wait(self) -> None:
        """Until what this process trains is over."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def aclose(self) -> None:
        """Cut off what is being trained."""
        for task in tuple(self._tasks):
            await end(task)

    async def _begin(self, user_id: str | None, lessons: Lessons) -> Model:
        at = now()
        try:
            async with self.registry.database.write() as uow:
                if (other := await uow.models.training()) is not None:
                    raise _training_already(other)
                live = await uow.models.live()
                model = Model(
                    id=f"{at:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
                    state="training",
                    started_at=at,
                    started_by=user_id,
                    made_from=live.id if live else None,
                    alive_at=at,
                    step=Progress().step,
                    share=0.0,
                    lessons=counts_of(lessons),
                )
                await uow.models.add(model)
                await audit(uow, "model.train", model.id, by=user_id, at=at, details=model.lessons)
        except IntegrityError as error:
            raise _training_already(None) from error
        return model

    async def _train(self, model: Model, lessons: Lessons) -> None:
        work = self.registry.candidates / f".{model.id}"
        try:
            await asyncio.to_thread(work.mkdir, parents=True, exist_ok=True)
            order = Order(
                model_id=model.id,
                root=self.root.resolve(),
                work=work.resolve(),
                lessons=lessons,
                logged=await logged_for(self.services, lessons),
                live=self.registry.file_of(model.made_from) if model.made_from else None,
            )
            await self._in_child(order)
            await self._register(order)
        except _Stopped:
            pass
        except SetupError as error:
            await self._fail(model.id, in_words(error, work))
        except asyncio.CancelledError:
            await self._fail(model.id, CUT_OFF)
            raise
        except Exception as error:
            log.error("training_failed model=%s error=%s", model.id, type(error).__name__)
            await self._fail(model.id, f"Something unforeseen went wrong: {_cause(error)}.")
        finally:
            await asyncio.to_thread(shutil.rmtree, work, ignore_errors=True)

    async def _in_child(self, order: Order) -> None:
        given = await asyncio.to_thread(pickle.dumps, order)
        child = started(candidate.__name__, order.root)
        progress = Progress()
        following = asyncio.create_task(asyncio.to_thread(follow, child, given, progress))
        try:
            await self._keep_alive(order.model_id, progress, following)
        finally:
            child.kill()  # no harm when it is over; what it says ends, and the thread with it
            await asyncio.shield(following)
        if progress.problem is not None:
            raise progress.problem
        if child.returncode:
            raise RuntimeError(f"the training process ended with {child.returncode}")

    async def _keep_alive(
        self, model_id: str, progress: Progress, following: asyncio.Task[None]
    ) -> None:
        """A beat that fails, as while the database is started again, is made up for by the next."""
        beaten = now()
        while not following.done():
            await asyncio.wait([following], timeout=BEAT_SECONDS)
            try:
                await self._beat(model_id, progress)
                beaten = now()
            except _Stopped:
                raise
            except Exception as error:
                if now() - beaten > LAPSE:
                    raise
                log.warning(
                    "training_beat_failed model=%s error=%s", model_id, type(error).__name__
                )

    async def _beat(self, model_id: str, progress: Progress) -> None:
        async with self.registry.database.write() as uow:
            ours = await uow.models.change(
                model_id,
                ["training"],
                alive_at=now(),
                step=progress.step,
                share=progress.share,
            )
        if not ours:
            raise _Stopped
        await tell(self.registry, model_id)

    async def _register(self, order: Order) -> None:
        text = await asyncio.to_thread((order.work / candidate.RESULT).read_text, encoding="utf-8")
        found: dict[str, Any] = json.loads(text)
        file = self.registry.candidates / order.file.name
        order.file.replace(file)
        try:
            async with self.registry.database.write() as uow:
                ours = await uow.models.change(
                    order.model_id,
                    ["training"],
                    **found,
                    **_DONE,
                    state="candidate",
                    finished_at=now(),
                    gate_passed=bool(found["report"]["gate"]["passed"]),
                )
                if not ours:
                    raise _Stopped
        except BaseException:
            # Where nobody can tell it stays: a candidate without its file would mislead, and a file
            # without a candidate takes room until its model is recalled, and is never live.
            if await surely_not(self.registry, order.model_id, "candidate"):
                file.unlink(missing_ok=True)
            raise
        await tell(self.registry, order.model_id)
        await prune(self.registry)

    @_ONCE_IT_IS_BACK
    async def _fail(self, model_id: str, error: str) -> None:
        async with self.registry.database.write() as uow:
            await uow.models.change(
                model_id,
                ["training"],
                state="failed",
                error=error,
                finished_at=now(),
                **_DONE,
            )
        await tell(self.registry, model_id)


_DONE: Mapping[str, None] = {"step": None, "share": None, "alive_at": None}


def counts_of(lessons: Lessons) -> dict[str, int]:
    """How much a candidate learns, and is judged by."""
    return {
        "taught": len(lessons.taught),
        "held_out": len(lessons.held_out),
        "new_intents": len(lessons.new_intents),
    }


async def stop_training(registry: Registry, model_id: str, user: User) -> None:
    """Let the candidate be trained no further, whichever process does it. Raises NotFound, and
    Conflict when it is over."""
    async with registry.database.write() as uow:
        at = now()
        stopped = await uow.models.change(
            model_id,
            ["training"],
            **_DONE,
            state="failed",
            error=f"{user.name} stopped it.",
            finished_at=at,
        )
        if not stopped:
            if await uow.models.get(model_id) is None:
                raise NotFound("There is no such model.")
            raise Conflict("It is not being trained any more.", code="wrong_state")
        await audit(uow, "model.stop", model_id, by=user.id, at=at)
    await tell(registry, model_id)


async def is_recalled(registry: Registry) -> bool:
    """Whether the live model has to be replaced by one that learnt less."""
    async with registry.database.read() as uow:
        live = await uow.models.live()
    return live is not None and live.recalled_at is not None


async def is_lapsed(registry: Registry) -> bool:
    """Whether `end_lapsed` has something to end."""
    async with registry.database.read() as uow:
        training = await uow.models.training()
    return training is not None and (training.alive_at or training.started_at) < now() - LAPSE


async def end_lapsed(registry: Registry) -> None:
    """Take what a process trained that has died meanwhile as failed."""
    at = now()
    async with registry.database.write() as uow:
        ended = await uow.models.lapsed(before=at - LAPSE, at=at, error=DIED)
    for model_id in ended:
        work = registry.candidates / f".{model_id}"
        await asyncio.to_thread(shutil.rmtree, work, ignore_errors=True)
        await tell(registry, model_id)


def in_words(error: SetupError, work: Path) -> str:
    """For a lead, who knows the project's files but not the copy that was trained from."""
    words = f"{error.where}: {error.problem} {error.cure}"
    for folder in (work.resolve(), work):
        words = words.replace(f"{folder / 'project'}/", "")
    return words


def _cause(error: Exception) -> str:
    if isinstance(error, WarmlineError):
        return error.message
    return (error.strerror if isinstance(error, OSError) else str(error)) or type(error).__name__


def _training_already(other: Model | None) -> Conflict:
    return Conflict(
        "A candidate is being trained already. Wait for it, or stop it.",
        code="training",
        detail={"model_id": other.id} if other else None,
    )
