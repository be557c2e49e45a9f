"""Our use cases called in this process, one after the other: no HTTP, no worker, no waiting."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.context import close_shop
from actions.context.demo import seed
from bench.programs import ROOT
from bench.servers import make_warmline_model
from bot.assistant.model import load_assistant
from bot.clock import new_id
from bot.delivery import collect
from bot.events import MemoryEventBus, MemoryTurnQueue
from bot.intake import receive
from bot.live_model import LiveModel
from bot.messages import InboundMessage, OutboundMessage
from bot.services import Services
from bot.store.database import Database
from bot.store.schema import upgrade
from bot.turn import take_turns


@dataclass(frozen=True, slots=True)
class InProcess:
    """Services that nobody else uses; the assistant is Rasa's, so its parts are not typed."""

    services: Services
    assistant: Any

    async def say(self, address: str, text: str) -> Sequence[OutboundMessage]:
        """One message of one customer, from the request to the answer, as the REST channel does."""
        message_id = f"{address}:{new_id()}"
        received = await receive(self.services, InboundMessage("rest", address, message_id, text))
        await take_turns(self.services, await self.services.queue.next())
        return await collect(self.services, received, address)


@asynccontextmanager
async def assistant_and_shop() -> AsyncIterator[Any]:
    """The assistant, and a new demo shop for its actions."""
    assistant = load_assistant(await make_warmline_model(), ROOT / "endpoints.yml")
    try:
        with tempfile.TemporaryDirectory(prefix="warmline-bench-") as folder:
            shop = f"sqlite+aiosqlite:///{Path(folder) / 'shop.db'}"
            await seed(shop)
            os.environ["WARMLINE_SHOP_DATABASE_URL"] = shop
            yield assistant
            await close_shop()
    finally:
        assistant.close()


@asynccontextmanager
async def in_process(database_url: str, assistant: Any) -> AsyncIterator[InProcess]:
    """The services over this database, brought to the newest schema."""
    database = Database(database_url)
    try:
        await upgrade(database)
        bus, queue = MemoryEventBus(), MemoryTurnQueue()
        yield InProcess(
            Services(database, bus, queue, LiveModel(assistant), ROOT / "handoff.yml"), assistant
        )
    finally:
        await database.aclose()
