"""Every request the assistant can finish, by its intent."""

from __future__ import annotations

from collections.abc import Mapping

from actions.families import orders, undo
from actions.requests.request import Request

REQUESTS: Mapping[str, Request] = {
    request.intent: request for family in (orders, undo) for request in family.REQUESTS
}
