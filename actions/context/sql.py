"""Customers and orders read from the shop's SQL database, each read bounded in time.

Read-only: nothing the assistant does may change an order.
"""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import Callable
from datetime import timezone
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from actions.context import tables
from actions.context.errors import ShopUnavailable
from actions.context.model import (
    Customer,
    Identity,
    Order,
    OrderItem,
    OrderState,
    Parcel,
    TrackingEvent,
)

#: A customer is waiting: past this many seconds a person is the better answer.
READ_TIMEOUT = 3.0

# Statements are built once: building one costs more than running it.
_CUSTOMER = sa.select(tables.customers).where(
    tables.customers.c.reference == sa.bindparam("reference")
)
_ADDRESSES = (
    sa.select(tables.identities.c.channel, tables.identities.c.address)
    .where(tables.identities.c.customer == sa.bindparam("reference"))
    .order_by(tables.identities.c.channel)
)
_ORDERS = sa.select(tables.orders).order_by(
    tables.orders.c.placed_at.desc(), tables.orders.c.number
)
_ORDERS_OF = _ORDERS.where(tables.orders.c.customer == sa.bindparam("reference"))
_ORDER = _ORDERS.where(tables.orders.c.number == sa.bindparam("number"))
_ITEMS = (
    sa.select(tables.order_items)
    .where(tables.order_items.c.order_number.in_(sa.bindparam("numbers", expanding=True)))
    .order_by(tables.order_items.c.position)
)
_EVENTS = (
    sa.select(tables.tracking_events)
    .where(tables.tracking_events.c.order_number.in_(sa.bindparam("numbers", expanding=True)))
    .order_by(tables.tracking_events.c.position)
)

T = TypeVar("T")


class SqlContext:
    """The shop behind an SQLAlchemy URL; belongs to the event loop that first uses it."""

    def __init__(self, url: str, *, timeout: float = READ_TIMEOUT) -> None:
        self._url = make_url(url)
        self._timeout = timeout
        self._is_file = self._url.get_backend_name() == "sqlite"
        if self._is_file:
            # One trip to a thread for a whole read; an async driver makes four a statement.
            # SQLite's own wait for a lock cannot be cancelled, so it has to end before ours does.
            self._file = sa.create_engine(
                self._url.set(drivername="sqlite"), connect_args={"timeout": timeout / 2}
            )
        else:
            self._server = create_async_engine(self._url, pool_pre_ping=True)

    async def customer(self, reference: str) -> Customer | None:
        """The customer with this reference, or None."""
        return await self._bounded(partial(_customer, reference=reference))

    async def orders(self, reference: str) -> tuple[Order, ...]:
        """This customer's orders, newest first."""
        return await self._bounded(partial(_orders, query=_ORDERS_OF, reference=reference))

    async def order(self, number: str) -> Order | None:
        """The order with this number, whoever placed it, or None."""
        found = await self._bounded(partial(_orders, query=_ORDER, number=number))
        return found[0] if found else None

    async def aclose(self) -> None:
        """Closes the connections."""
        if self._is_file:
            self._file.dispose()
        else:
            await self._server.dispose()

    async def _bounded(self, read: Callable[[sa.Connection], T]) -> T:
        if self._is_file and not os.path.isfile(self._url.database or ""):  # noqa: ASYNC240  (20 µs)
            # SQLite would create an empty shop, and every order would seem not to exist.
            raise ShopUnavailable(
                f"the shop database {self._url.database!r} does not exist; start `warmline demo` "
                "or set WARMLINE_SHOP_DATABASE_URL"
            )
        try:
            return await asyncio.wait_for(self._read(read), self._timeout)
        except asyncio.TimeoutError as error:
            raise ShopUnavailable(
                f"the shop database did not answer within {self._timeout:g} s"
            ) from error
        except (SQLAlchemyError, OSError) as error:
            # The driver's text may quote the row asked for, so only its kind is passed on.
            raise ShopUnavailable(
                f"the shop database could not be read ({type(error).__name__}); "
                "check WARMLINE_SHOP_DATABASE_URL"
            ) from error

    async def _read(self, read: Callable[[sa.Connection], T]) -> T:
        if self._is_file:
            return await asyncio.to_thread(self._read_file, read)
        async with self._server.connect() as connection:
            return await connection.run_sync(read)

    def _read_file(self, read: Callable[[sa.Connection], T]) -> T:
        with self._file.connect() as connection:
            return read(connection)


def _customer(connection: sa.Connection, *, reference: str) -> Customer | None:
    wanted = {"reference": reference}
    row = connection.execute(_CUSTOMER, wanted).one_or_none()
    if row is None:
        return None
    addresses = connection.execute(_ADDRESSES, wanted)
    return Customer(
        reference=row.reference,
        name=row.name,
        email=row.email,
        phone=row.phone,
        member_since=row.member_since,
        identities=tuple(Identity(each.channel, each.address) for each in addresses),
    )


def _orders(
    connection: sa.Connection, *, query: sa.Select[Any], **wanted: str
) -> tuple[Order, ...]:
    found = connection.execute(query, wanted).all()
    numbers = [row.number for row in found]
    items, events = _items(connection, numbers), _events(connection, numbers)
    return tuple(
        Order(
            number=row.number,
            customer_reference=row.customer,
            state=cast(OrderState, row.state),
            placed_at=row.placed_at.replace(tzinfo=timezone.utc),
            total=_pounds(row.total_pence),
            currency=row.currency,
            postcode=row.postcode,
            delivery_estimate=row.delivery_estimate,
            items=tuple(items[row.number]),
            parcel=Parcel(row.carrier, row.tracking_code, tuple(events[row.number]))
            if row.carrier
            else None,
        )
        for row in found
    )


def _items(connection: sa.Connection, numbers: list[str]) -> dict[str, list[OrderItem]]:
    items: dict[str, list[OrderItem]] = defaultdict(list)
    for row in connection.execute(_ITEMS, {"numbers": numbers}):
        price = _pounds(row.unit_price_pence)
        items[row.order_number].append(OrderItem(row.name, row.quantity, price))
    return items


def _events(connection: sa.Connection, numbers: list[str]) -> dict[str, list[TrackingEvent]]:
    events: dict[str, list[TrackingEvent]] = defaultdict(list)
    for row in connection.execute(_EVENTS, {"numbers": numbers}):
        at = row.at.replace(tzinfo=timezone.utc)
        events[row.order_number].append(TrackingEvent(at, row.text, row.place))
    return events


def _pounds(pence: int) -> Decimal:
    return Decimal(pence) / 100
