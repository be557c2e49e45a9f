"""The demo shop in each kind of database, to be copied; and two processes over one database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.services import Services
from tests.actions.context.seeded import seeded_database as seeded_database
from tests.actions.context.seeded import seeded_file as seeded_file
from tests.processes import EchoAssistant, processes


@pytest.fixture
async def pair(database_url: str) -> AsyncIterator[tuple[Services, ...]]:
    """Two processes."""
    async with processes(database_url, EchoAssistant(), EchoAssistant()) as started:
        yield started
