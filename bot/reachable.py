"""Which addresses a URL that somebody typed may lead to.

This program stands inside the shop's network, and whoever may name a URL must not reach with it
what only the inside can: a name is looked up at every connection, and what it leads to is checked.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal
from urllib.parse import urlsplit

import yarl
from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver

# `public`: the internet; `loopback`: and this machine; `private`: and the network it stands in.
Reach = Literal["public", "loopback", "private"]
# RFC 6052: an IPv4 address written as one of IPv6.
_NAT64 = ip_network("64:ff9b::/96")


class Unreachable(ValueError):
    """The URL is none that may be called; the message says why."""


class CheckedResolver(ThreadedResolver):
    """Looks names up, and gives out no address beyond `reach`."""

    def __init__(self, reach: Reach) -> None:
        super().__init__()
        self._reach = reach

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        for each in found:
            _check(each["host"], self._reach)
        return found


def check_url(url: str, reach: Reach) -> str:
    """The URL's host; raise Unreachable where it is no http(s) URL, or names an address beyond
    `reach`. A name is only checked once it is looked up."""
    try:
        parts = urlsplit(url)
        # As the client reads it, which takes other scripts' digits for an address.
        host = yarl.URL(url).host
        known = parts.scheme in ("http", "https") and (parts.port is None or parts.port > 0)
    except ValueError as error:
        raise Unreachable("it is no URL") from error
    if not host or not known:
        raise Unreachable("it is no http or https URL")
    if parts.username is not None or parts.password is not None:
        raise Unreachable("it holds a name or a password, which the log would show")
    try:
        ip_address(host)
    except ValueError:
        return host
    _check(host, reach)
    return host


async def check_reach(url: str, reach: Reach) -> None:
    """Look the URL's name up now; raise Unreachable where it leads nowhere or beyond `reach`."""
    host = check_url(url, reach)
    resolver = CheckedResolver(reach)
    try:
        await resolver.resolve(host)
    except OSError as error:
        raise Unreachable("its name is not known") from error
    finally:
        await resolver.close()


def _check(text: str, reach: Reach) -> None:
    address = _meant(ip_address(text.partition("%")[0]))
    if address.is_loopback and reach != "public":
        return
    inside = address.is_private or address.is_link_local or not address.is_global
    if reach == "private" and inside and not address.is_link_local and not address.is_multicast:
        return
    if inside or address.is_multicast:
        raise Unreachable("it leads to a private address")


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that is inside one of IPv6, where one is."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
