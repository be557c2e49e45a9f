"""Who writes and reads while processes go and come: a widget, a phone on Socket.IO, an agent.

Each is connected to one of two gateways, goes to the other when that one goes away, and there
does what its page does: reads on from the last sequence number, and says again what was not
acknowledged. `waits` are the seconds from asking, or from the last connecting, to the answer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import aiohttp
import socketio

from tests.client import API, again

PATIENCE_SECONDS = 30.0
PAUSE_SECONDS = 0.1  # between two attempts to connect
READING_SECONDS = 0.7  # between an answer and the next question
Line = dict[str, Any]


class Away(Exception):
    """The gateway has gone."""


class Gateways:
    """The addresses, and which one this person uses; `over` when they shall stop."""

    def __init__(self, ports: tuple[int, ...], first: int, over: asyncio.Event) -> None:
        self._urls = [f"http://127.0.0.1:{port}" for port in ports]
        self._now = first
        self.over = over

    @property
    def url(self) -> str:
        return self._urls[self._now]

    async def turn_to_another(self) -> None:
        self._now = (self._now + 1) % len(self._urls)
        await asyncio.sleep(PAUSE_SECONDS)


class Person:
    """Asks one thing after the other, each until it is answered."""

    def __init__(self, gateways: Gateways) -> None:
        self.gateways = gateways
        self.asked = 0
        self.waits: list[float] = []

    async def chat(self, text: str) -> None:
        while not self.gateways.over.is_set():
            await self.ask(again(text, self.asked))
            await asyncio.sleep(READING_SECONDS)

    async def ask(self, text: str) -> None:
        self.asked += 1
        while True:
            try:
                await self.connect()
                since = time.monotonic()
                await asyncio.wait_for(self.say_and_hear(text), PATIENCE_SECONDS)
            except (Away, aiohttp.ClientError, socketio.exceptions.SocketIOError):
                await self.gateways.turn_to_another()
                continue
            self.waits.append(time.monotonic() - since)
            return

    async def connect(self) -> None:
        raise NotImplementedError

    async def say_and_hear(self, text: str) -> None:
        raise NotImplementedError


class Widget(Person):
    """`lines` by sequence number, as the page keeps them: one that comes again changes nothing."""

    def __init__(self, gateways: Gateways, session: aiohttp.ClientSession, token: str) -> None:
        super().__init__(gateways)
        self.token = token
        self.lines: dict[int, Line] = {}
        self._session = session
        self._socket: aiohttp.ClientWebSocketResponse[bool] | None = None
        self._said: tuple[int, int] = (0, 0)  # the question, and how often it was said

    async def connect(self) -> None:
        if self._socket is not None and not self._socket.closed:
            return
        self._socket = await self._session.ws_connect(f"{self.gateways.url}{API}/widget/socket")
        hello = {"type": "hello", "token": self.token, "after": max(self.lines, default=0)}
        await self._socket.send_json(hello)
        await self._until(lambda frame: frame["type"] == "ready")

    async def say_and_hear(self, text: str) -> None:
        assert self._socket is not None
        if self._own() is None:
            times = self._said[1] + 1 if self._said[0] == self.asked else 1
            self._said = (self.asked, times)
            said = {"type": "message", "id": str(self.asked), "text": text}
            with suppress(ConnectionResetError):
                await self._socket.send_json(said)
        if not self._is_answered():
            await self._until(lambda _: self._is_answered())

    def replies(self, message_id: str) -> list[Line]:
        return [line for line in self.lines.values() if line["in_reply_to"] == message_id]

    def own(self) -> list[Line]:
        return [line for line in self.lines.values() if line["author"] == "customer"]

    def _own(self) -> Line | None:
        return next((line for line in self.own() if line["client_id"] == str(self.asked)), None)

    def _is_answered(self) -> bool:
        own = self._own()
        return own is not None and bool(self.replies(own["id"]))

    async def _until(self, wanted: Callable[[dict[str, Any]], bool]) -> None:
        assert self._socket is not None
        while True:
            frame = await next_frame(self._socket)
            if frame["type"] == "message":
                line = frame["message"]
                known = self.lines.setdefault(line["seq"], line)
                assert known["id"] == line["id"], "another line under the same number"
            if wanted(frame):
                return


class Phone(Person):
    """Rasa's widget with an id on each message; `heard` are the texts it was sent."""

    def __init__(self, gateways: Gateways, session: aiohttp.ClientSession, session_id: str) -> None:
        super().__init__(gateways)
        self._session = session
        self.heard: list[str] = []
        self._session_id = session_id
        self._client: Any = None
        self._acknowledged = 0

    async def connect(self) -> None:
        if self._client is not None and self._client.connected:
            return
        self._client = socketio.AsyncClient(reconnection=False, http_session=self._session)
        self._client.on("bot_uttered", lambda said: self.heard.append(said["text"]))
        await self._client.connect(self.gateways.url, transports=["websocket"])
        await self._client.emit("session_request", {"session_id": self._session_id})

    async def say_and_hear(self, text: str) -> None:
        if self._acknowledged < self.asked:
            number = self.asked
            metadata = {"message_id": str(number)}
            said = {"message": text, "session_id": self._session_id, "metadata": metadata}

            def acknowledge(*_: object) -> None:
                self._acknowledged = number

            await self._client.emit("user_uttered", said, callback=acknowledge)
        while self._acknowledged < self.asked or len(self.heard) < self.asked:
            if not self._client.connected:
                raise Away
            await asyncio.sleep(0.02)

    async def hang_up(self) -> None:
        if self._client is not None:
            await self._client.disconnect()


class Agent:
    """Has a conversation open on the desk and answers every line of the customer, once."""

    def __init__(
        self,
        gateways: Gateways,
        session: aiohttp.ClientSession,
        token: str,
        conversation_id: str,
        read: set[str],
    ) -> None:
        self._gateways = gateways
        self._session = session
        self._headers = {"Authorization": f"Bearer {token}"}
        self._token = token
        self._conversation_id = conversation_id
        self.read = read  # the customer's messages, by id, that need no further answer

    async def work(self) -> None:
        while not self._gateways.over.is_set():
            with suppress(Away, aiohttp.ClientError):
                await self._watch()
            await self._gateways.turn_to_another()

    async def _watch(self) -> None:
        async with self._session.ws_connect(f"{self._gateways.url}{API}/live") as socket:
            await socket.send_json({"type": "hello", "token": self._token})
            while True:
                frame = await next_frame(socket)
                if frame["type"] in ("ready", "resync"):
                    found = await self._call("GET", "")
                    for line in found["messages"]:
                        await self._answer(line)
                elif frame.get("conversation_id") == self._conversation_id and "message" in frame:
                    await self._answer(frame["message"])

    async def _answer(self, line: Line) -> None:
        if line["author"] != "customer" or line["id"] in self.read:
            return
        body = {"id": f"answer-{line['id']}", "text": f"About {line['text']}"}
        await self._call("POST", "/messages", body)
        self.read.add(line["id"])

    async def _call(self, method: str, path: str, body: object = None) -> Any:
        url = f"{self._gateways.url}{API}/conversations/{self._conversation_id}{path}"
        async with self._session.request(method, url, json=body, headers=self._headers) as answer:
            if answer.status >= 500:
                raise Away
            assert answer.status < 300, await answer.text()
            return await answer.json()


async def next_frame(socket: aiohttp.ClientWebSocketResponse[bool]) -> dict[str, Any]:
    """Raises Away when the socket was closed."""
    message = await socket.receive()
    if message.type is not aiohttp.WSMsgType.TEXT:
        await socket.close()
        raise Away
    frame: dict[str, Any] = message.json()
    return frame
