"""A server of the contract in docs/howto/your-shop-over-http.md over any shop, to be imitated."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from hmac import compare_digest
from typing import Any, cast

from aiohttp import web
from aiohttp.test_utils import TestServer

from actions.context import http_answers
from actions.context.errors import ShopUnavailable
from actions.context.source import DocumentKind, Shop

TOKEN = "a-token-that-only-the-shop-and-warmline-know"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def shop_app(shop: Shop, token: str = TOKEN) -> web.Application:
    """What serves this shop to whoever has the token."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers.get("Authorization", "")
        if not compare_digest(given.encode(), f"Bearer {token}".encode()):
            return failure(401, "not_signed_in", "The token is missing or unknown.")
        try:
            return await handler(request)
        except ShopUnavailable:
            return failure(503, "unavailable", "Not now.")

    async def context(request: web.Request) -> web.Response:
        return found(await shop.context(request.match_info["reference"]))

    async def customers(request: web.Request) -> web.Response:
        if "email" in request.query:
            address = request.query["email"]
            reference = await shop.reference_of(address)
        else:
            address = request.query["address"]
            reference = await shop.reference_at(request.query["channel"], address)
        items = [] if reference is None else [{"reference": reference, "address": address}]
        return web.json_response({"items": items})

    async def order(request: web.Request) -> web.Response:
        return found(await shop.order(request.match_info["number"]))

    async def promo(request: web.Request) -> web.Response:
        customer = request.query.get("customer")
        return found(await shop.promo(request.match_info["code"], customer))

    async def products(request: web.Request) -> web.Response:
        return web.json_response({"items": [as_json(each) for each in await shop.products()]})

    async def document(request: web.Request) -> web.Response:
        kind = cast(DocumentKind, request.match_info["kind"])
        pdf = await shop.document(kind, request.match_info["reference"])
        if pdf is None:
            return not_found()
        return web.Response(body=pdf, content_type="application/pdf")

    async def offers(request: web.Request) -> web.Response:
        return web.json_response({"version": 1, "changes": sorted(shop.offers)})

    async def change(request: web.Request) -> web.Response:
        try:
            wanted = http_answers.Change.parse_raw(await request.read()).value()
            return found(await shop.apply(request.match_info["key"], wanted))
        except ValueError:
            problem = "This is no change of the contract, or its key was used for another."
            return failure(422, "invalid", problem)

    app = web.Application(middlewares=[guard])
    app.add_routes(
        [
            web.get("/v1/customers/{reference}", context),
            web.get("/v1/customers", customers),
            web.get("/v1/orders/{number}", order),
            web.get("/v1/promos/{code}", promo),
            web.get("/v1/products", products),
            web.get("/v1/documents/{kind:invoice|label}/{reference}", document),
            web.get("/v1/offers", offers),
            web.put("/v1/changes/{key}", change),
        ]
    )
    return app


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    """Where the app is served, as WARMLINE_SHOP_URL wants it."""
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


def found(value: Any) -> web.Response:
    """The value as JSON, or that there is none."""
    return not_found() if value is None else web.json_response(as_json(value))


def not_found() -> web.Response:
    return failure(404, "not_found", "There is no such thing.")


def failure(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status)


def as_json(value: Any) -> Any:
    """Amounts as texts that lose nothing, moments by RFC 3339, days by ISO 8601."""
    return _plain(asdict(value))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(child) for key, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(child) for child in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else value
