"""Every request the assistant can finish, by its intent."""

from __future__ import annotations

from collections.abc import Mapping

from actions.families import (
    account,
    addresses,
    availability,
    closing,
    damaged,
    delivery,
    exchanges,
    invoices,
    membership,
    missing,
    newsletter,
    order_items,
    orders,
    password,
    payments,
    price_match,
    product_info,
    promos,
    refund_tracking,
    refunds,
    returns,
    undo,
)
from actions.requests.request import Request

_FAMILIES = (
    orders,
    order_items,
    addresses,
    delivery,
    missing,
    damaged,
    invoices,
    payments,
    promos,
    refunds,
    refund_tracking,
    returns,
    exchanges,
    price_match,
    account,
    closing,
    password,
    newsletter,
    membership,
    availability,
    product_info,
    undo,
)

REQUESTS: Mapping[str, Request] = {
    request.intent: request for family in _FAMILIES for request in family.REQUESTS
}
