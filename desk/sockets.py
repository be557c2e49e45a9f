"""What both kinds of WebSocket share: frames in and out, and who may connect."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakSet

from aiohttp import WSCloseCode, WSMsgType, web
from pydantic import BaseModel

from bot.clock import new_id
from bot.errors import InvalidInput, NotSignedIn, WarmlineError
from bot.jobs import end
from desk.client_address import client_address
from desk.edge.frames import check_frame
from desk.edge.rates import OWN_LIMITS
from desk.json_in import read_object
from desk.session_cookie import is_of_a_page

log = logging.getLogger(__name__)

LARGEST_FRAME = 128 * 1024  # 20,000 characters of any script, with room for the JSON around them
HEARTBEAT_SECONDS = 20.0
HELLO_SECONDS = 10.0
FAREWELL_SECONDS = 1.0  # how long a page may take to confirm that we close
NOT_SIGNED_IN = 4401  # our own close code: sign in again before reconnecting
Frame = dict[str, Any]
OPEN_SOCKETS: web.AppKey[WeakSet[web.WebSocketResponse]] = web.AppKey("open_sockets", WeakSet)


@asynccontextmanager
async def open_socket(request: web.Request) -> AsyncIterator[web.WebSocketResponse]:
    """Accept the WebSocket; raise NotAllowed for a page of another site.

    Once it is accepted there is no HTTP answer left to give: what goes wrong from there on is told
    in a frame, and the socket is closed.
    """
    is_of_a_page(request)
    socket = web.WebSocketResponse(
        max_msg_size=LARGEST_FRAME, heartbeat=HEARTBEAT_SECONDS, timeout=FAREWELL_SECONDS
    )
    await socket.prepare(request)
    request.app[OPEN_SOCKETS].add(socket)
    try:
        yield socket
    except WarmlineError as error:
        await send(socket, "error", **error.as_json())
        ended = isinstance(error, NotSignedIn)
        await socket.close(code=NOT_SIGNED_IN if ended else WSCloseCode.POLICY_VIOLATION)
    except Exception as error:
        log.error("socket_failed error=%s", type(error).__name__)
        await socket.close(code=WSCloseCode.INTERNAL_ERROR)


async def close_all(app: web.Application) -> None:
    """Tell every page that the server is going away, so that a stop does not wait for them."""
    open_now = app[OPEN_SOCKETS]
    await asyncio.gather(*(each.close(code=WSCloseCode.GOING_AWAY) for each in list(open_now)))


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


def token_of(first: Frame | None) -> str:
    """The token of a first frame; empty when it has none."""
    token = (first or {}).get("token")
    return token if isinstance(token, str) else ""


async def listen(
    request: web.Request,
    socket: web.WebSocketResponse,
    handle: Callable[[Frame], Awaitable[None]],
) -> None:
    """Every further frame, one after the other, until the socket closes; a broken one is refused
    and the next one read. Raise TooMany for more of them than any page of ours sends."""
    limits, socket_id = request.app[OWN_LIMITS], new_id()
    address = client_address(request)
    async for message in socket:
        if message.type is not WSMsgType.TEXT:
            return
        await check_frame(limits, socket_id, address)
        try:
            frame = parse(message.data)
        except InvalidInput as error:
            await send(socket, "error", **error.as_json())
            continue
        await handle(frame)


def parse(text: str) -> Frame:
    """A frame as a JSON object with a `type`; raise InvalidInput when it is not one."""
    frame = read_object(text, field="frame")
    if not isinstance(frame.get("type"), str):
        raise InvalidInput("type", "A frame must be a JSON object with a 'type'.")
    return frame


async def first_to_end(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Wait until one task ends, end the others, and raise what the first one raised."""
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            await end(task)
    for task in done:
        task.result()


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.dict() if isinstance(value, BaseModel) else value
