"""A shop behind the REST contract of docs/howto/your-shop-over-http.md.

What was read is kept for moments, so that the steps of one turn ask once; whatever a change depends
on the shop itself checks again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from cachetools import TTLCache

from actions.context import http_answers, http_shapes
from actions.context.breaker import Breaker
from actions.context.changes import Change, Changed, ChangeName
from actions.context.errors import LeftAlone, NotNow, ShopMisconfigured, ShopUnavailable
from actions.context.http_client import Patience, ShopClient
from actions.context.http_json import read_shape
from actions.context.http_offers import Offers
from actions.context.http_shape import Shape
from actions.context.model import CustomerContext, Order, Product, Promo
from actions.context.source import DocumentKind

CONTEXT_SECONDS = 5.0
MOST_CONTEXTS = 1_000
PRODUCTS_SECONDS = 300.0
#: Nobody's key is longer, and no e-mail address.
LONGEST_NAME = 254
#: Bytes of JSON whose reading, some 5 ms, would begin to hold up everybody else's turns.
LARGE = 16 * 1024


class HttpShop:
    """The shop at `url`; belongs to the event loop that first asks it."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = ShopClient(
            url, token, patience=patience or Patience(), breaker=Breaker(clock=clock)
        )
        self._clock = clock
        self._contexts: TTLCache[str, CustomerContext, float] = TTLCache(
            MOST_CONTEXTS, CONTEXT_SECONDS, clock
        )
        self._products: TTLCache[None, tuple[Product, ...], float] = TTLCache(
            1, PRODUCTS_SECONDS, clock
        )
        self._changes_seen = 0
        self._offers = Offers(self._ask_offers, clock)

    @property
    def offers(self) -> frozenset[ChangeName]:
        """What the shop last said it can change; nothing as long as it has not said so."""
        return self._offers.names

    async def check(self) -> None:
        """Ask for the first time. Raises ShopMisconfigured for what only a person can mend, and
        otherwise ShopUnavailable: a shop may be down for a while."""
        try:
            await self._offers.ask()
        except (ShopMisconfigured, NotNow, LeftAlone):
            raise
        except ShopUnavailable as error:
            raise ShopMisconfigured(
                f"what is there does not keep to version {http_answers.VERSION} of the contract"
                f" ({error})",
                where="WARMLINE_SHOP_URL",
                cure="Set it to where the shop serves docs/howto/your-shop-over-http.md, without"
                " the /v1, or update Warmline if the shop serves a later version only.",
            ) from None

    async def context(self, reference: str) -> CustomerContext | None:
        """All about the customer with this reference, some seconds old at most."""
        kept = self._contexts.get(reference)
        if kept is not None:
            return kept
        changes_before = self._changes_seen
        found: CustomerContext | None = await self._offers.beside(
            self._get(http_shapes.CustomerContext, "/v1/customers/{reference}", reference=reference)
        )
        if found is None:
            return None
        if found.customer.reference != reference:
            raise _lie("GET /v1/customers/{reference}", "customer.reference")
        # Read before a change that has been made since, it is not what is true now.
        if changes_before == self._changes_seen:
            self._contexts[reference] = found
        return found

    async def order(self, number: str) -> Order | None:
        """The order with this number, whoever placed it."""
        found: Order | None = await self._offers.beside(
            self._get(http_shapes.Order, "/v1/orders/{number}", number=number)
        )
        if found is not None and found.number != number:
            raise _lie("GET /v1/orders/{number}", "number")
        return found

    async def reference_of(self, email: str) -> str | None:
        """The reference of the customer with this e-mail address, in any spelling of case."""
        return await self._find(email, {"email": email})

    async def reference_at(self, channel: str, address: str) -> str | None:
        """The reference of the customer who has this address on file."""
        return await self._find(address, {"channel": channel, "address": address})

    async def promo(self, code: str, reference: str | None) -> Promo | None:
        """The promo code, in any spelling of case; `used`: by the customer with this reference."""
        query = {} if reference is None else {"customer": reference}
        found: Promo | None = await self._get(
            http_answers.Promo, "/v1/promos/{code}", query=query, code=code
        )
        if found is not None and found.code.casefold() != code.casefold():
            raise _lie("GET /v1/promos/{code}", "code")
        return found

    async def products(self) -> tuple[Product, ...]:
        """Everything the shop sells; may be some minutes old."""
        kept = self._products.get(None)
        if kept is not None:
            return kept
        found: tuple[Product, ...] | None = await self._get(http_answers.Products, "/v1/products")
        if found is None:
            raise ShopUnavailable("GET /v1/products is not served by the shop")
        self._products[None] = found
        return found

    async def document(self, kind: DocumentKind, reference: str) -> bytes | None:
        """The PDF of an invoice (by its number) or of a return's label (by its reference)."""
        if not _may_exist(reference):
            return None
        names = {"kind": kind, "reference": reference}
        found = await self._client.get("/v1/documents/{kind}/{reference}", names, {})
        if found is not None and not found.startswith(b"%PDF-"):
            raise ShopUnavailable("GET /v1/documents/{kind}/{reference} was answered with no PDF")
        return found

    async def apply(self, key: str, change: Change) -> Changed:
        """Make the change once under this key: the same key again returns what came of it then."""
        route = "/v1/changes/{key}"
        body = {"name": change.name, "arguments": dict(change.arguments)}
        try:
            answer = await self._client.put(route, {"key": key}, body)
        finally:
            # Also when nobody knows whether it was made.
            self._forget(change)
        changed: Changed = read_shape(http_answers.Changed, answer, f"PUT {route}").value()
        return changed

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _find(self, address: str, query: dict[str, str]) -> str | None:
        found = await self._get(http_answers.FoundCustomers, "/v1/customers", query=query)
        if found is None:
            return None
        if found.address.casefold() != address.casefold():
            raise _lie("GET /v1/customers", "items.0.address")
        return str(found.reference)

    async def _get(
        self, shape: type[Shape], route: str, *, query: dict[str, str] | None = None, **names: str
    ) -> Any:
        """The value of the answer, or None when there is no such thing."""
        query = query or {}
        if not all(map(_may_exist, [*names.values(), *query.values()])):
            return None
        body = await self._client.get(route, names, query)
        if body is None:
            return None
        asked = f"GET {route}"
        if len(body) > LARGE:
            return await asyncio.to_thread(lambda: read_shape(shape, body, asked).value())
        return read_shape(shape, body, asked).value()

    async def _ask_offers(self) -> frozenset[ChangeName]:
        found: frozenset[ChangeName] | None = await self._get(http_answers.Offers, "/v1/offers")
        if found is None:
            raise ShopUnavailable("GET /v1/offers is not served by the shop")
        return found

    def _forget(self, change: Change) -> None:
        """Whoever the change is about is read anew; without a customer or order named, all are."""
        self._changes_seen += 1
        customer, order = change.arguments.get("customer"), change.arguments.get("order")
        if customer is None and order is None:
            self._contexts.clear()
        for reference, context in list(self._contexts.items()):
            if reference == customer or context.order(str(order)) is not None:
                del self._contexts[reference]


def _may_exist(name: str) -> bool:
    """Whether the shop is worth asking: an empty name or dots would be another path's request."""
    return 0 < len(name) <= LONGEST_NAME and name.strip(".") != ""


def _lie(asked: str, field: str) -> ShopUnavailable:
    return ShopUnavailable(f"the answer to {asked} cannot be true, {field}: was not asked for")
