"""Rasa's Socket.IO channel, so that existing Rasa widgets connect unchanged.

Contract: `session_request` / `session_confirm`, `user_uttered` in, `bot_uttered` out, with buttons
as `quick_replies`. Messages for somebody who is away are held until they come back.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import socketio
from aiohttp import web

from bot.errors import InvalidInput, TooMany, Unavailable, WarmlineError
from bot.messages import Delivery, InboundMessage, Limit, OutboundMessage, Receipt
from connectors import shallow_json
from connectors.base import Block, check_block
from connectors.fields import LONGEST_ID, identifier_or_none, mapping

log = logging.getLogger(__name__)
Receive = Callable[[InboundMessage], Awaitable[None]]
Wake = Callable[[str, str], Awaitable[None]]
PATH = "/socket.io/"
LARGEST_FRAME = 128 * 1024  # as of the widget's socket
MOST_UNREAD = 1_000  # packets for somebody who does not take them; they wait in memory
_WITH_BYTES = ("5", "6")  # packets of which parts follow, in as many frames as they say


class Door(Protocol):
    """What the server asks of whoever connects, by any way; each raises what it refuses with."""

    def check_page(self, request: web.Request) -> None: ...

    async def check_frame(self, socket_id: str, request: web.Request) -> None: ...

    async def check_message(self, request: web.Request) -> None: ...


class SocketIOConnector:
    """A Socket.IO server beside the web application; every session is a room."""

    name = "socketio"
    delivery: Delivery = "push"
    repeatable = True
    limit: Limit | None = None

    def __init__(self, *, user_event: str, bot_event: str, persistent: bool) -> None:
        self._user_event = user_event
        self._bot_event = bot_event
        self._persistent = persistent
        self._server = socketio.AsyncServer(
            async_mode="aiohttp",
            # The door has looked whose page it is: this only has the headers written for it.
            cors_allowed_origins="*",
            max_http_buffer_size=LARGEST_FRAME,
            json=shallow_json,
            # What one client says is taken in as it was said: not its events all at once.
            async_handlers=False,
            # Without one of ours, each writes to standard error past our own log.
            logger=logging.getLogger("socketio.server"),
            engineio_logger=logging.getLogger("engineio.server"),
        )

    @classmethod
    def from_credentials(cls, block: Block) -> SocketIOConnector:
        known = {"user_message_evt": str, "bot_message_evt": str, "session_persistence": bool}
        check_block(cls.name, block, known)
        return cls(
            user_event=block.get("user_message_evt", "user_uttered"),
            bot_event=block.get("bot_message_evt", "bot_uttered"),
            persistent=block.get("session_persistence", False),
        )

    def attach(self, app: web.Application, *, receive: Receive, wake: Wake, door: Door) -> None:
        """Serve `/socket.io/` to whom `door` lets in; `receive` takes messages in, `wake` sends
        what was held."""

        async def handle(request: web.Request) -> web.StreamResponse:
            door.check_page(request)
            try:
                answer: web.StreamResponse = await self._server.handle_request(request)
            except ValueError as error:
                raise InvalidInput("packet", "This is no packet of Socket.IO.") from error
            return answer

        for method in ("GET", "POST", "OPTIONS"):
            app.router.add_route(method, PATH, handle)

        async def stop(_app: web.Application) -> None:
            for socket in list(self._server.eio.sockets.values()):
                # Not until it has taken what is left: one that polls no more never does.
                await socket.close(wait=False)
            await self._server.shutdown()

        app.on_shutdown.append(stop)

        async def session_request(sid: str, data: object = None, *_more: object) -> None:
            session = _session(data) or uuid.uuid4().hex
            if self._persistent:
                await self._server.enter_room(sid, session)
            await self._server.emit("session_confirm", session, room=sid)
            await wake(self.name, session if self._persistent else sid)

        async def user_uttered(sid: str, data: object = None, *_more: object) -> None:
            await door.check_message(self._server.get_environ(sid)["aiohttp.request"])
            address = (_session(data) if self._persistent else None) or sid
            await self._server.enter_room(sid, address)
            await receive(_inbound(self.name, address, data))

        self._server.on("session_request", self._answered(session_request))
        self._server.on(self._user_event, self._answered(user_uttered))
        self._server.eio.on("message", self._admitted(self._server.eio.handlers["message"], door))

    def _admitted(self, take: Callable[[str, Any], Awaitable[None]], door: Door) -> Any:
        """`take`, for frames that `door` lets in and the library can read."""

        async def admit(socket_id: str, frame: object) -> None:
            environ = self._server.environ.get(socket_id)
            socket = self._server.eio.sockets.get(socket_id)
            if environ is None or socket is None or socket.queue.qsize() > MOST_UNREAD:
                return
            sid = self._server.manager.sid_from_eio_sid(socket_id, "/")
            try:
                await door.check_frame(socket_id, environ["aiohttp.request"])
            except TooMany as error:
                await self._refuse(sid, error)
                await socket.close(wait=False, abort=True)
                await socket.queue.put(None)  # what ends the connection once all has gone out
                return
            if not isinstance(frame, str) or frame.startswith(_WITH_BYTES):
                await self._refuse(sid, InvalidInput("frame", "A frame must be text."))
                return
            try:
                await take(socket_id, frame)
            except Exception as error:
                # Whatever the library stumbled over: our own handlers let nothing through.
                log.info("socketio_unreadable error=%s", type(error).__name__)
                await self._refuse(sid, InvalidInput("frame", "The frame cannot be read."))

        return admit

    def _answered(self, obey: Callable[..., Awaitable[None]]) -> Any:
        """`obey`, with what goes wrong told to whoever asked."""

        async def answer(sid: str, *data: object) -> None:
            try:
                await obey(sid, *data)
            except WarmlineError as error:
                await self._refuse(sid, error)
            except Exception as error:
                log.error("socketio_failed error=%s", type(error).__name__)
                await self._refuse(sid, Unavailable("Please send that again."))

        return answer

    async def _refuse(self, sid: str | None, error: WarmlineError) -> None:
        if sid is not None:  # to none would be to everybody
            await self._server.emit("error", error.as_json(), room=sid)

    def is_here(self, address: str) -> bool:
        return any(self._server.manager.get_participants("/", address))

    async def send(self, outbound: OutboundMessage) -> Receipt:
        if not self.is_here(outbound.address):
            return Receipt("held")
        if outbound.image:
            # As Rasa's own channel does: a picture is a message of its own.
            shown = {"attachment": {"type": "image", "payload": {"src": outbound.image}}}
            await self._server.emit(self._bot_event, shown, room=outbound.address)
            if not outbound.text:
                return Receipt("sent")
        said: dict[str, Any] = {"text": outbound.text}
        if outbound.buttons:
            said["quick_replies"] = [
                {"content_type": "text", "title": button.title, "payload": button.payload}
                for button in outbound.buttons
            ]
        await self._server.emit(self._bot_event, said, room=outbound.address)
        return Receipt("sent")


def _session(data: object) -> str | None:
    return identifier_or_none(mapping(data).get("session_id"))


def _inbound(channel: str, address: str, data: object) -> InboundMessage:
    content = mapping(data)
    text = content.get("message")
    metadata = content.get("metadata") or content.get("customData")
    message_id = mapping(metadata).get("message_id")
    if message_id and identifier_or_none(str(message_id)) is None:
        raise InvalidInput(
            "metadata.message_id",
            f"'metadata.message_id' must be at most {LONGEST_ID} printable characters.",
        )
    return InboundMessage(
        channel=channel,
        address=address,
        external_id=f"{address}:{message_id or uuid.uuid4()}",
        text=text if isinstance(text, str) else "",
        payload=text if isinstance(text, str) and text.startswith("/") else None,
    )
