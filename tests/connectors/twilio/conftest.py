"""An account at the simulated Twilio."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.connectors.twilio.account import Account, account


@pytest.fixture
async def twilio() -> AsyncIterator[Account]:
    async with account() as opened:
        yield opened
