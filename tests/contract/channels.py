"""A whole server with one channel switched on, and that channel's simulated provider beside it."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.live_model import Assistant
from bot.settings import load_settings
from simulator import PROVIDERS
from simulator.base import Block, Provider, ProviderRequest, Taken
from simulator.demo import simulated
from tests.client import Warmline, eventually
from tests.conftest import ROOT, put_migrated, serving

SITE = "https://chat.shop.test"


@dataclass(frozen=True, slots=True)
class Channel:
    """A server, and a provider whose customers write to it."""

    warmline: Warmline
    provider: Provider

    async def post(self, request: ProviderRequest, *, status: int = 200) -> str:
        """Send it as the provider does; the body of the answer."""
        path = request.url.removeprefix(SITE)
        async with self.warmline.client.request(
            request.method, path, data=io.BytesIO(request.body), headers=request.headers
        ) as answer:
            body = await answer.text()
            assert answer.status == status, body
            return body

    async def say(self, text: str, address: str | None = None) -> None:
        await self.post(self.provider.says(address or self.provider.address, text))

    async def hear(self, wanted: str, address: str | None = None) -> Taken:
        """The newest message to this customer in which these words are, once there is one."""

        async def heard() -> Taken | None:
            for taken in reversed(self.provider.taken):
                if taken.address == (address or self.provider.address) and wanted in taken.text:
                    return taken
            return None

        return await eventually(heard)

    def heard(self, address: str | None = None) -> list[str]:
        """All that was sent to this customer, in order."""
        wanted = address or self.provider.address
        return [taken.text for taken in self.provider.taken if taken.address == wanted]


@asynccontextmanager
async def opened(
    channel: str,
    assistant: Assistant,
    folder: Path,
    database_url: str | None = None,
    *,
    beside: Mapping[str, Block] | None = None,
    site: str = SITE,
) -> AsyncIterator[Channel]:
    """The channel alone, but for those `beside` it, on a server with a database of its own."""
    block = dict(simulated("a secret of the test's own, long enough", 8080)[channel])
    provider = PROVIDERS[channel](block, f"{SITE}/webhooks/{channel}/webhook")
    api = web.Application()
    api.add_routes(provider.routes())
    async with TestServer(api) as server:
        block["api_url"] = str(server.make_url("")).rstrip("/")
        path = folder / "credentials.yml"
        path.write_text(json.dumps({**(beside or {}), channel: block}), "utf-8")  # YAML, too
        options = {
            "credentials": str(path),
            "data_dir": str(folder),
            "database_url": database_url,
            "public_url": site,
        }
        if database_url is None and not (folder / "warmline.db").exists():
            put_migrated(folder)
        settings = load_settings(options, demo=True, project=ROOT, environment={})
        async with serving(settings, assistant) as warmline:
            yield Channel(warmline, provider)
