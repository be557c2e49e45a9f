"""The OpenAPI document, written from the very table that the server serves."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from aiohttp import web
from openapi_pydantic.v3.v3_0 import OpenAPI
from openapi_pydantic.v3.v3_0.util import PydanticSchema, construct_open_api_with_schema_class
from pydantic import BaseModel

from bot.records import RANKS
from desk.routes import API, CSRF_HEADER, SAFE_METHODS, Route
from desk.session_cookie import COOKIE

_PARAMETER = re.compile(r"{(\w+)}")
NEEDS: dict[str, list[dict[str, list[str]]]] = {
    "anyone": [],
    "customer": [{"widget": []}],
    "program": [{"token": []}, {"cookie": [], "csrf": []}],
    "agent": [{"token": []}, {"cookie": [], "csrf": []}],
    "lead": [{"token": []}, {"cookie": [], "csrf": []}],
    "admin": [{"token": []}, {"cookie": [], "csrf": []}],
}


class ErrorBody(BaseModel):
    code: str
    message: str
    detail: dict[str, Any] | None


class Error(BaseModel):
    """Every answer that is not a success."""

    error: ErrorBody


class Described:
    """The document, written when somebody first asks for it, beside the loop: it takes a while."""

    def __init__(self, routes: list[Route], *, version: str, url: str) -> None:
        self._write = partial(document, routes, version=version, url=url)
        self._written: asyncio.Future[dict[str, Any]] | None = None

    async def handle(self, _request: web.Request) -> web.Response:
        if self._written is None:
            self._written = asyncio.get_running_loop().run_in_executor(None, self._write)
        return web.json_response(await asyncio.shield(self._written))


def document(routes: list[Route], *, version: str, url: str) -> dict[str, Any]:
    """The whole document as JSON."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(API + route.path, {})[route.method.lower()] = _operation(route)
    draft = OpenAPI.parse_obj(
        {
            "openapi": "3.0.3",
            "info": {"title": "Warmline", "version": version},
            "servers": [{"url": url}],
            "paths": paths,
            "components": {
                "securitySchemes": {
                    "widget": {"type": "http", "scheme": "bearer"},
                    "token": {"type": "http", "scheme": "bearer"},
                    "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE},
                    "csrf": {"type": "apiKey", "in": "header", "name": CSRF_HEADER},
                }
            },
        }
    )
    written: dict[str, Any] = construct_open_api_with_schema_class(draft).dict(
        by_alias=True, exclude_none=True
    )
    schemas = written["components"]["schemas"]
    for model in _models(route.body for route in routes):
        _allow_null(schemas[model.__name__], model)
    for model in _models([Error, *(route.answer for route in routes)]):
        _allow_null(schemas[model.__name__], model)
        # An answer always has every field; what is not known is null.
        if model.__fields__:
            schemas[model.__name__]["required"] = list(model.__fields__)
    return written


def _models(roots: Iterable[type[BaseModel] | None]) -> list[type[BaseModel]]:
    """These models and all that their fields hold."""
    found: list[type[BaseModel]] = []
    waiting = [root for root in roots if root is not None]
    while waiting:
        model = waiting.pop()
        if model in found:
            continue
        found.append(model)
        inner = (field.type_ for field in model.__fields__.values())
        waiting += [t for t in inner if hasattr(t, "__fields__")]
    return found


def _allow_null(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Pydantic 1 does not write down which fields may be null."""
    for name, field in model.__fields__.items():
        written = schema["properties"][name]
        if field.allow_none and "$ref" in written:
            schema["properties"][name] = {"allOf": [written], "nullable": True}
        elif field.allow_none:
            written["nullable"] = True


def _operation(route: Route) -> dict[str, Any]:
    failed = {"description": "An error", "content": _json(Error)}
    operation: dict[str, Any] = {
        "summary": route.summary,
        **_needs(route),
        "tags": [route.audience],
        "security": NEEDS[route.audience],
        "parameters": _parameters(route),
        "responses": {
            str(_status(route)): _success(route),
            **({str(route.repeated): _success(route)} if route.repeated else {}),
            **{str(status): failed for status in _refusals(route)},
            "default": failed,
        },
    }
    if route.body is not None:
        operation["requestBody"] = {"content": _json(route.body)}
    return operation


def _needs(route: Route) -> dict[str, str]:
    if route.needs is None:
        return {}
    if route.needs == "person":
        return {"description": "Needs somebody who signed in; no API token is good for it."}
    return {"description": f"An API token needs the scope `{route.needs}`."}


def _status(route: Route) -> int:
    if route.is_socket:
        return 101
    return route.status if route.answer or route.is_file else 204


def _refusals(route: Route) -> Iterator[int]:
    """What may be answered instead, as far as its row tells: 400 to what is no HTTP, 429 to who
    asks too often, 503 for now."""
    yield from (400, 429, 503)
    if route.audience != "anyone":
        yield 401
    if route.audience in RANKS or route.is_socket:
        yield 403
    if "{" in route.path:
        yield 404
    if route.method not in SAFE_METHODS:
        yield from (408, 409, 413)
    if route.body is not None or route.query is not None:
        yield 422


def _success(route: Route) -> dict[str, Any]:
    if route.is_file:
        file = {"schema": {"type": "string", "format": "binary"}}
        return {"description": "The file", "content": {"*/*": file}}
    if route.answer is None:
        return {"description": "Switching to a WebSocket" if route.is_socket else "Done"}
    return {"description": "Done", "content": _json(route.answer)}


def _parameters(route: Route) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PARAMETER.findall(route.path)
    ]
    if route.query is not None:
        schema = route.query.schema()
        for name, field in schema["properties"].items():
            found.append({"name": name, "in": "query", "schema": _inline(field, schema)})
    return found


def _inline(field: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = field.get("$ref") or next(
        (part["$ref"] for part in field.get("allOf", []) if "$ref" in part), None
    )
    if reference is None:
        return field
    target: dict[str, Any] = schema["definitions"][reference.rpartition("/")[2]]
    return target


def _json(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": PydanticSchema.parse_obj({"schema_class": model})}}
