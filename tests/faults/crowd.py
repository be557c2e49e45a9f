"""Customers who say things until they are acknowledged, whichever process takes them."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.clock import new_id
from tests.bot.rolling import Gateways
from tests.client import API, again
from tests.provider import FakeProvider

QUESTION = "when are you open?"
REFUND = "where is my order 10432? my postcode is BS1 4DJ"
REFUND_TWICE = "where is my order 10432 twice? my postcode is BS1 4DJ"
WANTED = {QUESTION: 0, REFUND: 1, REFUND_TWICE: 2}
LONGEST_REQUEST = aiohttp.ClientTimeout(total=10)
LOOK_SECONDS = 0.1
CHANNELS = ("web",) * 6 + ("acme",) * 3 + ("blind",) * 3
HOW_OFTEN = {QUESTION: 6, REFUND: 3, REFUND_TWICE: 1}
# Of an answer on the blind channel nobody can be sure: then its customer goes on.
PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Said:
    """A message that was acknowledged; `id` is its `external_id`, `at` monotonic seconds."""

    channel: str
    id: str
    text: str
    at: float


class Customer:
    """Somebody on a channel, who remembers what they said; `waits` are the seconds from being
    acknowledged to the answer."""

    channel: str

    def __init__(self, gateways: Gateways, session: aiohttp.ClientSession) -> None:
        self.said: list[Said] = []
        self.waits: list[float] = []
        self._gateways = gateways
        self._session = session

    async def say(self, text: str) -> Said:
        """Say it, with the same id again, until somebody takes it."""
        said_id = await self._say(new_id(), again(text, len(self.said)))
        said = Said(self.channel, said_id, text, time.monotonic())
        self.said.append(said)
        return said

    async def chat(self, chance: random.Random) -> None:
        """Say one thing after the other until it is over."""
        while not self._gateways.over.is_set():
            said = await self.say(chance.choices(*zip(*HOW_OFTEN.items(), strict=True))[0])
            if await self._answered_by(said.at + PATIENCE_SECONDS):
                self.waits.append(time.monotonic() - said.at)

    async def answered(self) -> bool:
        """Whether there is an answer to the message said last."""
        raise NotImplementedError

    async def _answered_by(self, ends: float) -> bool:
        while not await self.answered():
            if time.monotonic() > ends:
                return False
            await asyncio.sleep(LOOK_SECONDS)
        return True

    async def _say(self, id_: str, text: str) -> str:
        raise NotImplementedError

    async def _call(self, method: str, path: str, body: object = None, token: str = "") -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        while True:
            with suppress(aiohttp.ClientError, asyncio.TimeoutError):
                async with self._session.request(
                    method,
                    self._gateways.url + path,
                    json=body,
                    headers=headers,
                    timeout=LONGEST_REQUEST,
                ) as answer:
                    if answer.status < 300:
                        return await answer.json()
                    assert answer.status >= 500, f"{answer.status} {await answer.text()}"
            await self._gateways.turn_to_another()


class Visitor(Customer):
    """With the widget."""

    channel = "web"
    _token = ""

    async def lines(self) -> list[dict[str, Any]]:
        found = await self._call("GET", f"{API}/widget/conversation", token=self._token)
        lines: list[dict[str, Any]] = found["messages"]
        return lines

    async def answered(self) -> bool:
        lines = await self.lines()
        asked = [line["id"] for line in lines if line["author"] == "customer"]
        return any(line["in_reply_to"] == asked[-1] for line in lines)

    async def _say(self, id_: str, text: str) -> str:
        if not self._token:
            self._token = (await self._call("POST", f"{API}/widget/sessions", {}))["token"]
        body = {"id": id_, "text": text}
        await self._call("POST", f"{API}/widget/messages", body, self._token)
        return id_


class Texter(Customer):
    """On a provider's channel: the provider posts what they say, and takes what they are sent."""

    def __init__(
        self,
        gateways: Gateways,
        session: aiohttp.ClientSession,
        channel: str,
        address: str,
        provider: FakeProvider,
    ) -> None:
        super().__init__(gateways, session)
        self.channel = channel
        self.address = address
        self._provider = provider

    async def answered(self) -> bool:
        got = {call.reference for call in self._provider.taken if call.to == self.address}
        return len(got) >= len(self.said)

    async def _say(self, id_: str, text: str) -> str:
        body = {"messages": [{"id": id_, "from": self.address, "text": text}]}
        await self._call("POST", f"/webhooks/{self.channel}/webhook", body)
        return id_
