"""A shop whose data is in an SQL database, read as its mapping says."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timezone
from functools import partial
from typing import get_args

from actions.context.changes import Change, Changed, ChangeName
from actions.context.model import CustomerContext, Order, Product, Promo
from actions.context.source import DocumentKind
from actions.context.sql.check import check
from actions.context.sql.customers import read_context, read_reference, read_reference_at
from actions.context.sql.database import ShopDatabase
from actions.context.sql.goods import read_products, read_promo
from actions.context.sql.mapping import Mapping, demo_mapping
from actions.context.sql.orders import read_order

#: A customer is waiting: past this many seconds a person is the better answer.
READ_TIMEOUT = 3.0
#: A change waits for others, and for what it draws. Without an answer it has to be asked for again,
#: under the same key, to know what came of it.
CHANGE_TIMEOUT = 10.0
#: What is sold changes by the hour, and what is in stock is looked at again when it is taken.
PRODUCTS_KEPT = 300.0


class SqlShop:
    """The shop behind an SQLAlchemy URL; times are in seconds, READ_TIMEOUT unless given."""

    def __init__(
        self,
        url: str,
        mapping: Mapping | None = None,
        *,
        timeout: float | None = None,
        products_kept: float = PRODUCTS_KEPT,
    ) -> None:
        self._database = ShopDatabase(url, timeout=timeout or READ_TIMEOUT)
        self._changed = ShopDatabase(url, timeout=CHANGE_TIMEOUT, writes=True)
        self._mapping = mapping or demo_mapping()
        self._products_kept = products_kept
        self._products: tuple[Product, ...] = ()
        self._products_from: float | None = None

    @property
    def offers(self) -> frozenset[ChangeName]:
        """All changes where the tables are the ones we know, otherwise none."""
        return frozenset(get_args(ChangeName)) if self._mapping.changes else frozenset()

    async def check(self) -> None:
        """Looks whether the mapping fits the database.

        Raises ShopMisconfigured, or ShopUnavailable if it cannot be told now.
        """
        await self._database.read(partial(check, mapping=self._mapping))

    async def context(self, reference: str) -> CustomerContext | None:
        """All about the customer with this reference."""
        return await self._database.read(
            partial(read_context, mapping=self._mapping, reference=reference)
        )

    async def order(self, number: str) -> Order | None:
        """The order with this number, whoever placed it."""
        return await self._database.read(partial(read_order, mapping=self._mapping, number=number))

    async def reference_of(self, email: str) -> str | None:
        """The reference of the customer with this e-mail address, in any spelling of case."""
        return await self._database.read(
            partial(read_reference, mapping=self._mapping, email=email)
        )

    async def reference_at(self, channel: str, address: str) -> str | None:
        """The reference of the customer who has this address on file."""
        return await self._database.read(
            partial(read_reference_at, mapping=self._mapping, channel=channel, address=address)
        )

    async def promo(self, code: str, reference: str | None) -> Promo | None:
        """The promo code, in any spelling of case; `used`: by the customer with this reference."""
        return await self._database.read(
            partial(read_promo, mapping=self._mapping, code=code, reference=reference)
        )

    async def products(self) -> tuple[Product, ...]:
        """Everything the shop sells; may be some minutes old."""
        now = time.monotonic()
        if self._products_from is None or now - self._products_from > self._products_kept:
            self._products = await self._database.read(
                partial(read_products, mapping=self._mapping)
            )
            self._products_from = now
        return self._products

    async def document(self, kind: DocumentKind, reference: str) -> bytes | None:
        """The PDF of an invoice or of a label; None also where the tables are not ours."""
        if not self._mapping.changes:
            return None
        # Both packages read through this one.
        from actions.context.demo_documents import drawing

        draw = await self._database.read(partial(drawing, kind=kind, reference=reference))
        return await asyncio.to_thread(draw) if draw else None

    async def apply(self, key: str, change: Change) -> Changed:
        """Make the change once under this key, where the tables are ours."""
        if not self._mapping.changes:
            return Changed(refused="not_offered")
        from actions.context.demo_changes import apply_to_file, apply_to_server

        now = datetime.now(timezone.utc)
        return await self._changed.write(
            partial(apply_to_file, key=key, change=change, now=now),
            partial(apply_to_server, key=key, change=change, now=now),
        )

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._database.aclose()
        await self._changed.aclose()
