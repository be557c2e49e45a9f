"""A request's own id: on every line that is logged for it, and in its answer's header, so that
whoever has trouble can tell which request it was."""

from __future__ import annotations

from aiohttp import web

from bot.clock import new_id
from bot.operations.log_context import about
from desk.web import Handler

HEADER = "X-Request-Id"
_ID = web.RequestKey("request_id", str)


@web.middleware
async def identified(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Ours alone: an id that a client could choose would lead astray whoever looks for it."""
    request[_ID] = new_id()
    with about(request_id=request[_ID]):
        return await handler(request)


async def tell(request: web.Request, response: web.StreamResponse) -> None:
    """Before the answer's headers are sent; a WebSocket's too."""
    if _ID in request:
        response.headers[HEADER] = request[_ID]
