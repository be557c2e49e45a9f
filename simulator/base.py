"""What a simulated provider is: it signs what its customers do, and takes what is sent to them."""

from __future__ import annotations

import itertools
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

Block = Mapping[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Spares = Callable[[web.Request], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class ProviderRequest:
    """One HTTP request of a provider to a webhook, signed."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """One message that the provider accepted for a customer. `buttons` are (title, what a press
    sends), as it shows them; `content` is the request as it came."""

    id: str
    address: str
    text: str
    buttons: Sequence[tuple[str, str]] = ()
    image: str | None = None
    content: Mapping[str, Any] = field(default_factory=dict)


class Script:
    """Troubles in line for a provider's API: each is done to one request, and then no more.

    A trouble is a function of the request that answers in the provider's stead; see `answering`.
    """

    def __init__(self) -> None:
        self.troubles: list[Callable[[web.Request], web.StreamResponse]] = []

    def before(self, handler: Handler, *, spares: Spares | None = None) -> Handler:
        """The handler of a route that does the next trouble first, if one is in line, and to no
        request that it `spares`."""

        async def handle(request: web.Request) -> web.StreamResponse:
            spared = spares is not None and await spares(request)
            if self.troubles and not spared:
                return self.troubles.pop(0)(request)
            return await handler(request)

        return handle


def answering(
    status: int, content: Any, headers: Mapping[str, str] | None = None
) -> Callable[[web.Request], web.StreamResponse]:
    """A trouble: the request is refused with this answer."""
    return lambda request: web.json_response(content, status=status, headers=headers)


class Ids:
    """Ids that no two messages of a provider share, also after it was started again."""

    def __init__(self) -> None:
        self._began = int(time.time() * 1000)
        self._number = itertools.count(1)

    def next(self) -> str:
        return f"{self._began}{next(self._number):04}"


class Provider(ABC):
    """A simulated provider over one block of credentials.yml.

    Customers' addresses are as the connector has them, so that what is sent can be matched.
    """

    channel: str
    address: str  # of a customer to try with, such as a telephone number

    def __init__(self, block: Block, webhook_url: str) -> None:
        self.webhook_url = webhook_url
        self.taken: list[Taken] = []
        self.script = Script()
        self._block = block
        self._ids = Ids()

    @abstractmethod
    def sign(
        self, body: bytes, *, content_type: str = ..., method: str = "POST", query: str = ""
    ) -> ProviderRequest:
        """A request with this very body, signed as the provider's own at this moment."""

    @abstractmethod
    def says(self, address: str, text: str, *, id: str | None = None) -> ProviderRequest:
        """A customer writes; the same `id` again is a retry."""

    @abstractmethod
    def presses(self, address: str, title: str, payload: str) -> ProviderRequest:
        """A customer presses a button of a message that was taken; where there are only numbers, a
        customer types one."""

    @abstractmethod
    def sends_picture(self, address: str, caption: str = "") -> ProviderRequest:
        """A customer sends a picture, which is to be had from this provider."""

    @abstractmethod
    def reports(self, taken: Taken, state: str) -> ProviderRequest | None:
        """What became of a message: "delivered", "read" or "failed"; None where the provider does
        not say."""

    @abstractmethod
    def routes(self) -> Sequence[web.RouteDef]:
        """Its API, as a connector with `api_url` calls it."""

    def _webhook(self, query: str) -> str:
        return f"{self.webhook_url}?{query}" if query else self.webhook_url


def listens_at(block: Block) -> tuple[str, int]:
    """The host and port of `api_url`, where a simulated provider is to listen."""
    parts = urlsplit(str(block["api_url"]))
    return parts.hostname or "127.0.0.1", parts.port or 80
