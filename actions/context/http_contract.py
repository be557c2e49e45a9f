"""The contract of a shop over HTTP as an OpenAPI document, written from the shapes that read it.

python -m actions.context.http_contract > docs/shop-openapi.json
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, get_args

from openapi_pydantic.util import PydanticSchema, construct_open_api_with_schema_class
from openapi_pydantic.v3.v3_1 import OpenAPI

from actions.context import http_answers, http_shapes
from actions.context.http import LONGEST_NAME
from actions.context.http_shape import Shape, shapes_of
from actions.context.source import DocumentKind

_PARAMETER = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Route:
    """One request; `answer` is None for a PDF, `query` names what may follow the path."""

    method: str
    path: str
    summary: str
    answer: type[Shape] | None
    body: type[Shape] | None = None
    query: tuple[str, ...] = ()


ROUTES = (
    Route(
        "GET",
        "/v1/customers/{reference}",
        "All about one customer",
        http_shapes.CustomerContext,
    ),
    Route(
        "GET",
        "/v1/customers",
        "Whose an address is: an `email`, in any spelling of case, or an `address` on a `channel`",
        http_answers.FoundCustomers,
        query=("email", "channel", "address"),
    ),
    Route("GET", "/v1/orders/{number}", "An order, whoever placed it", http_shapes.Order),
    Route(
        "GET",
        "/v1/promos/{code}",
        "A promo code, in any spelling of case; `customer` is who may have used it",
        http_answers.Promo,
        query=("customer",),
    ),
    Route("GET", "/v1/products", "Everything the shop sells", http_answers.Products),
    Route(
        "GET",
        "/v1/documents/{kind}/{reference}",
        "An `invoice`, by its number, or a return's `label`, by the return's reference",
        None,
    ),
    Route("GET", "/v1/offers", "The changes that the shop can make", http_answers.Offers),
    Route(
        "PUT",
        "/v1/changes/{key}",
        "Make a change, once under this key; the same key again returns what came of it then",
        http_answers.Changed,
        body=http_answers.Change,
    ),
)

FAILURES = {
    "401": "The token is missing or unknown",
    "403": "The token may not do this",
    "404": "No such thing: `error.code` is `not_found`",
    "409": "The change of this key is being made at this moment; ask again",
    "422": "The request is not of this contract, or its key was used for another change",
    "429": "Too many requests; `Retry-After` says when to come back",
    "503": "Not now; `Retry-After` may say when to come back",
}


def document() -> dict[str, Any]:
    """The whole document as JSON."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    failed = {
        status: {"description": why, "content": _content(http_answers.Error)}
        for status, why in FAILURES.items()
    }
    draft = OpenAPI.parse_obj(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "A shop for Warmline",
                "version": str(http_answers.VERSION),
                "description": "What a shop serves, so that Warmline can read and change it.",
            },
            "paths": paths,
            "security": [{"token": []}],
            "components": {
                "responses": failed,
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            },
        }
    )
    written: dict[str, Any] = construct_open_api_with_schema_class(draft).dict(
        by_alias=True, exclude_none=True
    )
    schemas = written["components"]["schemas"]
    roots = [shape for route in ROUTES for shape in (route.answer, route.body) if shape]
    for shape in shapes_of([http_answers.Error, *roots]):
        _finish(schemas[shape.__name__], shape)
    # The library's own enumerations become the texts that they stand for.
    told: dict[str, Any] = json.loads(json.dumps(written))
    return told


def _finish(schema: dict[str, Any], shape: type[Shape]) -> None:
    schema["description"] = " ".join(str(shape.__doc__).split())
    # Pydantic 1 does not write down which fields may be null.
    for name, field in shape.__fields__.items():
        if field.allow_none:
            known = schema["properties"][name]
            schema["properties"][name] = {"anyOf": [known, {"type": "null"}]}


def _operation(route: Route) -> dict[str, Any]:
    changes = route.method == "PUT"
    done = "What came of it, also a refusal" if changes else "What was asked for"
    failures = [status for status in FAILURES if changes or status not in ("409", "422")]
    if changes or "{" not in route.path:
        failures.remove("404")
    operation: dict[str, Any] = {
        "summary": route.summary,
        "parameters": _parameters(route),
        "responses": {
            "200": {"description": done, "content": _content(route.answer)},
            **{status: {"$ref": f"#/components/responses/{status}"} for status in failures},
        },
    }
    if route.body is not None:
        operation["requestBody"] = {"required": True, "content": _content(route.body)}
    return operation


def _parameters(route: Route) -> list[dict[str, Any]]:
    named = {"path": _PARAMETER.findall(route.path), "query": route.query}
    return [
        {"name": name, "in": where, "required": where == "path", "schema": _parameter(name)}
        for where, names in named.items()
        for name in names
    ]


def _parameter(name: str) -> dict[str, Any]:
    if name == "kind":
        return {"type": "string", "enum": list(get_args(DocumentKind))}
    return {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}


def _content(shape: type[Shape] | None) -> dict[str, Any]:
    if shape is None:
        return {"application/pdf": {}}
    return {"application/json": {"schema": PydanticSchema.parse_obj({"schema_class": shape})}}


if __name__ == "__main__":
    print(json.dumps(document(), indent=2, ensure_ascii=False))
