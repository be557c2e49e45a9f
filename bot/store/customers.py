"""Customers and the identities they write from."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import Customer, Identity
from bot.store.tables import customers, identities
from bot.store.values import values_of

# Statements of every turn are built once: building one costs more than running it.
_ADD = customers.insert()
_ADD_IDENTITY = identities.insert()
_GET = sa.select(customers).where(customers.c.id == sa.bindparam("customer"))
_BY_REFERENCE = sa.select(customers).where(customers.c.reference == sa.bindparam("reference"))
_TOLD = (
    *("notice_version", "noticed_at", "warned_at"),
    *("consent_version", "consented_at", "withdrawn_at"),
)
_IDENTITY = sa.select(identities).where(
    identities.c.channel == sa.bindparam("channel"), identities.c.address == sa.bindparam("address")
)


# So that two who lock the same customers wait for each other, and never both.
_LOCK = (
    sa.select(customers)
    .where(customers.c.id.in_(sa.bindparam("customers", expanding=True)))
    .order_by(customers.c.id)
    .with_for_update(key_share=True)
)
_LOCK_BY_REFERENCE = _BY_REFERENCE.with_for_update(key_share=True)


class Customers:
    """Reads and writes `customers` and `identities`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, customer: Customer) -> None:
        await self._connection.execute(_ADD, values_of(customer))

    async def get(self, customer_id: str) -> Customer | None:
        return await self._one(_GET, customer=customer_id)

    async def by_reference(self, reference: str) -> Customer | None:
        return await self._one(_BY_REFERENCE, reference=reference)

    async def lock_by_reference(self, reference: str) -> Customer | None:
        return await self._one(_LOCK_BY_REFERENCE, reference=reference)

    async def lock(self, ids: Collection[str]) -> dict[str, Customer]:
        """The customers, by id, whose identities and reference nobody else can change before this
        transaction has ended."""
        rows = await self._connection.execute(_LOCK, {"customers": sorted(ids)})
        return {row.id: Customer(**row._mapping) for row in rows}

    async def update(self, customer: Customer) -> None:
        """Write who the customer is."""
        await self._connection.execute(
            customers.update()
            .where(customers.c.id == customer.id)
            .values(reference=customer.reference, name=customer.name, email=customer.email)
        )

    async def set_tier(self, customer_id: str, tier: str | None) -> None:
        """Write the membership that the shop said they have."""
        await self._connection.execute(
            customers.update().where(customers.c.id == customer_id).values(tier=tier)
        )

    async def many(self, ids: set[str]) -> dict[str, Customer]:
        """The customers of a page of rows, by id."""
        rows = await self._connection.execute(sa.select(customers).where(customers.c.id.in_(ids)))
        return {row.id: Customer(**row._mapping) for row in rows}

    async def add_identity(self, identity: Identity) -> None:
        await self._connection.execute(_ADD_IDENTITY, values_of(identity))

    async def identity(self, channel: str, address: str) -> Identity | None:
        """Who writes from this address, if anybody has."""
        row = (
            await self._connection.execute(_IDENTITY, {"channel": channel, "address": address})
        ).one_or_none()
        return Identity(**row._mapping) if row else None

    async def identities_by_id(self, ids: Collection[str]) -> dict[str, Identity]:
        rows = await self._connection.execute(sa.select(identities).where(identities.c.id.in_(ids)))
        return {row.id: Identity(**row._mapping) for row in rows}

    async def update_identity(self, identity: Identity) -> None:
        """Write whose the identity is, at which address, and how far it proves that."""
        await self._connection.execute(
            identities.update()
            .where(identities.c.id == identity.id)
            .values(
                customer_id=identity.customer_id,
                address=identity.address,
                verification=identity.verification,
                how=identity.how,
            )
        )

    async def told(self, identity: Identity) -> None:
        """Write what they were told of their data, and what they said to it."""
        await self._connection.execute(
            identities.update()
            .where(identities.c.id == identity.id)
            .values({name: getattr(identity, name) for name in _TOLD})
        )

    async def identities(self, customer_id: str) -> list[Identity]:
        rows = await self._connection.execute(
            sa.select(identities)
            .where(identities.c.customer_id == customer_id)
            .order_by(identities.c.created_at, identities.c.id)
        )
        return [Identity(**row._mapping) for row in rows]

    async def _one(self, query: sa.Select[Any], **values: object) -> Customer | None:
        row = (await self._connection.execute(query, values)).one_or_none()
        return Customer(**row._mapping) if row else None
