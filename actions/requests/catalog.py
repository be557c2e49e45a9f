"""Every request the assistant can finish, by its intent."""

from __future__ import annotations

from collections.abc import Mapping

from actions.families import addresses, damaged, delivery, missing, order_items, orders, undo
from actions.requests.request import Request

FAMILIES = (orders, order_items, addresses, delivery, missing, damaged, undo)
REQUESTS: Mapping[str, Request] = {
    request.intent: request for family in FAMILIES for request in family.REQUESTS
}
