"""The show customers of data/demo/show.yml: those whom the demo page offers to sign in as."""

from __future__ import annotations

from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from actions.context.demo.plan import (
    DemoCustomer,
    DemoFailure,
    DemoItem,
    DemoOrder,
    DemoReturn,
    DemoSignal,
)
from actions.context.model import Address

FOLDER = Path(__file__).parents[3] / "data" / "demo"


def read(name: str) -> Any:
    """One of the demo's own files."""
    return YAML(typ="safe").load((FOLDER / name).read_text(encoding="utf-8"))


@cache
def demo_customers() -> tuple[DemoCustomer, ...]:
    """The customers the demo page offers to sign in as."""
    return tuple(_customer(**each) for each in read("show.yml"))


def _customer(
    *,
    line: str,
    town: str,
    postcode: str,
    channels: list[str],
    orders: list[dict[str, Any]],
    failed_payment: dict[str, Any] | None = None,
    signals: list[dict[str, Any]] | None = None,
    **plain: Any,
) -> DemoCustomer:
    return DemoCustomer(
        address=Address(line, town, postcode),
        channels=tuple(channels),
        orders=tuple(_order(**each) for each in orders),
        failed_payment=DemoFailure(**failed_payment) if failed_payment else None,
        signals=tuple(DemoSignal(**each) for each in signals or ()),
        **plain,
    )


def _order(
    *,
    placed: tuple[int, str],
    items: list[tuple[str, str, int]],
    sends_back: dict[str, Any] | None = None,
    **plain: Any,
) -> DemoOrder:
    days_ago, at = placed
    return DemoOrder(
        days_ago=days_ago,
        at=time.fromisoformat(at),
        items=tuple(DemoItem(name, size or None, quantity) for name, size, quantity in items),
        sends_back=DemoReturn(**sends_back) if sends_back else None,
        **plain,
    )
