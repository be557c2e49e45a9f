"""Pruning: old models' files are deleted, and what is known of them stays."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from bot.auditing import audit
from bot.clock import now
from bot.learning.registry import Registry, tell

log = logging.getLogger(__name__)

KEPT = 10  # besides the live model and the one before it


async def prune(registry: Registry) -> None:
    """Delete the files that nobody goes back to, or may. The rows say so first: a file that
    outlives a crash in between takes room, and a row without its file would mislead."""
    async with registry.database.write() as uow:
        live = await uow.models.lock_live()
        spare: list[str] = []
        if live is not None:
            kept = [model_id for model_id in (live.id, live.previous) if model_id is not None]
            spare = await uow.models.spare(kept=kept, newest=KEPT)
        recalled = await uow.models.recalled()
        at = now()
        for model_id in sorted({*spare, *recalled}):
            if not await uow.models.change(model_id, ("candidate", "retired"), state="pruned"):
                continue
            await audit(uow, "model.prune", model_id, by=None, actor="bot", at=at)
    if spare or recalled:
        # Of one that is recalled also a file that was left behind, or put back.
        await asyncio.to_thread(_delete, registry, [*spare, *recalled])
        await tell(registry, live.id if live else "")


def _delete(registry: Registry, model_ids: Sequence[str]) -> None:
    for model_id in model_ids:
        path = registry.file_of(model_id)
        try:
            if path is not None:
                path.unlink()
        except OSError as error:
            log.warning("model_not_deleted model=%s error=%s", model_id, type(error).__name__)
