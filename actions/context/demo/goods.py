"""What the demo shop sells and which promo codes it gave out."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from actions.context import tables
from actions.context.demo.rows import Rows
from actions.context.demo.show import read

ONE_SIZE = [""]


@dataclass(frozen=True, slots=True)
class Article:
    """A product by its name: its price is in pence."""

    sku: str
    name: str
    price: int
    sizes: list[str]
    sold_out: list[str]
    facts: dict[str, str]


def articles() -> dict[str, Article]:
    """Everything of data/demo/products.yml, by name."""
    content = read("products.yml")
    runs = content["sizes"]
    return {
        each["name"]: Article(
            sku,
            each["name"],
            each["price"],
            runs[each["sizes"]] if "sizes" in each else ONE_SIZE,
            each.get("sold_out", []),
            each["facts"],
        )
        for sku, each in content["products"].items()
    }


def add_products(
    rows: Rows, goods: Mapping[str, Article], site: str, chance: random.Random
) -> None:
    """Every product with its facts and its stock."""
    for article in goods.values():
        rows[tables.products].append(
            {
                "sku": article.sku,
                "name": article.name,
                "price_pence": article.price,
                "currency": "GBP",
                "url": f"{site}/#{article.name.replace(' ', '-').lower()}",
            }
        )
        rows[tables.product_facts] += [
            {"sku": article.sku, "position": position, "name": name, "text": text}
            for position, (name, text) in enumerate(article.facts.items())
        ]
        rows[tables.stock] += [
            {
                "sku": article.sku,
                "position": position,
                "size": size,
                "quantity": 0 if size in article.sold_out else chance.choice((1, 2, 4, 7, 12, 30)),
            }
            for position, size in enumerate(article.sizes)
        ]


def add_promos(rows: Rows, promos: Mapping[str, Mapping[str, Any]], today: date) -> None:
    """Codes that are valid, over, not begun, and for members."""
    rows[tables.promos] += [
        {
            "code": code,
            "percent": promo.get("percent"),
            "amount_pence": promo.get("amount"),
            "minimum_pence": promo["minimum"],
            "valid_from": today + timedelta(days=promo["from"]),
            "valid_until": today + timedelta(days=promo["until"]),
            "members_only": promo.get("members_only", False),
        }
        for code, promo in promos.items()
    ]


def discount_of(promo: Mapping[str, Any], goods_pence: int) -> int:
    """What the code takes off the goods, in pence."""
    if "percent" in promo:
        return goods_pence * int(promo["percent"]) // 100
    return int(promo["amount"])
