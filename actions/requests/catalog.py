"""Every request the assistant can finish, by its intent."""

from __future__ import annotations

from collections.abc import Mapping

from actions.families import (
    account,
    availability,
    closing,
    membership,
    newsletter,
    orders,
    password,
    product_info,
    undo,
)
from actions.requests.request import Request

_FAMILIES = (
    orders,
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
