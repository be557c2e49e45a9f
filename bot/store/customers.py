"""Customers and the identities they write from."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import Customer, Identity
from bot.store.tables import customers, identities

# Statements of every turn are built once: building one costs more than running it.
_GET = sa.select(customers).where(customers.c.id == sa.bindparam("customer"))
_BY_REFERENCE = sa.select(customers).where(customers.c.reference == sa.bindparam("reference"))
_IDENTITY = sa.select(identities).where(
    identities.c.channel == sa.bindparam("channel"), identities.c.address == sa.bindparam("address")
)


class Customers:
    """Reads and writes `customers` and `identities`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, customer: Customer) -> None:
        await self._connection.execute(
            customers.insert().values(
                id=customer.id,
                reference=customer.reference,
                name=customer.name,
                email=customer.email,
                created_at=customer.created_at,
            )
        )

    async def get(self, customer_id: str) -> Customer | None:
        return await self._one(_GET, customer=customer_id)

    async def by_reference(self, reference: str) -> Customer | None:
        return await self._one(_BY_REFERENCE, reference=reference)

    async def many(self, ids: set[str]) -> dict[str, Customer]:
        """The customers of a page of rows, by id."""
        rows = await self._connection.execute(sa.select(customers).where(customers.c.id.in_(ids)))
        return {row.id: Customer(**row._mapping) for row in rows}

    async def add_identity(self, identity: Identity) -> None:
        await self._connection.execute(
            identities.insert().values(
                id=identity.id,
                customer_id=identity.customer_id,
                channel=identity.channel,
                address=identity.address,
                verification=identity.verification,
                how=identity.how,
                created_at=identity.created_at,
            )
        )

    async def identity(self, channel: str, address: str) -> Identity | None:
        """Who writes from this address, if anybody has."""
        row = (
            await self._connection.execute(_IDENTITY, {"channel": channel, "address": address})
        ).one_or_none()
        return Identity(**row._mapping) if row else None

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
