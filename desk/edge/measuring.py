"""Who may read `/metrics`: whoever has the token; where there is none, the machines around us."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from aiohttp import web

from bot.errors import NotAllowed, NotSignedIn
from desk.routes import bearer

# What a proxy adds. Without a token nothing that it passed on is from around here.
_PASSED_ON = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via")


def check_may_measure(request: web.Request, token: str | None) -> None:
    """Raise NotSignedIn or NotAllowed for anybody else."""
    if token is not None:
        sent = bearer(request) or ""
        if not hmac.compare_digest(sent.encode(errors="surrogateescape"), token.encode()):
            raise NotSignedIn("The figures need the bearer token of WARMLINE_METRICS_TOKEN.")
        return
    if any(name in request.headers for name in _PASSED_ON) or not _is_near(request.remote or ""):
        raise NotAllowed(
            "The figures are for this machine and its own network. Set WARMLINE_METRICS_TOKEN for "
            "whoever reads them from elsewhere."
        )


def _is_near(remote: str) -> bool:
    try:
        address = ip_address(remote)
    except ValueError:
        return False
    return address.is_private
