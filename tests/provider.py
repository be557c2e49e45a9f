"""A provider that takes messages over HTTP, fails as told, and a connector that talks to it."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import formatdate

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.clock import now
from bot.events import line_to_send
from bot.intake import receive
from bot.messages import (
    Delivery,
    InboundMessage,
    Limit,
    OutboundMessage,
    Receipt,
    ReceiptUpdate,
    WebhookRequest,
)
from bot.services import Services
from bot.transcript import add_message
from connectors.base import json_object
from connectors.http import ProviderClient, accepted
from tests.processes import message

ANSWER_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Call:
    """One try to send; `reference` is our message id, `until` what a 429 told."""

    at: float
    to: str
    text: str
    reference: str
    trouble: str
    until: float


@dataclass
class FakeProvider:
    """Takes everything, but for the `troubles` in line and each trouble's share of all calls.

    Troubles: "500", "400", "429" (with `retry_after`), "429 date", "hang" and "reset", which are
    before the message is accepted, and "hang after" and "reset after". "slow" is accepted late.
    """

    shares: Mapping[str, float] = field(default_factory=dict)
    seed: int = 1
    retry_after: int = 1
    troubles: deque[str] = field(default_factory=deque)
    calls: list[Call] = field(default_factory=list)
    taken: list[Call] = field(default_factory=list)
    looks: list[str] = field(default_factory=list)
    looks_fail: int = 0
    url: str = ""

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311

    def texts(self, to: str | None = None) -> list[str]:
        """What was accepted, in order."""
        return [call.text for call in self.taken if to in (None, call.to)]

    def most_early(self) -> int:
        """Of the calls after a 429 that came before the time it had told, the most after one."""
        return max(
            sum(told.at < call.at < told.until for call in self.calls)
            for told in self.calls
            if told.until
        )

    def _trouble(self) -> str:
        if self.troubles:
            return self.troubles.popleft()
        drawn = self._random.random()
        for trouble, share in self.shares.items():
            drawn -= share
            if drawn < 0:
                return trouble
        return ""

    async def take(self, request: web.Request) -> web.StreamResponse:
        said = await request.json()
        at, trouble = time.time(), self._trouble()
        until = 0.0
        if trouble == "429":
            until = at + self.retry_after
        elif trouble == "429 date":
            until = float(int(at) + self.retry_after)
        call = Call(at, said["to"], said["text"], said["reference"], trouble, until)
        self.calls.append(call)
        if trouble in ("400", "500"):
            return web.json_response({"error": "no"}, status=int(trouble))
        if trouble.startswith("429"):
            told = formatdate(until, usegmt=True) if "date" in trouble else f"{self.retry_after}"
            return web.Response(status=429, headers={"Retry-After": told})
        if trouble == "slow":
            await asyncio.sleep(ANSWER_SECONDS / 2)
        if trouble not in ("hang", "reset"):
            self.taken.append(call)
        if trouble.startswith("hang"):
            await asyncio.sleep(60)
        if trouble.startswith("reset") and request.transport is not None:
            request.transport.abort()
        return web.json_response({"id": provider_id(call.reference)})

    async def find(self, request: web.Request) -> web.StreamResponse:
        reference = request.query["reference"]
        self.looks.append(reference)
        if self.looks_fail:
            self.looks_fail -= 1
            return web.Response(status=500)
        found = [{"id": provider_id(c.reference)} for c in self.taken if c.reference == reference]
        return web.json_response({"messages": found})


def provider_id(reference: str) -> str:
    return f"provider's {reference}"


@asynccontextmanager
async def provider(**options: object) -> AsyncIterator[FakeProvider]:
    """A provider that listens, until the block ends."""
    fake = FakeProvider(**options)  # type: ignore[arg-type]
    app = web.Application()
    app.router.add_post("/messages", fake.take)
    app.router.add_get("/messages", fake.find)
    server = TestServer(app)
    await server.start_server()
    fake.url = str(server.make_url("/messages"))
    try:
        yield fake
    finally:
        await server.close()


class BlindConnector:
    """A channel as real providers have it: no message may be repeated, and none can be found.

    Messages and receipts come by webhook.
    """

    delivery: Delivery = "push"
    repeatable = False

    def __init__(
        self,
        url: str,
        *,
        name: str = "acme",
        limit: Limit | None = None,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self.name = name
        self.limit = limit
        self._url = url
        self._client = ProviderClient(answer_seconds=answer_seconds)

    async def send(self, outbound: OutboundMessage) -> Receipt:
        body = {"to": outbound.address, "text": outbound.text, "reference": outbound.id}
        content = accepted(await self._client.post(self._url, json=body))
        return Receipt("sent", provider_id=content["id"])

    async def aclose(self) -> None:
        await self._client.aclose()

    def verify(self, request: WebhookRequest) -> None:
        """Nothing to prove here."""

    def parse(self, request: WebhookRequest) -> list[InboundMessage]:
        return [
            message(said["text"], said["from"], channel=self.name, external_id=said["id"])
            for said in json_object(request.body).get("messages", [])
        ]

    def receipts(self, request: WebhookRequest) -> list[ReceiptUpdate]:
        return [
            ReceiptUpdate(said["id"], said["state"], said.get("error"))
            for said in json_object(request.body).get("receipts", [])
        ]


class ProviderConnector(BlindConnector):
    """The same, and what was sent can be found by our own id."""

    async def look(self, outbound: OutboundMessage) -> Receipt | None:
        answer = await self._client.get(self._url, query={"reference": outbound.id})
        found = accepted(answer)["messages"]
        return Receipt("sent", provider_id=found[0]["id"]) if found else None


async def write(services: Services, address: str, *texts: str, channel: str = "acme") -> list[str]:
    """Messages to an address that nobody has sent yet; their ids."""
    said = await receive(services, message("hello", address, channel=channel))
    ids = []
    async with services.database.write() as uow:
        conversation = await uow.conversations.lock(said.message.conversation_id)
        assert conversation is not None
        for text in texts:
            line, conversation = await add_message(
                uow, conversation, author="bot", text=text, at=now()
            )
            ids.append(line.id)
    for line_id in ids:
        said_in = said.message.conversation_id
        await services.bus.publish(line_to_send(said_in, line_id, channel))
    return ids
