"""Whose address a request counts under, whatever its headers say."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from desk.client_address import TRUSTED_PROXIES, client_address, known_address

PROXIES = (ip_network("10.0.0.0/24"), ip_network("fd00::/64"))


@pytest.mark.parametrize(
    ("connected", "forwarded", "expected"),
    [
        ("203.0.113.9", (), "203.0.113.9"),
        ("203.0.113.9", ("198.51.100.1",), "203.0.113.9"),  # nobody's proxy: not believed
        ("10.0.0.5", ("198.51.100.1",), "198.51.100.1"),
        ("10.0.0.5", ("1.2.3.4, 198.51.100.1",), "198.51.100.1"),  # the customer wrote the first
        ("10.0.0.5", ("1.2.3.4, 198.51.100.1, 10.0.0.7",), "198.51.100.1"),
        ("10.0.0.5", ("1.2.3.4", "198.51.100.1"), "198.51.100.1"),  # two headers are one list
        ("10.0.0.5", ("1.2.3.4, who knows",), "10.0.0.5"),
        ("10.0.0.5", (), "10.0.0.5"),
        ("10.0.0.5", ("198.51.100.1:61234",), "198.51.100.1"),  # some proxies add the port
        ("10.0.0.5", ("[2001:db8:1:2:3:4:5:6]:61234",), "2001:db8:1:2::/64"),
        ("fd00::1", ("2001:db8:1:2:3:4:5:6",), "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.5", ("::ffff:198.51.100.1",), "198.51.100.1"),
    ],
)
def test_only_what_our_own_proxies_wrote_counts(
    connected: str, forwarded: tuple[str, ...], expected: str
) -> None:
    assert client_address(asked(connected, *forwarded)) == expected


@pytest.mark.parametrize(
    ("connected", "forwarded", "expected"),
    [
        ("203.0.113.9", (), "203.0.113.9"),
        ("10.0.0.5", ("198.51.100.1",), "198.51.100.1"),
        ("10.0.0.5", (), None),  # a proxy that does not say for whom it asks
        ("10.0.0.5", ("who knows",), None),
        ("127.0.0.1", ("198.51.100.1",), None),  # a proxy that was not named
        ("::1", (), None),
    ],
)
def test_an_address_that_all_have_in_common_is_nobodys(
    connected: str, forwarded: tuple[str, ...], expected: str | None
) -> None:
    assert known_address(asked(connected, *forwarded)) == expected


def asked(connected: str, *forwarded: str) -> web.Request:
    """A request with these headers, from that machine."""
    app = web.Application()
    app[TRUSTED_PROXIES] = PROXIES
    headers = CIMultiDict(("X-Forwarded-For", one) for one in forwarded)
    return make_mocked_request("GET", "/", headers=headers, app=app).clone(remote=connected)
