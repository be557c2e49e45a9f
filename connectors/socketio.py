"""Rasa's Socket.IO channel, so that existing Rasa widgets connect unchanged.

Contract: `session_request` / `session_confirm`, `user_uttered` in, `bot_uttered` out, with buttons
as `quick_replies`. Messages for somebody who is away are held until they come back.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import socketio
from aiohttp import web

from bot.errors import InvalidInput, WarmlineError
from bot.messages import Delivery, InboundMessage, Limit, OutboundMessage, Receipt
from connectors.base import Block, check_block
from connectors.fields import LONGEST_ID, identifier_or_none, mapping

log = logging.getLogger(__name__)
Receive = Callable[[InboundMessage], Awaitable[None]]
Wake = Callable[[str, str], Awaitable[None]]


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
        # What one client says is taken in as it was said: not its events all at once.
        self._server = socketio.AsyncServer(
            async_mode="aiohttp", cors_allowed_origins=[], async_handlers=False
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

    def attach(self, app: web.Application, *, receive: Receive, wake: Wake) -> None:
        """Serve `/socket.io`; `receive` takes messages in, `wake` sends what was held."""
        self._server.attach(app, socketio_path="socket.io")

        async def stop(_app: web.Application) -> None:
            for session in list(self._server.eio.sockets):
                await self._server.eio.disconnect(session)
            await self._server.shutdown()

        app.on_shutdown.append(stop)

        async def session_request(sid: str, data: object = None) -> None:
            session = _session(data) or uuid.uuid4().hex
            if self._persistent:
                await self._server.enter_room(sid, session)
            await self._server.emit("session_confirm", session, room=sid)
            await wake(self.name, session if self._persistent else sid)

        async def user_uttered(sid: str, data: object) -> None:
            address = (_session(data) if self._persistent else None) or sid
            await self._server.enter_room(sid, address)
            try:
                await receive(_inbound(self.name, address, data))
            except WarmlineError as error:
                await self._server.emit("error", error.as_json(), room=sid)
            except Exception as error:
                log.error("socketio_failed error=%s", type(error).__name__)
                words = {"error": {"code": "unavailable", "message": "Please send that again."}}
                await self._server.emit("error", words, room=sid)

        self._server.on("session_request", session_request)
        self._server.on(self._user_event, user_uttered)

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
