"""Which pages are ours: those of the public URL, which is configured and never guessed.

Behind a proxy the header Host may be anything, an inner name or what the client wrote. Only a
server that has no public name, as the demo, is known by what its own machine's browser calls it:
by an address, or by a name that nobody can buy. Any other name may lead here for a moment, by the
wish of whoever owns it.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

PUBLIC_URL: web.AppKey[str] = web.AppKey("public_url", str)
_PORTS = {"http": 80, "https": 443}
_Origin = tuple[str, str, int]


def is_ours(origin: str, public_url: str, *, host: str) -> bool:
    """Whether a page of this origin is one of ours; `host` is what the request was sent to."""
    page, public = _read(origin), _read(public_url)
    if page is None or public is None:
        return False
    if page == public:
        return True
    return _is_local(public[1]) and page == _read(f"http://{host}") and not _is_bought(page[1])


def is_of_a_site(origin: str, sites: Sequence[str]) -> bool:
    """Whether a page of this origin is of one of these sites, written as in the header that tells
    browsers who may show the widget: with `:*` for any port, or `*.` for all names below."""
    page = _read(origin)
    return page is not None and any(_is_of(page, site) for site in sites)


def _is_of(page: _Origin, site: str) -> bool:
    site = site.rstrip("/")
    named = _read(site.removesuffix(":*"))
    if named is None:
        return False
    (scheme, name, port), (page_scheme, page_name, page_port) = named, page
    is_named = page_name.endswith(name[1:]) if name.startswith("*.") else page_name == name
    is_port = site.endswith(":*") or page_port == port
    return scheme == page_scheme and is_named and is_port


def _read(url: str) -> _Origin | None:
    try:
        parts = urlsplit(url)
        name, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not name:
        return None
    return parts.scheme, name, port or _PORTS[parts.scheme]


def _is_bought(host: str) -> bool:
    """Whether it is a name below some domain of the internet's; `localhost` and a machine's own
    are not."""
    try:
        ip_address(host)
    except ValueError:
        return "." in host.rstrip(".")
    return False


def _is_local(host: str) -> bool:
    """This machine, or no address at all: what a server without a public URL is called by."""
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
