"""WhatsApp's connector and its simulated Cloud API."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.connectors.whatsapp.line import Line, calling


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with calling() as opened:
        yield opened
