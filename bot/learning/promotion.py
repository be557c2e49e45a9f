"""Promotion and rollback: which model customers are answered with, decided by a person.

The file is placed within the transaction that writes the decision down, so that neither is there
without the other, and of two leads who decide at once the second is refused. Placing is a rename,
which needs no room on the disk and is seen whole or not at all.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from bot.assistant.model import newest_model
from bot.auditing import audit
from bot.clock import now
from bot.errors import Conflict, NotFound, SetupError
from bot.learning.pruning import prune
from bot.learning.registry import Registry, surely_not, tell
from bot.model_files import sha256_of
from bot.records import Model
from bot.text import label

LONGEST_REASON = 500
# Finds out whether a file can be live here, and keeps it at hand. Raises SetupError.
MakeReady = Callable[[Path], Awaitable[None]]
AFTER_THE_NEWEST_NS = 1_000_000  # more than the steps in which modification times are compared


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decides, why, and which model they believe to be live; None: whichever is."""

    user_id: str | None
    reason: str | None = None
    expected_live: str | None = None


async def promote(
    registry: Registry, model_id: str, decision: Decision, make_ready: MakeReady
) -> None:
    """Answer customers with this model. Raises NotFound, and Conflict with the words for whoever
    cannot have their way: `live_changed`, `gate`, `wrong_state`, `file` or `unusable`."""
    async with registry.database.read() as uow:
        model = await uow.models.get(model_id)
    if model is None:
        raise NotFound("There is no such model.")
    _check_not_recalled(model)
    if model.state not in ("candidate", "retired"):
        raise Conflict(
            f"A model that is '{model.state}' cannot be promoted.",
            code="wrong_state",
            detail={"state": model.state},
        )
    if not model.gate_passed and label(decision.reason) is None:
        raise Conflict(
            "The gate did not pass: promoting it nevertheless needs a reason.", code="gate"
        )
    path = await _whole(registry, model)
    await _make_ready(registry, model, path, make_ready)
    await _become_live(registry, model, path, decision, action="model.promote")


async def roll_back(registry: Registry, decision: Decision, make_ready: MakeReady) -> Model:
    """Answer customers with the model that was live before this one; returns it. Raises Conflict
    as `promote` does, and with `no_previous` when there is none."""
    async with registry.database.read() as uow:
        live = await uow.models.live()
        previous = await uow.models.get(live.previous) if live and live.previous else None
    if live is None or previous is None:
        raise Conflict("There is no earlier model to go back to.", code="no_previous")
    _check_expected(live, decision)
    _check_not_recalled(previous)
    path = await _whole(registry, previous)
    await _make_ready(registry, previous, path, make_ready)
    # Another promotion in between would make this go back to something else than was asked for.
    certain = Decision(decision.user_id, decision.reason, expected_live=live.id)
    await _become_live(registry, previous, path, certain, action="model.rollback")
    return previous


def _check_not_recalled(model: Model) -> None:
    if model.recalled_at is not None:
        raise Conflict(
            f"{model.id} learnt from messages that were erased since, and cannot be live again:"
            " train another.",
            code="recalled",
        )


async def _whole(registry: Registry, model: Model) -> Path:
    """The model's file, as it was when it was registered."""
    path = registry.file_of(model.id)
    if path is None:
        raise Conflict(
            f"The file of {model.id} is gone from {registry.folder.name}/: train another.",
            code="file",
        )
    try:
        found = await asyncio.to_thread(sha256_of, path)
    except SetupError as error:
        raise Conflict(f"{model.id}: {error.problem}.", code="file") from error
    if found != model.sha256:
        raise Conflict(
            f"The file of {model.id} is not the one that was trained (its SHA-256 differs).",
            code="file",
        )
    return path


async def _make_ready(registry: Registry, model: Model, path: Path, make_ready: MakeReady) -> None:
    try:
        await make_ready(path)
    except SetupError as error:
        words = f"This file cannot be used: {error.problem}."
        async with registry.database.write() as uow:
            await uow.models.change(model.id, [model.state], error=words)
        await tell(registry, model.id)
        raise Conflict(f"{words} {error.cure}", code="unusable") from error


async def _become_live(
    registry: Registry, model: Model, path: Path, decision: Decision, *, action: str
) -> None:
    at = now()
    is_back = action == "model.rollback"
    reason = label(decision.reason)
    placed: _Placed | None = None
    try:
        async with registry.database.write() as uow:
            live = await uow.models.lock_live()
            _check_expected(live, decision)
            if live is not None:
                await uow.models.change(live.id, ["live"], state="retired")
            became = await uow.models.change(
                model.id,
                ("candidate", "retired"),
                state="live",
                promoted_at=at,
                promoted_by=decision.user_id,
                reason=reason,
                error=None,
                # Gone back to, a model still knows what was live before it.
                previous=model.previous if is_back else live and live.id,
            )
            if not became:
                raise Conflict("Somebody else was first.", code="live_changed")
            await audit(
                uow,
                action,
                model.id,
                by=decision.user_id,
                at=at,
                details={
                    "before": live.id if live else None,
                    "has_reason": reason is not None,  # the words go with the model's row
                    "gate_passed": model.gate_passed,
                },
            )
            try:
                placed = _place(registry, path)
            except OSError as error:
                raise Conflict(
                    f"The file of {model.id} cannot be placed ({error.strerror}).", code="file"
                ) from error
    except BaseException as error:
        # Where nobody can tell it stays placed: the folder decides what is live, and the registry
        # is told of the file by whoever takes it. Taken back after all, it would be live in the
        # registry only, and could not be promoted any more.
        if placed is not None and await surely_not(registry, model.id, "live"):
            placed.take_back()
        if isinstance(error, IntegrityError):  # two at once, where no model was live before
            raise Conflict("Somebody else was first.", code="live_changed") from error
        raise
    await tell(registry, model.id, placed=path.name)
    await prune(registry)


def _check_expected(live: Model | None, decision: Decision) -> None:
    expected = decision.expected_live
    if expected is not None and (live is None or live.id != expected):
        raise Conflict(
            f"Somebody else was first: {live.id if live else 'no model'} is live now, and no"
            f" longer {expected}.",
            code="live_changed",
            detail={"live": live.id if live else None},
        )


@dataclass(frozen=True, slots=True)
class _Placed:
    """A file as it lies now, and how it lay before."""

    path: Path
    before: Path
    changed: int

    def take_back(self) -> None:
        self.path.replace(self.before)
        _touch(self.before, self.changed)


def _place(registry: Registry, path: Path) -> _Placed:
    """Make it the newest file of the folder, in steps that nobody sees half done."""
    changed = path.stat().st_mtime_ns
    newest = newest_model(registry.folder)
    latest = newest.stat().st_mtime_ns if newest is not None else 0
    _touch(path, max(time.time_ns(), latest + AFTER_THE_NEWEST_NS))
    there = registry.folder / path.name
    path.replace(there)
    return _Placed(there, path, changed)


def _touch(path: Path, changed: int) -> None:
    os.utime(path, ns=(changed, changed))
