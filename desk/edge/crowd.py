"""How many are here at once, from one place: of nobody who has left is anything kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from desk.client_address import subscriber

Network = IPv4Network | IPv6Network


class Crowd:
    """At most so many from each address; those of `uncounted`, our own proxies, are many people."""

    def __init__(self, most: int, *, uncounted: Sequence[Network] = ()) -> None:
        self._most = most
        self._uncounted = uncounted
        self._here: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Count one more; whether there was room. Whoever got in has to leave."""
        place = subscriber(address)
        if self._here[place] >= self._most and not self._is_uncounted(address):
            return False
        self._here[place] += 1
        return True

    def leave(self, address: str) -> None:
        place = subscriber(address)
        self._here[place] -= 1
        if self._here[place] <= 0:
            del self._here[place]

    def is_empty(self) -> bool:
        return not self._here

    def _is_uncounted(self, address: str) -> bool:
        try:
            here = ip_address(address)
        except ValueError:
            return False
        return any(here in network for network in self._uncounted)
