"""The cookie of whoever signed in with a browser."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web

from bot.errors import NotAllowed

COOKIE = "warmline_session"
# A browser takes a cookie of such a name only over HTTPS, from this very host and for all of it: no
# neighbour under the same domain can plant one.
SECURE_COOKIE = f"__Host-{COOKIE}"
COOKIE_NAME: web.AppKey[str] = web.AppKey("cookie_name", str)


def session_cookie(request: web.Request) -> str | None:
    """The token that the browser keeps."""
    return request.cookies.get(request.app[COOKIE_NAME])


def is_of_a_page(request: web.Request) -> bool:
    """Whether a page of ours sent it, and no program; raise NotAllowed for a page of another
    site. A browser names the page with everything that may change something."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise NotAllowed("This is only for pages of this server.", code="origin")
    return origin is not None


def set_cookie(response: web.Response, request: web.Request, token: str, *, seconds: int) -> None:
    name = request.app[COOKIE_NAME]
    response.set_cookie(
        name,
        token,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=name == SECURE_COOKIE,
    )


def drop_cookie(response: web.Response, request: web.Request) -> None:
    name = request.app[COOKIE_NAME]
    response.del_cookie(name, path="/", httponly=True, samesite="Lax", secure=name == SECURE_COOKIE)
