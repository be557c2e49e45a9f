"""The registry of models: where their files are, and which of them customers are answered with.

The folder decides what is live (docs/adr/0015-live-model.md); the registry writes down what it
decided. Promotion changes both at once, and a file that somebody else put there is noted when a
process has taken it.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.assistant.model import card_of, newest_model
from bot.auditing import audit
from bot.clock import now
from bot.events import Event, EventBus
from bot.model_files import Arrival
from bot.records import Model, ModelState
from bot.store.database import Database

log = logging.getLogger(__name__)

SUFFIX = ".tar.gz"
CANDIDATES = "candidates"


@dataclass(frozen=True, slots=True)
class Registry:
    """What is known of the models in `folder`; the bus tells pages and followers of changes."""

    database: Database
    bus: EventBus
    folder: Path

    @property
    def candidates(self) -> Path:
        """Where what may become live waits: the folder's own files are live, the newest of them."""
        return self.folder / CANDIDATES

    def file_of(self, model_id: str) -> Path | None:
        """The model's file, wherever it is; None when it is gone."""
        for folder in (self.folder, self.candidates):
            path = folder / f"{model_id}{SUFFIX}"
            if path.is_file():
                return path
        return None


def id_of(path: Path) -> str:
    return path.name.removesuffix(SUFFIX)


async def note(registry: Registry, arrival: Arrival) -> None:
    """Write down what a process found as the newest file: that it is live, or why it cannot be."""
    model_id = id_of(arrival.path)
    if arrival.problem is not None:
        changed = await _note_refused(registry, model_id, arrival.problem)
    else:
        changed = await _note_live(registry, arrival)
    if changed:
        await tell(registry, model_id)


async def tell(registry: Registry, model_id: str, **data: Any) -> None:
    """Ring for pages, and for followers when there is something `placed`."""
    await registry.bus.publish(Event("model", "", {"model_id": model_id, **data}))


async def surely_not(registry: Registry, model_id: str, state: ModelState) -> bool:
    """Whether the model is known not to be in this state, after a commit that was to bring it there
    was called off, or not answered: it may have been made, and may be under way still."""
    try:
        async with registry.database.write_alone() as uow:
            model = await uow.models.lock(model_id)
    except Exception as error:
        log.error("model_not_looked_up model=%s error=%s", model_id, type(error).__name__)
        return False
    return model is None or model.state != state


async def _note_live(registry: Registry, arrival: Arrival) -> bool:
    path, model_id = arrival.path, id_of(arrival.path)
    async with registry.database.read() as uow:
        live = await uow.models.live()
    if live is not None and (live.id, live.sha256) == (model_id, arrival.sha256):
        return False
    facts = await asyncio.to_thread(facts_of, path)
    async with registry.database.write() as uow:
        live = await uow.models.lock_live()
        # Promoted meanwhile, or noted by another process, or no longer the newest.
        if live is not None and (live.id, live.sha256) == (model_id, arrival.sha256):
            return False
        if newest_model(registry.folder) != path:
            return False
        at = now()
        previous = live.id if live is not None and live.id != model_id else None
        if live is not None:
            await uow.models.change(live.id, ["live"], state="retired")
        facts = {**facts, "sha256": arrival.sha256, "error": None, "promoted_at": at}
        known = await uow.models.get(model_id)
        if known is None:
            await uow.models.add(
                Model(model_id, "live", at, finished_at=at, previous=previous, **facts)
            )
        else:
            await uow.models.change(
                model_id,
                [known.state],
                **facts,
                state="live",
                promoted_by=None,
                reason=None,
                previous=previous or known.previous,
            )
        await audit(
            uow,
            "model.found",
            model_id,
            by=None,
            actor="bot",
            at=at,
            details={"before": live.id if live else None},
        )
    return True


async def _note_refused(registry: Registry, model_id: str, problem: str) -> bool:
    error = f"This file cannot be used: {problem}."
    async with registry.database.write() as uow:
        known = await uow.models.get(model_id)
        if known is None:
            at = now()
            await uow.models.add(Model(model_id, "failed", at, finished_at=at, error=error))
            return True
        return known.error != error and await uow.models.change(
            model_id, [known.state], error=error
        )


def facts_of(path: Path) -> dict[str, Any]:
    """What the file itself says. Blocks: it reads the archive."""
    card = card_of(path)
    return {
        "size": path.stat().st_size,
        "card": card,
        "data_sha256": card["data"]["sha256"] if card else None,
    }
