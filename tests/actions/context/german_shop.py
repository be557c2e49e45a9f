"""Another shop: the demo's customers in tables that share nothing with ours.

German names, amounts with decimals, codes as numbers and letters, keys as numbers, names and
addresses cut differently. tests/fixtures/shops/german.yml reads it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from actions.context import tables
from tests.actions.context.shops import ROWS

MAPPING = Path(__file__).parents[2] / "fixtures" / "shops" / "german.yml"
Row = dict[str, Any]

_TYPES: dict[str, Any] = {
    "int": sa.Integer,
    "text": sa.String(400),
    "geld": sa.Numeric(10, 2),
    "tag": sa.Date,
    "zeit": sa.DateTime,
}
_CODES = {
    "placed": 10,
    "packed": 20,
    "shipped": 30,
    "out_for_delivery": 40,
    "delivered": 50,
    "delayed": 35,
    "lost": 90,
    "cancelled": 99,
    "returned": 60,
}
_PAID = {"paid": 1, "pending": 0, "failed": 9, "refunded": 2}
_REFUNDED = {"requested": 0, "sent": 1, "failed": 9}
_SEEN = {"checkout_error": 1, "page_viewed": 2, "parcel_delayed": 3, "payment_failed": 4}
_MONEY = {"GBP": 826, "EUR": 978}  # ISO 4217's own numbers
_PLACES = {"email": 1, "sms": 2, "whatsapp": 3, "telegram": 4, "facebook": 5}


async def build(url: str) -> None:
    """Make the tables in an empty database, and fill them."""
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+asyncpg")
    else:
        address = address.set(drivername="sqlite+aiosqlite")
    metadata, filled = sa.MetaData(), []
    for name, columns, rows in _contents():
        kinds = dict(column.rsplit(" ", 1) for column in columns.split(", "))
        table = sa.Table(
            name, metadata, *(sa.Column(each, _TYPES[kind]) for each, kind in kinds.items())
        )
        filled.append((table, [dict(zip(kinds, row, strict=True)) for row in rows]))
    engine = create_async_engine(address)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        for table, content in filled:
            await connection.execute(sa.insert(table), content)
    await engine.dispose()


def _contents() -> Iterable[tuple[str, str, Iterable[tuple[Any, ...]]]]:
    """Each table's name, its columns with their types, and its rows."""
    yield (
        "kunden",
        "nr int, vorname text, nachname text, mail text, telefon text, seit tag, rundbrief text,"
        " loeschung tag",
        (
            (
                _nr(row["reference"]),
                *row["name"].split(" ", 1),
                row["email"].upper(),
                row["phone"],
                row["member_since"],
                "J" if row["newsletter"] else "N",
                row["closing_on"],
            )
            for row in ROWS[tables.customers]
        ),
    )
    yield (
        "anschriften",
        "kunde int, strasse text, ort text, plz text",
        (
            (_nr(row["reference"]), row["line"], row["town"], row["postcode"])
            for row in ROWS[tables.customers]
            if row["line"]
        ),
    )
    yield (
        "kontakte",
        "kunde int, art int, wert text",
        (
            (_nr(row["customer"]), _PLACES[row["channel"]], row["address"])
            for row in ROWS[tables.identities]
        ),
    )
    yield (
        "bestellungen",
        "nr int, kunde int, status int, eingang zeit, summe geld, waehrung int, strasse text,"
        " ort text, plz text, termin tag, zugestellt tag",
        (
            (
                int(row["number"]),
                _nr(row["customer"]),
                _CODES[row["state"]],
                row["placed_at"],
                _units(row["total_pence"]),
                _MONEY[row["currency"]],
                row["line"],
                row["town"],
                row["postcode"],
                row["delivery_estimate"],
                row["delivered_on"],
            )
            for row in ROWS[tables.orders]
        ),
    )
    yield (
        "sendungen",
        "bestellung int, dienst text, code text",
        (
            (int(row["number"]), row["carrier"], row["tracking_code"])
            for row in ROWS[tables.orders]
            if row["carrier"]
        ),
    )
    yield (
        "verlauf",
        "bestellung int, zeit zeit, meldung text, ort text",
        (
            (int(row["order_number"]), row["at"], row["text"], row["place"])
            for row in reversed(ROWS[tables.tracking_events])
        ),
    )
    yield (
        "positionen",
        "bestellung int, zeile int, artikel text, groesse text, menge int, preis geld",
        (
            (
                int(row["order_number"]),
                row["position"],
                row["sku"],
                row["size"],
                row["quantity"],
                _units(row["unit_price_pence"]),
            )
            for row in ROWS[tables.order_items]
        ),
    )
    yield (
        "rechnungen",
        "nr text, bestellung int, datum tag, porto geld, nachlass geld, summe geld",
        (
            (
                row["number"],
                int(row["order_number"]),
                row["issued_on"],
                _units(row["delivery_pence"]),
                _units(row["discount_pence"]),
                _units(row["total_pence"]),
            )
            for row in ROWS[tables.invoices]
        ),
    )
    yield from _aftermath()
    yield from _goods()


def _aftermath() -> Iterable[tuple[str, str, Iterable[tuple[Any, ...]]]]:
    yield (
        "zahlungen",
        "nr text, kunde int, bestellung int, betrag geld, waehrung int, mittel text, status int,"
        " grund text, zeit zeit",
        (
            (
                row["reference"],
                _nr(row["customer"]),
                int(row["order_number"]) if row["order_number"] else None,
                _units(row["amount_pence"]),
                _MONEY[row["currency"]],
                row["method"],
                _PAID[row["state"]],
                row["failure"],
                row["at"],
            )
            for row in ROWS[tables.payments]
        ),
    )
    yield (
        "erstattungen",
        "nr text, bestellung int, betrag geld, waehrung int, status int, grund text,"
        " beantragt zeit, ueberwiesen tag, spaetestens tag",
        (
            (
                row["reference"],
                int(row["order_number"]),
                _units(row["amount_pence"]),
                _MONEY[row["currency"]],
                _REFUNDED[row["state"]],
                row["reason"],
                row["requested_at"],
                row["sent_on"],
                row["expected_by"],
            )
            for row in ROWS[tables.refunds]
        ),
    )
    yield (
        "ruecksendungen",
        "nr text, bestellung int, artikel text, menge int, groesse text, angemeldet zeit,"
        " eingetroffen tag",
        (
            (
                row["reference"],
                int(row["order_number"]),
                row["sku"],
                row["quantity"],
                row["new_size"],
                row["requested_at"],
                row["received_on"],
            )
            for row in ROWS[tables.returns]
        ),
    )
    yield (
        "reklamationen",
        "nr text, bestellung int, art text, wunsch text, eroeffnet zeit",
        (
            (
                row["reference"],
                int(row["order_number"]),
                "V" if row["kind"] == "missing" else "B",
                "E" if row["wish"] == "replacement" else "G",
                row["opened_at"],
            )
            for row in ROWS[tables.claims]
        ),
    )
    yield (
        "klub",
        "kunde int, tarif text, von tag, bis tag, punkte int",
        (
            (_nr(row["customer"]), row["plan"], row["since"], row["until"], row["points"])
            for row in ROWS[tables.memberships]
        ),
    )
    yield (
        "ereignisse",
        "kunde int, art int, zeit zeit, bezug text",
        (
            (_nr(row["customer"]), _SEEN[row["kind"]], row["at"], row["about"])
            for row in ROWS[tables.signals]
        ),
    )


def _goods() -> Iterable[tuple[str, str, Iterable[tuple[Any, ...]]]]:
    yield (
        "artikel",
        "nr text, bezeichnung text, preis geld, seite text",
        (
            (row["sku"], row["name"], _units(row["price_pence"]), row["url"])
            for row in ROWS[tables.products]
        ),
    )
    yield (
        "angaben",
        "artikel text, zeile int, merkmal text, wert text",
        (
            (row["sku"], row["position"], row["name"], row["text"])
            for row in ROWS[tables.product_facts]
        ),
    )
    yield (
        "lager",
        "artikel text, zeile int, groesse text, bestand int",
        (
            (row["sku"], row["position"], row["size"] or None, row["quantity"])
            for row in ROWS[tables.stock]
        ),
    )
    yield (
        "gutscheine",
        "code text, prozent int, betrag geld, ab_wert geld, von tag, bis tag, nur_klub int",
        (
            (
                row["code"].lower(),
                row["percent"],
                _units(row["amount_pence"]),
                _units(row["minimum_pence"]),
                row["valid_from"],
                row["valid_until"],
                int(row["members_only"]),
            )
            for row in ROWS[tables.promos]
        ),
    )
    yield (
        "einloesungen",
        "code text, kunde int",
        ((row["code"].lower(), _nr(row["customer"])) for row in ROWS[tables.promo_uses]),
    )


def _nr(reference: str) -> int:
    return int(reference.removeprefix("C-"))


def _units(pence: int | None) -> Decimal | None:
    return None if pence is None else Decimal(pence) / 100
