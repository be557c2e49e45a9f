"""A shop over HTTP that does what it is told to: answer, fail, hang, drip, redirect, lie."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from actions.context.http import HttpShop
from actions.context.http_client import Patience
from tests.shop_server import TOKEN, failure

#: However busy the machine is, whoever answers is waited for.
LONG = Patience(total=60.0, one_try=30.0, connect=30.0, first_pause=0.001)
#: Hanging takes no time; whoever answers has four tries to do so.
BRIEF = Patience(total=60.0, one_try=0.2, connect=30.0, first_pause=0.001)

Play = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Clock:
    """Time that passes only when told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class FailingShop:
    """Plays one part a request; what there is no part for is answered as usual."""

    usual: Play
    parts: deque[Play] = field(default_factory=deque)
    asked: list[str] = field(default_factory=list)
    holding: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    def will(self, *parts: Play) -> None:
        """What it does with the next requests, and then as usual again."""
        self.parts.extend(parts)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.raw_path}")
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        part = self.parts.popleft() if self.parts else self.usual
        return await part(request)

    async def hang(self, _request: web.Request) -> web.StreamResponse:
        """Says nothing before it is released."""
        await self.released.wait()
        return web.Response(status=500)

    def held(self, part: Play) -> Play:
        """Plays the part once it is released."""

        async def wait(request: web.Request) -> web.StreamResponse:
            self.holding.set()
            await self.released.wait()
            return await part(request)

        return wait

    async def drip(self, request: web.Request) -> web.StreamResponse:
        """A byte now and then, and never an end."""
        response = web.StreamResponse()
        await response.prepare(request)
        while not self.released.is_set():
            await response.write(b" ")
            await asyncio.sleep(0.02)
        return response


@asynccontextmanager
async def failing_shop(
    usual: Play, *, patience: Patience = LONG, clock: Clock | None = None
) -> AsyncIterator[tuple[HttpShop, FailingShop]]:
    """Us and the shop, until the block ends."""
    served = FailingShop(usual)
    app = web.Application()
    app.router.add_route("*", "/{path:(?s:.*)}", served.handle)
    async with TestServer(app) as server:
        served.url = str(server.make_url("")).rstrip("/")
        timed = {} if clock is None else {"clock": clock}
        shop = HttpShop(served.url, TOKEN, patience=patience, **timed)
        try:
            yield shop, served
        finally:
            served.released.set()
            await shop.aclose()


def says(content: Any, status: int = 200, **headers: str) -> Play:
    """Answers with this JSON, or with this text or these bytes as they are."""

    async def part(_request: web.Request) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(content, bytes):
            return web.Response(body=content, status=status, headers=named)
        if isinstance(content, str):
            return web.Response(text=content, status=status, headers=named)
        return web.json_response(content, status=status, headers=named)

    return part


def fails(status: int, code: str = "some_code", **headers: str) -> Play:
    """Answers with an error of the contract."""

    async def part(_request: web.Request) -> web.StreamResponse:
        response = failure(status, code, "Told to a person.")
        response.headers.update({name.replace("_", "-"): told for name, told in headers.items()})
        return response

    return part


async def cuts(request: web.Request) -> web.StreamResponse:
    """Breaks the connection off in the middle of an answer."""
    response = web.StreamResponse(headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(b"{")
    assert request.transport is not None
    request.transport.abort()
    return response


async def floods(request: web.Request) -> web.StreamResponse:
    """Never stops talking."""
    response = web.StreamResponse()
    await response.prepare(request)
    try:
        while True:
            await response.write(b" " * 65536)
    except ConnectionError:
        return response


ORDER: dict[str, Any] = {
    "number": "10432",
    "customer_reference": "C-1007",
    "state": "delivered",
    "placed_at": "2026-06-01T08:30:00Z",
    "total": "64.90",
    "currency": "GBP",
    "address": {"line": "4 Mill Lane", "town": "Bristol", "postcode": "BS1 4DJ"},
    "delivery_estimate": "2026-06-06",
    "delivered_on": "2026-06-05",
    "items": [
        {
            "sku": "BOOT-1",
            "name": "hiking boots",
            "size": "42",
            "quantity": 1,
            "unit_price": "59.90",
        }
    ],
    "parcel": {
        "carrier": "Northline",
        "tracking_code": "NL123",
        "events": [
            {"at": "2026-06-05T07:00:00.1234567Z", "text": "Delivered", "place": "Bristol"},
            {"at": "2026-06-03T07:00:00+00:00", "text": "Handed over", "place": "Leeds"},
        ],
    },
    "invoice": {
        "number": "I-10432",
        "issued_on": "2026-06-01",
        "delivery": "5",
        "discount": "0.00",
        "total": "64.90",
        "currency": "GBP",
    },
}
OTHER_ORDER = {**ORDER, "number": "10587", "placed_at": "2026-06-04T08:30:00Z"}
CONTEXT: dict[str, Any] = {
    "customer": {
        "reference": "C-1007",
        "name": "Ava Thompson",
        "email": "ava@customer.test",
        "phone": "",
        "member_since": "2024-02-29",
        "address": None,
        "newsletter": True,
        "closing_on": None,
        "identities": [{"channel": "email", "address": "ava@customer.test"}],
    },
    "orders": [ORDER, OTHER_ORDER],
    "payments": [
        {
            "reference": "P-1",
            "order_number": None,
            "amount": "64.90",
            "currency": "GBP",
            "method": "Visa",
            "state": "failed",
            "failure": "insufficient funds",
            "at": "2026-06-01T08:29:00Z",
        }
    ],
    "refunds": [
        {
            "reference": "R-1",
            "order_number": "10432",
            "amount": "10.00",
            "currency": "GBP",
            "state": "sent",
            "reason": "damaged",
            "requested_at": "2026-06-05T23:30:00Z",
            "sent_on": "2026-06-05",
            "expected_by": "2026-06-10",
        }
    ],
    "returns": [
        {
            "reference": "T-1",
            "order_number": "10432",
            "sku": "BOOT-1",
            "quantity": 1,
            "new_size": "43",
            "requested_at": "2026-06-05T12:00:00Z",
            "received_on": None,
        }
    ],
    "claims": [
        {
            "reference": "L-1",
            "order_number": "10432",
            "kind": "damaged",
            "wish": "refund",
            "opened_at": "2026-06-05T12:00:00Z",
        }
    ],
    "membership": {"plan": "Trail", "since": "2026-01-01", "until": "2026-12-31", "points": 120},
    "signals": [{"kind": "payment_failed", "at": "2026-06-05T12:00:00Z", "about": None}],
}
OFFERS = {"version": 1, "changes": ["refund", "cancel_order", "a change of later versions"]}
CHANGED = {
    "reference": "K-1",
    "before": {"state": "placed"},
    "after": {"state": "cancelled"},
    "undoable": False,
    "refused": None,
}


async def well(request: web.Request) -> web.StreamResponse:
    """Answers everything rightly, for whichever customer or order is asked for."""
    _, route, *names = request.path.strip("/").split("/")
    if route == "customers":
        return web.json_response(context_of(names[0]))
    if route == "orders":
        return web.json_response({**ORDER, "number": names[0]})
    return web.json_response(CHANGED if route == "changes" else OFFERS)


def context_of(reference: str) -> dict[str, Any]:
    """A customer's context; the orders of two customers have different numbers."""
    context = deepcopy(CONTEXT)
    context["customer"]["reference"] = reference
    for order in context["orders"]:
        order["customer_reference"] = reference
        order["number"] += reference.removeprefix("C-1007")
    return context


def with_lie(content: Any, path: str, lie: Any) -> Any:
    """The same JSON but for the value at `path`, such as `orders.0.total`; `...` takes it out."""
    told = deepcopy(content)
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    inside = told
    for part in way:
        inside = inside[part]
    if lie is ...:
        del inside[last]
    else:
        inside[last] = lie
    return told
