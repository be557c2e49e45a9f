"""The customer as the shop's own systems know them, for the agent's side panel."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from actions.context.reading import as_on_file
from bot.clock import iso
from desk.shapes import ShopData

log = logging.getLogger(__name__)


class Shop(Protocol):
    """Where customer data comes from; its answers are frozen dataclasses."""

    async def context(self, reference: str) -> Any: ...

    async def reference_at(self, channel: str, address: str) -> str | None: ...


class CustomerPanel:
    """Reads the shop; when that fails it says so, and the conversation stays usable."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def read(self, reference: str | None, channel: str, address: str) -> ShopData:
        """What it knows of the customer with this reference, or else of whose address it is."""
        try:
            on_file = as_on_file(channel, address) if reference is None else None
            if on_file is not None:
                reference = await self._shop.reference_at(*on_file)
            context = await self._shop.context(reference) if reference is not None else None
        except Exception as error:
            log.error("shop_unavailable error=%s", type(error).__name__)
            return ShopData(
                profile=None, orders=[], error="The shop's system does not answer right now."
            )
        if context is None:
            return ShopData(profile=None, orders=[], error=None)
        profile = _plain(asdict(context.customer))
        profile["address"] = context.customer.address.text if context.customer.address else None
        return ShopData(
            profile=profile, orders=[_order(order) for order in context.orders], error=None
        )


def _order(order: Any) -> dict[str, Any]:
    shown: dict[str, Any] = _plain(asdict(order))
    shown["address"] = order.address.text
    parcel = shown.pop("parcel") or {}
    shown["carrier"] = parcel.get("carrier")
    shown["tracking_code"] = parcel.get("tracking_code")
    shown["tracking_events"] = parcel.get("events") or []
    return shown


def _plain(value: Any) -> Any:
    """Amounts as texts that lose nothing, times as ISO 8601."""
    if isinstance(value, dict):
        return {key: _plain(child) for key, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(child) for child in value]
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
