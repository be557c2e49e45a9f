"""The widget's WebSocket: catch up from the last sequence number seen, then live."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.clock import now
from bot.errors import InvalidInput, NotSignedIn, WarmlineError
from bot.events import Subscription
from desk import sockets
from desk.client_address import client_address
from desk.edge.rates import MESSAGES, OWN_LIMITS, check_rate
from desk.routes import Call, Route
from desk.sockets import Frame
from desk.visitors import Visitor, VisitorTokens
from desk.widget_routes import LARGEST_SEQ, checked_client_id
from desk.widget_thread import concerns, mark_seen, say, show_typing, snapshot


class WidgetSocket:
    def __init__(self, visitors: VisitorTokens) -> None:
        self._visitors = visitors

    def table(self) -> list[Route]:
        return [
            Route(
                "GET",
                "/widget/socket",
                "customer",
                "The same as long polling, as a WebSocket",
                self.connect,
                is_socket=True,
            )
        ]

    async def connect(self, call: Call) -> web.WebSocketResponse:
        async with sockets.open_socket(call.request) as socket:
            first = await sockets.hello(socket)
            visitor = self._visitors.read(sockets.token_of(first))
            after = _seq((first or {}).get("after", 0))
            await _Connection(call, socket, visitor, after).run()
        return socket


class _Connection:
    """One open socket: what it has been sent, and what it sends."""

    def __init__(
        self,
        call: Call,
        socket: web.WebSocketResponse,
        visitor: Visitor,
        after: int,
    ) -> None:
        self._request = call.request
        self._services = call.services
        self._socket = socket
        self._visitor = visitor
        self._after = after
        self._version = ""
        self._conversation_id: str | None = None

    async def run(self) -> None:
        with self._services.bus.subscribe(
            lambda event: concerns(event, self._conversation_id, self._visitor)
        ) as events:
            seen = await snapshot(self._services, self._visitor, after=self._after)
            # From here on its events are known as ours; `_show` reads what came before.
            self._conversation_id = seen.conversation.id if seen.conversation else None
            await sockets.send(self._socket, "ready", conversation=seen.conversation)
            self._version = seen.version
            await self._show()
            await sockets.first_to_end(
                [
                    asyncio.create_task(self._push(events)),
                    asyncio.create_task(sockets.listen(self._request, self._socket, self._obey)),
                    asyncio.create_task(_end_with(self._visitor)),
                ]
            )

    async def _push(self, events: Subscription) -> None:
        while True:
            event = await events.next()
            if event.type == "typing":
                if event.data["author"] != "customer":
                    await sockets.send(self._socket, "typing", **event.data)
                continue
            await self._show()

    async def _show(self) -> None:
        """Send every message this socket has not had, and the conversation if it changed."""
        seen = await snapshot(self._services, self._visitor, after=self._after)
        own = seen.conversation.id if seen.conversation else None
        if own != self._conversation_id:
            had_one, self._conversation_id = self._conversation_id is not None, own
            if had_one:
                # Joined with another customer, or taken apart again: a thread shown from its start.
                self._after, self._version = 0, seen.version
                await sockets.send(self._socket, "conversation", conversation=seen.conversation)
            # What happened during the first look was not yet known as ours.
            seen = await snapshot(self._services, self._visitor, after=self._after)
        for message in seen.messages:
            if message.seq > self._after:
                self._after = message.seq
                await sockets.send(self._socket, "message", message=message)
        if seen.version != self._version:
            self._version = seen.version
            await sockets.send(self._socket, "conversation", conversation=seen.conversation)

    async def _obey(self, frame: Frame) -> None:
        try:
            await self._do(frame)
        except WarmlineError as error:
            await sockets.send(self._socket, "error", **error.as_json(), id=frame.get("id"))

    async def _do(self, frame: Frame) -> None:
        if frame["type"] == "message":
            payload = frame.get("payload")
            if payload is not None and not isinstance(payload, str):
                raise InvalidInput("payload", "'payload' must be a text.")
            await check_rate(self._services.limits, MESSAGES, client_address(self._request))
            received = await say(
                self._services,
                self._visitor,
                client_id=checked_client_id(frame.get("id")),
                text=frame.get("text"),
                payload=payload,
            )
            if received.duplicate:
                # The client has lost the echo of its message: bring everything again from there.
                self._after = min(self._after, received.message.seq - 1)
            await self._show()
        elif frame["type"] == "typing":
            await show_typing(self._services, self._visitor, limits=self._request.app[OWN_LIMITS])
        elif frame["type"] == "seen":
            await mark_seen(self._services, self._visitor, _seq(frame.get("seq")))
        elif frame["type"] == "ping":
            await sockets.send(self._socket, "pong")
            await self._show()  # another tab may have begun the conversation
        else:
            raise InvalidInput("type", f"There is no frame of type '{frame['type'][:40]}'.")


async def _end_with(visitor: Visitor) -> None:
    """Raise NotSignedIn once the visitor's token has ended."""
    await asyncio.sleep((visitor.until - now()).total_seconds())
    raise NotSignedIn("This chat session has ended.", code="session_expired")


def _seq(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST_SEQ:
        raise InvalidInput("seq", "A sequence number is a whole number, 0 or more.")
    return value
