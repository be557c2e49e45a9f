"""A real browser for the tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bench.browser import NAMES, find_browser
from tests.browser.stage import REQUIRED, Stage, is_required, playing
from tests.client import Warmline


@pytest.fixture
async def stage(warmline: Warmline) -> AsyncIterator[Stage]:
    """Chromium, gone before the server is; the test fails when a page complained."""
    executable = find_browser()
    if executable is None:
        words = f"no browser: none of {', '.join(NAMES)} is on the path"
        if is_required():
            pytest.fail(f"{words}, and {REQUIRED} is set")
        pytest.skip(words)
    async with playing(executable) as opened:
        yield opened
        assert opened.complaints == []
