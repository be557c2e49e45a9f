"""The document that a shop is built by, and the code that asks the shop, say the same."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from actions.context.changes import Change, ChangeName
from actions.context.demo_changes.arguments import read as read_arguments
from actions.context.http_contract import ROUTES, document
from tests.actions.context.failing_shop import CHANGED, CONTEXT, failing_shop, fails, with_lie

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "howto" / "your-shop-over-http.md").read_text(encoding="utf-8")


def schema(name: str) -> Draft202012Validator:
    written = document()
    Draft202012Validator.check_schema(written["components"]["schemas"][name])
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", **written})


def test_the_document_in_docs_is_the_one_that_the_code_writes() -> None:
    kept = json.loads((DOCS / "shop-openapi.json").read_text(encoding="utf-8"))
    assert kept == document(), (
        "run: python -m actions.context.http_contract > docs/shop-openapi.json"
    )


def test_every_reference_in_the_document_leads_somewhere() -> None:
    written = document()
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(written)):
        inside: Any = written
        for part in reference.split("/"):
            inside = inside[part]
        assert inside


def test_the_document_takes_the_truth() -> None:
    schema("CustomerContext").validate(CONTEXT)
    schema("Changed").validate(CHANGED)


@pytest.mark.parametrize(
    ("path", "lie"),
    [
        ("customer.closing_on", ...),
        ("customer.newsletter", "yes"),
        ("orders.0.total", 64.9),
        ("orders.0.total", "-64.90"),
        ("orders.0.state", "teleported"),
        ("orders.0.items.0.quantity", 0),
        ("membership", []),
    ],
)
def test_the_document_takes_no_lie_that_a_schema_can_tell(path: str, lie: Any) -> None:
    assert not schema("CustomerContext").is_valid(with_lie(CONTEXT, path, lie))


async def test_what_is_asked_is_what_the_document_describes() -> None:
    async with failing_shop(fails(404, "not_found")) as (shop, served):
        await shop.context("C-1007")
        await shop.order("10432")
        await shop.reference_of("ava@customer.test")
        await shop.reference_at("sms", "+447700900007")
        await shop.promo("SUMMER10", "C-1007")
        await shop.document("label", "T-1")
        for asking in (shop.products(), shop.apply("key", Change("undo", {"change": "other"}))):
            with pytest.raises(Exception, match="not served"):
                await asking
    described = {
        (route.method, re.sub(r"{\w+}", r"[^/]+", route.path), frozenset(route.query))
        for route in ROUTES
    }
    met = set()
    for asked in served.asked:
        method, _, raw = asked.partition(" ")
        path, _, query = raw.partition("?")
        names = {pair.partition("=")[0] for pair in query.split("&") if pair}
        met |= {
            route
            for route in described
            if route[0] == method and re.fullmatch(route[1], path) and names <= route[2]
        }
    assert met == described


def test_the_page_names_every_request_and_every_change() -> None:
    for route in ROUTES:
        assert f"`{route.method} {route.path}" in PAGE
    for name in get_args(ChangeName):
        assert f"`{name}`" in PAGE
    for code in re.findall(
        r"`(\w+)`", (document()["components"]["schemas"]["Changed"])["description"]
    ):
        assert f"`{code}`" in PAGE


def test_the_page_names_the_arguments_that_the_demo_shop_takes() -> None:
    rows = re.findall(r"^\| (`[a-z_]+`(?:, `[a-z_]+`)*) \| (.*) \|$", PAGE, re.MULTILINE)
    told = {
        name: re.findall(r"`(\w+)`", re.sub(r"\(.*?\)|: `.*?`|: [a-z' ]*", "", cell))
        for names, cell in rows
        for name in re.findall(r"`(\w+)`", names)
    }
    assert told.keys() == set(get_args(ChangeName))
    for name in get_args(ChangeName):
        # Not that one is missing or unknown, but that none of them is a text or a number.
        with pytest.raises(ValueError, match="must be"):
            read_arguments(Change(name, dict.fromkeys(told[name], object())))


def test_the_pages_example_is_believed() -> None:
    order, changed = (json.loads(each) for each in re.findall(r"```json\n(.*?)```", PAGE, re.S))
    schema("Order").validate(order)
    schema("Changed").validate(changed)
