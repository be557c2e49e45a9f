"""The rows of what is sent back and of claims."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from actions.context import tables
from actions.context.demo.goods import Article
from actions.context.demo.orders import Placed
from actions.context.demo.rows import Rows

_UNDER_WAY_DAYS = 7


def add_returns(rows: Rows, placed: Placed, goods: Mapping[str, Article], today: date) -> None:
    """What came back, and what is on its way back."""
    plan = placed.plan
    if plan.state == "returned" and placed.last_scan:
        asked = placed.last_scan - timedelta(days=_UNDER_WAY_DAYS)
        for item in plan.items:
            sku = goods[item.name].sku
            _add_return(rows, plan.number, sku, item.quantity, asked, placed.last_scan.date())
    if plan.sends_back:
        asked = datetime.combine(today - timedelta(days=plan.sends_back.days_ago), time(10, 5))
        sku, new_size = goods[plan.sends_back.name].sku, plan.sends_back.new_size
        _add_return(rows, plan.number, sku, 1, asked, None, new_size)


def add_claim(rows: Rows, placed: Placed, goods: Mapping[str, Article], today: date) -> None:
    """What the customer claims, if anything."""
    plan, claim = placed.plan, placed.plan.claim
    if claim is None:
        return
    rows[tables.claims].append(
        {
            "reference": f"CL-40{len(rows[tables.claims]) + 1:03d}",
            "order_number": plan.number,
            "kind": claim.kind,
            "sku": goods[plan.items[0].name].sku if claim.kind == "damaged" else None,
            "wish": claim.wish,
            "words": None,
            "opened_at": datetime.combine(today - timedelta(days=claim.days_ago), time(9, 40)),
        }
    )


def _add_return(
    rows: Rows,
    number: str,
    sku: str,
    quantity: int,
    requested_at: datetime,
    received_on: date | None,
    new_size: str | None = None,
) -> None:
    rows[tables.returns].append(
        {
            "reference": f"RT-30{len(rows[tables.returns]) + 1:03d}",
            "order_number": number,
            "sku": sku,
            "quantity": quantity,
            "new_size": new_size,
            "requested_at": requested_at,
            "received_on": received_on,
        }
    )
