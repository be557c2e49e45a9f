"""The services that reading labels and the log needs, for a command that takes no turns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.accounts import open_database
from bot.assistant.model import load_assistant
from bot.coordination import coordinated
from bot.live_model import LiveModel
from bot.services import Services
from bot.settings import Settings


@asynccontextmanager
async def offline_services(settings: Settings, model: Path) -> AsyncIterator[Services]:
    """With this model as the live one; nobody is told of anything."""
    endpoints = settings.project / "endpoints.yml"
    async with open_database(settings.database_url) as database, coordinated(None) as alone:
        assistant = await asyncio.to_thread(load_assistant, model, endpoints)
        try:
            live = LiveModel(assistant)
            rules_file = settings.project / "handoff.yml"
            yield Services(database, alone.bus, alone.queue, live, rules_file)
        finally:
            assistant.close()
