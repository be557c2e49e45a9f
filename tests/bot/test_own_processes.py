"""A server that was started as people start it can start processes of its own: Rasa, once loaded,
changes what asyncio does them with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp

from bot import demo
from tests.bot.test_restart import STARTED_SECONDS, Client, demo_server, free_port, project
from tests.client import API, eventually

__all__ = ["project"]


async def test_conflicts_are_found_beside_a_server(project: Path, database_url: str) -> None:
    port = free_port()
    async with (
        demo_server(project, port, database_url),
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        client = Client(session)
        sign_in = {"email": "lead@demo.test", "password": demo.PASSWORD}
        lead = (await client.call("POST", f"{API}/login", sign_in))["token"]
        await client.call("POST", f"{API}/conflicts", {}, lead)

        async def ended() -> dict[str, Any] | None:
            current: dict[str, Any] = await client.call("GET", f"{API}/conflicts", token=lead)
            return current if current["state"] != "running" else None

        assert (await eventually(ended, patience=STARTED_SECONDS))["state"] == "done"
