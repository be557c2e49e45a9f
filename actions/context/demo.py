"""The demo shop: some 200 customers with orders in every state, the same ones at each seeding.

Only the dates move: they count back from the day of seeding, so the demo always looks fresh.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from ruamel.yaml import YAML
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from actions.context import tables
from actions.context.model import OrderState

INGREDIENTS = Path(__file__).parents[2] / "data" / "demo" / "shop.yml"
CUSTOMERS = 200
SEED = 20_240_601
#: Written into the file, so that seeding never wipes a database somebody else made.
APPLICATION_ID = 0x5741524D

Row = dict[str, Any]
Rows = dict[sa.Table, list[Row]]

#: How often each state comes up, and how many days ago such an order was placed.
_STATES: dict[OrderState, tuple[int, int, int]] = {
    "placed": (8, 1, 2),
    "packed": (8, 1, 2),
    "shipped": (14, 2, 4),
    "out_for_delivery": (7, 3, 5),
    "delivered": (40, 6, 200),
    "delayed": (8, 7, 10),
    "lost": (3, 15, 24),
    "cancelled": (6, 3, 150),
    "returned": (6, 20, 180),
}


@dataclass(frozen=True, slots=True)
class DemoOrder:
    """An order of a show customer, by which the README can name it."""

    number: str
    state: OrderState
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """A customer to sign in as in the demo; their orders all go to `postcode`."""

    reference: str
    name: str
    note: str
    town: str
    postcode: str
    orders: tuple[DemoOrder, ...]


_SHOW = (
    DemoCustomer(
        "C-1007",
        "Ava Thompson",
        "several orders on their way",
        "Bristol",
        "BS1 4DJ",
        (
            DemoOrder("10432", "shipped", ("hiking boots", "wool socks")),
            DemoOrder("10587", "packed", ("rain jacket",)),
            DemoOrder("10640", "placed", ("head torch", "enamel mug")),
            DemoOrder("10398", "delivered", ("merino base layer",)),
        ),
    ),
    DemoCustomer(
        "C-1012",
        "Ben Okafor",
        "one order, out for delivery today",
        "Manchester",
        "M4 1HQ",
        (
            DemoOrder("10861", "out_for_delivery", ("two-person tent",)),
            DemoOrder("10274", "returned", ("down jacket",)),
        ),
    ),
    DemoCustomer(
        "C-1023",
        "Chloe Martin",
        "a delayed parcel",
        "Leeds",
        "LS6 2AB",
        (DemoOrder("10715", "delayed", ("down sleeping bag", "sleeping mat")),),
    ),
)


def demo_customers() -> tuple[DemoCustomer, ...]:
    """The three customers the demo page offers to sign in as."""
    return _SHOW


async def seed(url: str, today: date | None = None) -> None:
    """Writes the demo shop into the SQLite file of `url`, in place of the one there.

    Raises ValueError when the file holds somebody else's tables.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        raise ValueError("the demo shop lives in a SQLite file; give a sqlite+aiosqlite:///… URL")
    Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(address)
    try:
        async with engine.begin() as connection:
            owner = (await connection.execute(sa.text("PRAGMA application_id"))).scalar_one()
            inside = await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())
            if inside and owner != APPLICATION_ID:
                raise ValueError(
                    f"{address.database} is not a demo shop and was left alone; "
                    "set WARMLINE_SHOP_DATABASE_URL to another file"
                )
            await connection.execute(sa.text(f"PRAGMA application_id = {APPLICATION_ID}"))
            await connection.run_sync(tables.metadata.drop_all)
            await connection.run_sync(tables.metadata.create_all)
            for table, rows in demo_rows(today or datetime.now(timezone.utc).date()).items():
                await connection.execute(sa.insert(table), rows)
    finally:
        await engine.dispose()


def demo_rows(today: date) -> Rows:
    """Every row of the demo shop, by table, parents first."""
    ingredients = YAML(typ="safe").load(INGREDIENTS.read_text(encoding="utf-8"))
    chance = random.Random(SEED)  # noqa: S311  (the same shop every time, no secret)
    rows: Rows = {table: [] for table in tables.metadata.sorted_tables}
    show = {customer.reference: customer for customer in _SHOW}
    taken = {order.number for customer in _SHOW for order in customer.orders}
    free = iter(
        chance.sample([str(n) for n in range(10_001, 12_500) if str(n) not in taken], 1_000)
    )
    prices = dict(ingredients["products"])
    for serial in range(1_001, 1_001 + CUSTOMERS):
        reference = f"C-{serial}"
        customer = show.get(reference) or _somebody(reference, ingredients, free, chance)
        _add_customer(rows, customer, serial, today, chance)
        for order in customer.orders:
            carrier = chance.choice(ingredients["carriers"])
            _add_order(rows, customer, order, prices, carrier, today, chance)
    return rows


def _somebody(
    reference: str, ingredients: Row, numbers: Iterator[str], chance: random.Random
) -> DemoCustomer:
    town, outward = chance.choice(ingredients["towns"])
    letters = "ABDEFGHJLNPQRSTUWXYZ"  # the Royal Mail uses no others in the second half
    inward = f"{chance.randint(1, 9)}{chance.choice(letters)}{chance.choice(letters)}"
    states, weights = list(_STATES), [often for often, _, _ in _STATES.values()]
    names = [name for name, _ in ingredients["products"]]
    orders = tuple(
        DemoOrder(
            next(numbers),
            chance.choices(states, weights)[0],
            tuple(chance.sample(names, chance.choice((1, 1, 1, 2, 2, 3)))),
        )
        for _ in range(chance.choice((0, 1, 1, 2, 2, 3, 4)))
    )
    name = f"{chance.choice(ingredients['first_names'])} {chance.choice(ingredients['last_names'])}"
    return DemoCustomer(reference, name, "", town, f"{chance.choice(outward)} {inward}", orders)


def _add_customer(
    rows: Rows, customer: DemoCustomer, serial: int, today: date, chance: random.Random
) -> None:
    email = f"{customer.name.split()[0].lower()}.{serial}@customer.test"
    phone = f"+447700900{serial - 1_000:03d}"
    rows[tables.customers].append(
        {
            "reference": customer.reference,
            "name": customer.name,
            "email": email,
            "phone": phone,
            "member_since": today - timedelta(days=chance.randint(210, 2_000)),
        }
    )
    addresses = [("email", email), ("sms", phone), ("whatsapp", phone)]
    addresses += [("telegram", str(700_000_000 + serial)), ("facebook", str(9_100_000 + serial))]
    rows[tables.identities] += [
        {"channel": channel, "address": address, "customer": customer.reference}
        for channel, address in [addresses[0], *chance.sample(addresses[1:], chance.randint(1, 3))]
    ]


def _add_order(
    rows: Rows,
    customer: DemoCustomer,
    order: DemoOrder,
    prices: dict[str, int],
    carrier: tuple[str, str],
    today: date,
    chance: random.Random,
) -> None:
    _, youngest, oldest = _STATES[order.state]
    placed_on = today - timedelta(days=chance.randint(youngest, oldest))
    placed_at = datetime.combine(placed_on, time(chance.randint(6, 8), chance.randint(0, 59)))
    quantities = [
        2 if prices[name] < 3_000 and chance.random() < 0.4 else 1 for name in order.items
    ]
    labelled, code = order.state not in ("placed", "cancelled"), chance.randint(10**8, 10**9 - 1)
    events = _events(order.state, placed_at, today, customer.town)
    rows[tables.orders].append(
        {
            "number": order.number,
            "customer": customer.reference,
            "state": order.state,
            "placed_at": placed_at,
            "total_pence": sum(
                prices[name] * quantity
                for name, quantity in zip(order.items, quantities, strict=True)
            ),
            "currency": "GBP",
            "postcode": customer.postcode,
            "delivery_estimate": _estimate(order.state, placed_on, today),
            "carrier": carrier[0] if labelled else None,
            "tracking_code": f"{carrier[1]}{code}" if labelled else None,
        }
    )
    rows[tables.order_items] += [
        {
            "order_number": order.number,
            "position": position,
            "name": name,
            "quantity": quantity,
            "unit_price_pence": prices[name],
        }
        for position, (name, quantity) in enumerate(zip(order.items, quantities, strict=True))
    ]
    rows[tables.tracking_events] += [
        {"order_number": order.number, "position": position, "at": at, "text": text, "place": place}
        for position, (at, text, place) in enumerate(events)
    ]


def _estimate(state: OrderState, placed_on: date, today: date) -> date | None:
    if state in ("cancelled", "lost"):
        return None
    if state == "out_for_delivery":
        return today
    if state == "delayed":
        return today + timedelta(days=2)
    return placed_on + timedelta(days=5)


def _events(
    state: OrderState, placed_at: datetime, today: date, town: str
) -> list[tuple[datetime, str, str]]:
    """The carrier's scans up to this state, none of them later than early on the seeding day."""
    if state in ("placed", "packed", "cancelled"):
        return []
    hub, depot = "Coventry hub", f"{town} depot"
    collected = placed_at + timedelta(days=1, hours=9)
    scans = [
        (collected, "collected by the carrier", "Coventry"),
        (collected + timedelta(hours=5), "left the sorting centre", hub),
    ]
    if state == "lost":
        return scans
    if state == "delayed":
        return [*scans, (collected + timedelta(days=2), "held at the depot, vehicle fault", depot)]
    if state != "shipped":
        scans.append((collected + timedelta(hours=20), "arrived at the depot", depot))
    if state == "out_for_delivery":
        scans.append((datetime.combine(today, time(0, 20)), "loaded for delivery", depot))
    if state in ("delivered", "returned"):
        arrived = collected + timedelta(days=2, hours=3)
        scans.append((arrived, "handed to the customer", town))
        if state == "returned":
            back = arrived + timedelta(days=9)
            scans.append((back, "received back at the warehouse", "Coventry"))
    return scans
