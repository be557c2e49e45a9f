"""Counting the stock: what is taken for an order is there for nobody else."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from actions.context.demo_changes.making import Making, Refused
from actions.context.tables import stock


def take(making: Making, wanted: Mapping[tuple[str, str], int]) -> None:
    """Take these quantities by SKU and size out of the stock; those below nothing go back.

    Raises Refused when there is no such thing, or too little of it.
    """
    # In one order, or two changes could each wait for what the other has locked.
    for sku, size in sorted(wanted):
        place = sa.and_(stock.c.sku == sku, stock.c.size == size)
        left = making.locked(sa.select(stock.c.quantity).where(place)).quantity
        if wanted[sku, size] > left:
            raise Refused("out_of_stock")
        making.connection.execute(
            sa.update(stock).where(place).values(quantity=left - wanted[sku, size])
        )
