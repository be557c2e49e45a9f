"""Which machine a request is from: what limits are counted by.

Whoever connects may write any X-Forwarded-For, so it counts only as far as proxies of ours wrote
it: it is read from its end, where the nearest one added to it, up to the first address that is none
of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp import web

Network = IPv4Network | IPv6Network
TRUSTED_PROXIES: web.AppKey[Sequence[Network]] = web.AppKey("trusted_proxies", Sequence)
NOBODY = "unknown"  # a socket that is no address's
_IPV6_SUBSCRIBER = 64  # bits; whoever has one address of IPv6 has all that begin alike


def client_address(request: web.Request) -> str:
    """The address, as text; of IPv6 its network, because one customer has all of it."""
    address = _address(request)
    return NOBODY if address is None else _shown(address)


def known_address(request: web.Request) -> str | None:
    """The same, None where all who come would have one address in common: that of a proxy on this
    machine which was not named, or of one that does not say for whom it asks."""
    address = _address(request)
    if address is None or address.is_loopback or _is_among(address, request.app[TRUSTED_PROXIES]):
        return None
    return _shown(address)


def subscriber(place: str) -> str:
    """Who has this address: of IPv6 its network. What is no address stays as it is."""
    address = _read(place)
    return place if address is None else _shown(address)


def _address(request: web.Request) -> IPv4Address | IPv6Address | None:
    nearest = _read(request.remote or "")
    trusted = request.app[TRUSTED_PROXIES]
    hops = ",".join(request.headers.getall("X-Forwarded-For", ())).split(",")
    while nearest is not None and hops and _is_among(nearest, trusted):
        before = _read(hops.pop())
        if before is None:
            break
        nearest = before
    return nearest


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(_without_port(text.strip()))
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _without_port(text: str) -> str:
    """Some proxies add the port: `1.2.3.4:5678`, `[2001:db8::1]:5678`."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def _is_among(address: IPv4Address | IPv6Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


def _shown(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, _IPV6_SUBSCRIBER), strict=False))
    return str(address)
