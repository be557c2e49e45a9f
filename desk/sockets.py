"""What both kinds of WebSocket share: frames in and out, and who may connect."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web
from pydantic import BaseModel

from bot.errors import InvalidInput, NotAllowed

LARGEST_FRAME = 128 * 1024  # 20,000 characters of any script, with room for the JSON around them
HEARTBEAT_SECONDS = 20.0
HELLO_SECONDS = 10.0
NOT_SIGNED_IN = 4401  # our own close code: sign in again before reconnecting
Frame = dict[str, Any]


async def open_socket(request: web.Request) -> web.WebSocketResponse:
    """Accept the WebSocket; raise NotAllowed for a page of another site."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise NotAllowed("This WebSocket is only for pages of this server.", code="origin")
    socket = web.WebSocketResponse(max_msg_size=LARGEST_FRAME, heartbeat=HEARTBEAT_SECONDS)
    await socket.prepare(request)
    return socket


async def send(socket: web.WebSocketResponse, type_: str, **content: Any) -> None:
    """One frame; models become plain JSON. A socket that is going away is no error."""
    frame = {"type": type_, **{key: _plain(value) for key, value in content.items()}}
    with contextlib.suppress(ConnectionResetError):
        await socket.send_str(json.dumps(frame, ensure_ascii=False))


async def hello(socket: web.WebSocketResponse) -> Frame | None:
    """The first frame, or None when it does not come in time."""
    try:
        first = await asyncio.wait_for(socket.receive(), HELLO_SECONDS)
    except asyncio.TimeoutError:
        return None
    if first.type is not WSMsgType.TEXT:
        return None
    try:
        return parse(first.data)
    except InvalidInput:
        return None


async def listen(socket: web.WebSocketResponse, handle: Callable[[Frame], Awaitable[None]]) -> None:
    """Every further frame, one after the other, until the socket closes."""
    async for message in socket:
        if message.type is not WSMsgType.TEXT:
            return
        await handle(parse(message.data))


def parse(text: str) -> Frame:
    """A frame as a JSON object with a `type`; raise InvalidInput when it is not one."""
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("frame", "A frame must be a JSON object.") from error
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise InvalidInput("type", "A frame must be a JSON object with a 'type'.")
    return frame


async def first_to_end(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Wait until one task ends, end the others, and raise what the first one raised."""
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    for task in done:
        task.result()


def _plain(value: Any) -> Any:
    return value.dict() if isinstance(value, BaseModel) else value
