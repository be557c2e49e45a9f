"""The product as its users drive it: a REST customer, a widget visitor, an agent."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import web
from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request

from bot import demo

API = "/api/v1"
Client = TestClient[Request, Application]
# How long to wait for what must come. All is well long before; a busy machine takes its time.
PATIENCE_SECONDS = 30.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Warmline:
    """A running server and a client of it."""

    client: Client
    app: web.Application

    async def rest(self, sender: str, message: str, **metadata: str) -> list[dict[str, Any]]:
        """What Rasa's REST channel answers."""
        body = {"sender": sender, "message": message, "metadata": metadata}
        async with self.client.post("/webhooks/rest/webhook", json=body) as response:
            assert response.status == 200, await response.text()
            replies: list[dict[str, Any]] = await response.json()
            return replies

    async def texts(self, sender: str, message: str) -> list[str]:
        return [reply["text"] for reply in await self.rest(sender, message)]

    async def staff(self, email: str = "agent@demo.test") -> Staff:
        """Signed in as a program, with a token."""
        body = {"email": email, "password": demo.PASSWORD}
        async with self.client.post(f"{API}/login", json=body) as response:
            assert response.status == 200, await response.text()
            signed_in = await response.json()
        return Staff(self.client, signed_in["token"], signed_in["user"])

    async def visitor(self, customer_token: str | None = None) -> Visitor:
        """A widget with a session of its own."""
        body = {"customer_token": customer_token} if customer_token else {}
        async with self.client.post(f"{API}/widget/sessions", json=body) as response:
            assert response.status == 200, await response.text()
            return Visitor(self.client, (await response.json())["token"])

    async def waiting(self, staff: Staff, count: int = 1) -> list[dict[str, Any]]:
        """The queue, once this many are in it."""

        async def enough() -> list[dict[str, Any]] | None:
            items: list[dict[str, Any]] = (await staff.get("/handoffs"))["items"]
            return items if len(items) >= count else None

        return await eventually(enough)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with a bearer token."""

    client: Client
    token: str

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        status: int | None = 200,
        repeatable: bool = False,
    ) -> Any:
        """Told to ask again, it does where that may be done, as every client of the API."""
        headers = {"Authorization": f"Bearer {self.token}"}
        ends = time.monotonic() + PATIENCE_SECONDS
        while True:
            async with self.client.request(
                method, API + path, json=body if method != "GET" else None, headers=headers
            ) as response:
                text = await response.text()
                if not repeatable or response.status != 503 or time.monotonic() > ends:
                    assert status in (None, response.status), f"{response.status} {text}"
                    return await response.json() if text else None
            await asyncio.sleep(0.5)

    async def get(self, path: str, *, status: int = 200) -> Any:
        return await self.call("GET", path, status=status, repeatable=status == 200)

    async def post(self, path: str, body: object = None, *, status: int = 200) -> Any:
        return await self.call("POST", path, body or {}, status=status)


@dataclass(frozen=True, slots=True)
class Staff(Caller):
    user: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Visitor(Caller):
    async def say(self, text: str, payload: str | None = None) -> dict[str, Any]:
        """Repeatable by its id, as the widget's: a database that has to wait for a busy machine's
        disk refuses a message now and then, and loses none."""
        body = {"id": str(uuid.uuid4()), "text": text}
        if payload:
            body["payload"] = payload
        accepted: dict[str, Any] = await self.call(
            "POST", "/widget/messages", body, status=202, repeatable=True
        )
        message: dict[str, Any] = accepted["message"]
        return message

    async def look(self, after: int = 0, wait: float = 0, version: str = "") -> dict[str, Any]:
        path = f"/widget/conversation?after={after}&wait={wait}"
        seen: dict[str, Any] = await self.get(path + (f"&version={version}" if version else ""))
        return seen

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The conversation as the widget sees it, once it is as wanted."""

        async def seen() -> dict[str, Any] | None:
            state = await self.look()
            return state if wanted(state) else None

        return await eventually(seen)

    async def answer(self, text: str, payload: str | None = None) -> list[str]:
        """Say something and wait for the bot's answer to it."""
        message = await self.say(text, payload)

        def answered(state: dict[str, Any]) -> bool:
            return any(line["in_reply_to"] == message["id"] for line in state["messages"])

        state = await self.until(answered)
        return [line["text"] for line in state["messages"] if line["in_reply_to"] == message["id"]]


def again(text: str, times: int) -> str:
    """The same words with one letter in the other case: what is written more than ten times to the
    letter is kept without an answer."""
    letters = [at for at, one in enumerate(text) if one.isalpha()]
    at = letters[times % len(letters)]
    return text[:at] + text[at].swapcase() + text[at + 1 :]


async def eventually(
    look: Callable[[], Awaitable[T | None]], *, patience: float = PATIENCE_SECONDS
) -> T:
    """What `look` finds, as soon as that is something; fails when it is not within `patience`
    seconds."""
    ends = time.monotonic() + patience
    while True:
        found = await look()
        if found is not None:
            return found
        assert time.monotonic() < ends, "it did not happen in time"
        await asyncio.sleep(0.02)
