"""Blocks: who is not answered, found by whoever writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.abuse.block import Block
from bot.store.tables import UtcDateTime, blocks, customers, identities, joins

_AT = sa.bindparam("at", type_=UtcDateTime)
_ON = sa.and_(blocks.c.lifted_at.is_(None), sa.or_(blocks.c.until.is_(None), blocks.c.until > _AT))
_OWNER = sa.select(identities.c.customer_id.label("id")).where(
    identities.c.channel == sa.bindparam("of_channel"),
    identities.c.address == sa.bindparam("of_address"),
)


def _and_who_joined(first: sa.Select[Any]) -> sa.CTE:
    """These customers and all who joined them: a block of one of them holds for all they are."""
    everybody = first.cte("everybody", recursive=True)
    return everybody.union(
        sa.select(joins.c.joined_id).where(
            joins.c.customer_id == everybody.c.id, joins.c.undone_at.is_(None)
        )
    )


_EVERYBODY = _and_who_joined(_OWNER)
# Whoever is blocked for longest is blocked: a shorter block beside it changes nothing.
_LONGEST = (blocks.c.until.is_(None).desc(), blocks.c.until.desc(), blocks.c.id)
# Two looks, each by its index: one for either of the two would read every block there is.
OF_SENDER = (
    sa.select(blocks.c.id)
    .where(
        _ON,
        blocks.c.id.in_(
            sa.select(blocks.c.id)
            .where(
                blocks.c.channel == sa.bindparam("of_channel"),
                blocks.c.address == sa.bindparam("of_address"),
            )
            .union(
                sa.select(blocks.c.id).where(
                    blocks.c.address.is_(None),
                    blocks.c.customer_id.in_(sa.select(_EVERYBODY.c.id)),
                )
            )
        ),
    )
    .order_by(*_LONGEST)
    .limit(1)
)
_EVERYBODY_OF = _and_who_joined(sa.select(sa.bindparam("of_customer", type_=sa.String).label("id")))
_OF_CUSTOMER = (
    sa.select(blocks)
    .where(_ON, blocks.c.customer_id.in_(sa.select(_EVERYBODY_OF.c.id)))
    .order_by(*_LONGEST)
    .limit(1)
)


class Blocks:
    """Reads and writes `blocks`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, block: Block) -> None:
        await self._connection.execute(blocks.insert().values(asdict(block)))

    async def get(self, block_id: str) -> Block | None:
        return await self._one(sa.select(blocks).where(blocks.c.id == block_id))

    async def lock(self, block_id: str) -> Block | None:
        return await self._one(sa.select(blocks).where(blocks.c.id == block_id).with_for_update())

    async def of_customer(self, customer_id: str, *, at: datetime) -> Block | None:
        """The block of this customer or of one of their addresses, if there is one."""
        return await self._one(_OF_CUSTOMER, of_customer=customer_id, at=at)

    async def which_of(self, customer_ids: Iterable[str], *, at: datetime) -> set[str]:
        """Those of these customers that `of_customer` finds a block of."""
        first = sa.select(customers.c.id.label("asked"), customers.c.id.label("id"))
        asked = first.where(customers.c.id.in_(set(customer_ids)))
        everybody = asked.cte("everybody_asked", recursive=True)
        everybody = everybody.union(
            sa.select(everybody.c.asked, joins.c.joined_id).where(
                joins.c.customer_id == everybody.c.id, joins.c.undone_at.is_(None)
            )
        )
        query = (
            sa.select(everybody.c.asked)
            .join(blocks, blocks.c.customer_id == everybody.c.id)
            .where(_ON)
            .distinct()
        )
        return set((await self._connection.execute(query, {"at": at})).scalars())

    async def update(self, block: Block) -> None:
        """Write what came of it; lock it first."""
        names = ("told_at", "lifted_at", "lifted_by", "heard", "last_heard_at", "kept", "kept_on")
        await self._connection.execute(
            blocks.update()
            .where(blocks.c.id == block.id)
            .values({name: getattr(block, name) for name in names})
        )

    async def page(
        self, *, on: bool, at: datetime, before: tuple[datetime, str] | None, limit: int
    ) -> list[Block]:
        """Newest first, those that hold or those that are over; `before` is the (created_at, id) of
        the last row of the page above."""
        query = sa.select(blocks).where(_ON if on else sa.not_(_ON))
        if before is not None:
            query = query.where(
                sa.tuple_(blocks.c.created_at, blocks.c.id)
                < sa.tuple_(sa.literal(before[0], blocks.c.created_at.type), sa.literal(before[1]))
            )
        query = query.order_by(blocks.c.created_at.desc(), blocks.c.id.desc()).limit(limit)
        rows = await self._connection.execute(query, {"at": at})
        return [Block(**row._mapping) for row in rows]

    async def _one(self, query: sa.Select[Any], **values: object) -> Block | None:
        row = (await self._connection.execute(query, values)).one_or_none()
        return Block(**row._mapping) if row else None
