"""How often one client address may ask, by what it asks for.

Generous: behind one address may be an office or half a town's phones. It is the one machine that
asks without end which is to be kept from the others' share.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass

from aiohttp import web

from bot.errors import TooMany
from bot.limits import Limits
from bot.messages import Limit, channel_of
from bot.sender_limit import sender_key
from desk.routes import API

log = logging.getLogger("warmline.http")


@dataclass(frozen=True, slots=True)
class Rate:
    """`is_shared`: counted over all processes, because what it allows costs all of them."""

    name: str
    limit: Limit
    is_shared: bool = False


FILES = Rate("files", Limit(messages_a_second=200, burst=5_000))
PAGES = Rate("pages", Limit(messages_a_second=20, burst=400))
CALLS = Rate("calls", Limit(messages_a_second=100, burst=1_000))
SESSIONS = Rate("sessions", Limit(messages_a_second=2, burst=120), is_shared=True)
MESSAGES = Rate("messages", Limit(messages_a_second=10, burst=300), is_shared=True)
# Of the operator's own, and of providers, who come from few addresses and are counted by channel;
# but for REST, which no provider's signature keeps strangers from.
UNCOUNTED = frozenset({"/healthz", "/readyz", "/metrics", "/webhooks/{channel}/webhook"})
_BY_ROUTE = {
    "/static/{version}/{path}": FILES,
    "/widget.js": FILES,
    "/socket.io/": CALLS,
    f"{API}/widget/sessions": SESSIONS,
    f"{API}/widget/messages": MESSAGES,
}
# What only this process counts.
OWN_LIMITS: web.AppKey[Limits] = web.AppKey("own_limits", Limits)
LOOPBACK_IPV6 = "::/64"  # as `client_address` shows it
_LOGGED = Limit(messages_a_second=1 / 60, burst=1)


def rate_of(request: web.Request) -> Rate | None:
    """What the request counts as; None where it does not."""
    resource = request.match_info.route.resource
    route = resource.canonical if resource else ""
    if route in UNCOUNTED and channel_of(request.match_info.get("channel", "")) != "rest":
        return None
    return _BY_ROUTE.get(route) or (CALLS if route.startswith((API, "/webhooks/")) else PAGES)


async def check_rate(limits: Limits, rate: Rate, address: str) -> None:
    """Count one of this address's; raise TooMany where it is one too many."""
    if is_this_machine(address):
        return
    # As one name: limits may be kept in Redis, which is no place for addresses.
    wait = await limits.take(f"{rate.name}:{sender_key('address', address)}", rate.limit)
    if wait > 0:
        if await limits.take(f"logged:{rate.name}", _LOGGED) == 0:
            log.warning(
                "requests_limited kind=%s hint=%s",
                rate.name,
                "is WARMLINE_TRUSTED_PROXIES set, if a proxy is before this server?",
            )
        raise TooMany(
            "Too many requests from your network at once. Try again a little later.",
            retry_after=math.ceil(wait),
        )


def is_this_machine(address: str) -> bool:
    """Whoever is on it is no stranger, and usually a proxy that was not named: counted as one
    client, all customers would be refused."""
    return address.startswith("127.") or address == LOOPBACK_IPV6
