"""The demo shop's own systems, and what they made of its tables."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.context import tables
from actions.context.changes import Change, Changed, ChangeName
from actions.context.demo_changes import apply_to_file, apply_to_server
from tests.actions.context.shops import NOW


@dataclass
class DemoShop:
    """The shop's changes at a moment that the test sets, and what is in its tables then."""

    engine: sa.Engine | AsyncEngine
    now: datetime = NOW
    _keys: Iterator[int] = field(default_factory=count)

    async def apply(
        self, name: ChangeName, /, *, key: str | None = None, **arguments: Any
    ) -> Changed:
        """Make the change, under a key of its own unless there is one."""
        change = Change(name, arguments)
        key = key or f"key-{next(self._keys)}"
        if isinstance(self.engine, AsyncEngine):
            return await apply_to_server(self.engine, key, change, self.now)
        return await asyncio.to_thread(apply_to_file, self.engine, key, change, self.now)

    async def undo(self, key: str) -> Changed:
        return await self.apply("undo", change=key)

    async def rows(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        """What the query finds."""
        return [dict(row) for row in (await self._run(query)).mappings()]

    async def row(self, query: sa.Select[Any]) -> dict[str, Any]:
        """The one row that the query finds."""
        (row,) = await self.rows(query)
        return row

    async def order(self, number: str) -> dict[str, Any]:
        return await self.row(sa.select(tables.orders).where(tables.orders.c.number == number))

    async def customer(self, reference: str) -> dict[str, Any]:
        mine = tables.customers.c.reference == reference
        return await self.row(sa.select(tables.customers).where(mine))

    async def stock(self, sku: str, size: str = "") -> int:
        place = sa.and_(tables.stock.c.sku == sku, tables.stock.c.size == size)
        row = await self.row(sa.select(tables.stock.c.quantity).where(place))
        left: int = row["quantity"]
        return left

    async def refunds(self, number: str) -> list[dict[str, Any]]:
        of_order = tables.refunds.c.order_number == number
        return await self.rows(sa.select(tables.refunds).where(of_order))

    async def mails(self, customer: str) -> list[dict[str, Any]]:
        """What this customer was sent, in order."""
        mine = tables.mails.c.customer == customer
        return await self.rows(sa.select(tables.mails).where(mine).order_by(tables.mails.c.id))

    async def set(self, table: sa.Table, where: sa.ColumnElement[bool], **values: Any) -> None:
        """What happened in the shop meanwhile."""
        await self._run(sa.update(table).where(where).values(**values))

    async def everything(self) -> dict[str, list[dict[str, Any]]]:
        """All rows but the record of changes, to tell whether anything changed."""
        return {
            name: sorted(await self.rows(sa.select(table)), key=str)
            for name, table in tables.metadata.tables.items()
            if name != "changes"
        }

    async def _run(self, statement: sa.Executable) -> sa.Result[Any]:
        if isinstance(self.engine, AsyncEngine):
            async with self.engine.begin() as opened:
                return await opened.execute(statement)
        with self.engine.begin() as connection:
            result = connection.execute(statement)
            return result.freeze()() if result.returns_rows else result
