"""One server for a whole file of tests, and a client that keeps no cookies by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.live_model import Assistant
from bot.settings import load_settings
from tests.client import Warmline
from tests.conftest import ROOT, serving


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(
    tmp_path_factory: pytest.TempPathFactory, assistant: Assistant, shop_url: str
) -> AsyncIterator[Warmline]:
    """A whole server that the tests of one file share; each brings customers of its own."""
    folder: Path = tmp_path_factory.mktemp("house")
    settings = load_settings({"data_dir": str(folder)}, demo=True, project=ROOT, environment={})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
        async with serving(settings, assistant) as running_server:
            yield running_server


@pytest.fixture
async def bare(warmline: Warmline) -> AsyncIterator[aiohttp.ClientSession]:
    """Sends exactly the cookies and headers that a test names."""
    jar = aiohttp.DummyCookieJar()
    base = warmline.client.make_url("/")
    async with aiohttp.ClientSession(base, cookie_jar=jar) as session:
        yield session
