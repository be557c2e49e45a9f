"""A real browser for the tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.browser.stage import Stage, staged
from tests.client import Warmline


@pytest.fixture
async def stage(warmline: Warmline) -> AsyncIterator[Stage]:
    """Chromium, gone before the server is; the test fails when a page complained."""
    async with staged() as opened:
        yield opened
