"""The services that reading labels and the log needs, for a command that takes no turns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.assistant.model import load_assistant
from bot.coordination import coordinated
from bot.events import EventBus
from bot.live_model import LiveModel
from bot.services import Services
from bot.settings import Settings
from bot.store.database import Database


@asynccontextmanager
async def offline_services(
    settings: Settings, model: Path, database: Database, bus: EventBus
) -> AsyncIterator[Services]:
    """With this model as the live one."""
    assistant = await asyncio.to_thread(load_assistant, model, settings.project / "endpoints.yml")
    async with coordinated(None) as alone:
        try:
            live = LiveModel(assistant)
            rules_file = settings.project / "handoff.yml"
            yield Services(database, bus, alone.queue, live, rules_file)
        finally:
            assistant.close()
