"""Beside everything else: a change of `handoff.yml` or `privacy.yml` that is taken over while the
program runs leaves a line in the audit log, one for all processes."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.clock import new_id, now
from bot.jobs import end
from bot.records import AuditEntry
from bot.services import Services

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
CHANGED = "settings.changed"


@asynccontextmanager
async def noting_settings(services: Services) -> AsyncIterator[None]:
    """For as long as the block runs."""
    running = asyncio.create_task(_note(services))
    try:
        yield
    finally:
        await end(running)


async def _note(services: Services) -> None:
    known = settings_of(services)
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await note_changes(services, known)
        except Exception as error:  # looked for again
            log.error("settings_not_followed error=%s", type(error).__name__)


async def note_changes(services: Services, known: dict[Path, Mapping[str, Any]]) -> None:
    """Write down what differs from what was `known`, and know it from then on."""
    for path, keys in settings_of(services).items():
        before = known.get(path, {})
        changed = sorted(
            key for key in before.keys() | keys.keys() if before.get(key) != keys.get(key)
        )
        if changed:
            content = await asyncio.to_thread(path.read_bytes)
            details = {"sha256": hashlib.sha256(content).hexdigest(), "keys": changed}
            entry = AuditEntry(new_id(), None, CHANGED, path.name, details, now(), "operator")
            async with services.database.write() as uow:
                await uow.audit_log.add_once(entry, by="sha256")
        known[path] = keys


def settings_of(services: Services) -> dict[Path, Mapping[str, Any]]:
    """What each file says now, by its keys."""
    found: dict[Path, Mapping[str, Any]] = {services.rules_file: services.rules.dict()}
    policy = services.privacy.now if services.privacy else None
    if services.privacy and policy:
        found[services.privacy.path] = policy.dict()
    return found
