"""Products and promo codes, out of the shop's rows."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa

from actions.context.model import Product, Promo
from actions.context.sql.fields import Fields
from actions.context.sql.mapping import Mapping

_WHOLE = 100


def read_products(connection: sa.Connection, mapping: Mapping) -> tuple[Product, ...]:
    """Everything the shop sells, with its facts and its stock."""
    facts: dict[str, dict[str, str]] = defaultdict(dict)
    stock: dict[str, dict[str, int]] = defaultdict(dict)
    for row in mapping.rows(connection, "facts"):
        facts[row.text("sku")][row.text("name")] = row.text("text")
    for row in mapping.rows(connection, "stock"):
        stock[row.text("sku")][row.text_or_none("size") or ""] = row.whole("quantity")
    return tuple(
        Product(
            sku=row.text("sku"),
            name=row.text("name"),
            price=row.amount("price"),
            currency=row.currency("currency"),
            url=row.text("url"),
            facts=facts[row.text("sku")],
            stock=stock[row.text("sku")],
        )
        for row in mapping.rows(connection, "products")
    )


def read_promo(
    connection: sa.Connection, mapping: Mapping, code: str, reference: str | None
) -> Promo | None:
    """The promo code; `used`: by the customer with this reference."""
    row = mapping.row(connection, "promo", code=code.strip().upper(), reference=reference)
    return _promo(row) if row else None


def _promo(row: Fields) -> Promo:
    percent = row.whole("percent", least=1) if row.has("percent") else None
    amount = row.amount("amount") if row.has("amount") else None
    if (percent is None) == (amount is None):
        raise row.wrong(
            "percent", "must hold something where 'amount' holds nothing, and only there"
        )
    if percent is not None and percent > _WHOLE:
        raise row.wrong("percent", "holds more than all")
    valid_from, valid_until = row.day("valid_from"), row.day("valid_until")
    if valid_until < valid_from:
        raise row.wrong("valid_until", "holds a day before the code's first")
    return Promo(
        code=row.text("code"),
        percent=percent,
        amount=amount,
        minimum=row.amount("minimum"),
        valid_from=valid_from,
        valid_until=valid_until,
        members_only=row.flag("members_only"),
        used=row.flag("used"),
    )
