"""Headers that protect, on every answer the server gives, its refusals and errors too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

# The bot's pictures are wherever the responses in domain.yml say. Never over plain http, where
# anybody on the way could put another in their place; a site on http serves its own as 'self'.
CONTENT_SECURITY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' https: data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'; "
    "frame-ancestors {ancestors}"
)
# Nothing here asks for any of them, and neither shall what gets in.
PERMISSIONS = ", ".join(
    f"{one}=()"
    for one in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
)
# In place of the versions of what this runs on.
UNTOLD = {"Server": "Warmline"}
HTTPS_FOR_A_YEAR = "max-age=31536000"
# What other sites load: the script they embed, and the frame it opens.
LOADER, FRAME = "/widget.js", "/widget"

OnPrepare = Callable[[web.Request, web.StreamResponse], Awaitable[None]]


def headers_for(path: str, *, sites: tuple[str, ...], https: bool) -> Mapping[str, str]:
    """What an answer at this path has, unless its handler chose for itself; only the widget's frame
    may be shown by `sites`."""
    framed = path == FRAME
    ancestors = " ".join(("'self'", *sites)) if framed else "'none'"
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY.format(ancestors=ancestors),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": (
            "cross-origin" if path in (LOADER, FRAME) else "same-origin"
        ),
        # Other sites name the loader: it is asked for again each time, and costs a 304.
        "Cache-Control": "no-cache" if path == LOADER else "no-store",
    }
    if not framed:
        headers["X-Frame-Options"] = "DENY"
    if https:
        headers["Strict-Transport-Security"] = HTTPS_FOR_A_YEAR
    return headers


def protect(sites: tuple[str, ...], *, https: bool) -> OnPrepare:
    """Adds them to every answer that is about to go out."""

    async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
        for name, value in headers_for(request.path, sites=sites, https=https).items():
            response.headers.setdefault(name, value)
        response.headers.update(UNTOLD)

    return add_headers
