"""What holds for every answer of the web server: errors as one shape, and a line in the log."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.errors import TooLarge, TooMany, Unavailable, WarmlineError

log = logging.getLogger("warmline.http")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

REFUSALS = {
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address takes no such method."),
}


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every failure becomes the same JSON; nobody outside sees a stack trace."""
    try:
        return await handler(request)
    except WarmlineError as error:
        response = web.json_response(error.as_json(), status=error.status)
        if isinstance(error, (TooMany, Unavailable)):
            response.headers["Retry-After"] = str(error.retry_after)
        return response
    except web.HTTPRequestEntityTooLarge:
        large = TooLarge("The request is larger than this server reads.")
        return web.json_response(large.as_json(), status=large.status)
    except web.RequestPayloadError:
        broken = WarmlineError(
            "The body cannot be read: it is not as its headers say.", code="body"
        )
        return web.json_response(broken.as_json(), status=400)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        code, message = REFUSALS.get(error.status, ("refused", error.reason))
        answer = WarmlineError(message, code=code).as_json()
        return web.json_response(answer, status=error.status)
    except Exception as error:
        log.error(
            "request_failed route=%s error=%s",
            _route(request),
            type(error).__name__,
            exc_info=log.isEnabledFor(logging.DEBUG),
        )
        failed = Unavailable("Something went wrong on our side. Please try again.")
        response = web.json_response(failed.as_json(), status=failed.status)
        response.headers["Retry-After"] = str(failed.retry_after)
        return response


@web.middleware
async def log_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    """One line a request: the route's pattern, never the address with its ids and tokens."""
    started = time.perf_counter()
    response = await handler(request)
    log.info(
        "request method=%s route=%s status=%d ms=%.1f",
        request.method,
        _route(request),
        response.status,
        (time.perf_counter() - started) * 1000,
    )
    return response


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource else "none"
