"""What every kind of shop promises: in a file, on a server, and behind the REST contract."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, get_args

import pytest
from aiohttp import web
from jsonschema import Draft202012Validator

from actions.context import tables
from actions.context.changes import Change, Changed, ChangeName
from actions.context.demo import demo_customers, demo_rows
from actions.context.errors import ShopUnavailable
from actions.context.http import HttpShop
from actions.context.http_client import Patience
from actions.context.http_contract import ROUTES, document
from actions.context.model import CustomerContext
from actions.context.source import Shop
from actions.context.sql import SqlShop
from tests.actions.context.shops import NOW
from tests.client import PATIENCE_SECONDS
from tests.postgresql import PostgresqlServer
from tests.shop_server import TOKEN, Handler, serving, shop_app

ROWS = demo_rows(NOW)
#: Those whom the demo shows, and some of the others.
SHOWN = [customer.reference for customer in demo_customers()]
CUSTOMERS = SHOWN + [row["reference"] for row in ROWS[tables.customers]][::8]
ORDERS = [row["number"] for row in ROWS[tables.orders]][::6]
PROMOS = [row["code"] for row in ROWS[tables.promos]]
#: Ava, who has an order that is placed (10640) and one that is on its way (10432).
AVA = "C-1007"
#: Dev paid 145.00 for his order twice.
DEV, DOUBLED, SECOND = "C-1038", "10913", "P-70076"
DESCRIBED = document()


@pytest.fixture
def shops_file(seeded_file: Path, tmp_path: Path) -> str:
    """A demo shop of the test's own, in a file."""
    shutil.copy(seeded_file, tmp_path / "shop.db")
    return f"sqlite:///{tmp_path / 'shop.db'}"


@pytest.fixture
def shops_database(postgresql: PostgresqlServer, seeded_database: str) -> Iterator[str]:
    """One on a server."""
    with postgresql.new_database(template=seeded_database) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql", "http"])
async def shop(request: pytest.FixtureRequest) -> AsyncIterator[Shop]:
    """Each kind, over a demo shop of the test's own."""
    kind = request.param
    url = request.getfixturevalue("shops_database" if kind == "postgresql" else "shops_file")
    async with AsyncExitStack() as stack:
        opened: SqlShop | HttpShop = SqlShop(url)
        stack.push_async_callback(opened.aclose)
        if kind == "http":
            app = shop_app(opened)
            app.middlewares.append(as_described)
            address = await stack.enter_async_context(serving(app))
            patience = Patience(total=PATIENCE_SECONDS, one_try=PATIENCE_SECONDS)
            opened = HttpShop(address, TOKEN, patience=patience)
            stack.push_async_callback(opened.aclose)
        await opened.check()
        yield opened


@pytest.fixture
async def truth(seeded_file: Path) -> AsyncIterator[SqlShop]:
    """The shop as nobody has changed it."""
    opened = SqlShop(f"sqlite:///{seeded_file}")
    yield opened
    await opened.aclose()


@web.middleware
async def as_described(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Holds every request and answer against the OpenAPI document."""
    response = await handler(request)
    (route,) = (
        route
        for route in ROUTES
        if route.method == request.method
        and re.fullmatch(re.sub(r"{\w+}", "[^/]+", route.path), request.raw_path.split("?")[0])
    )
    operation = DESCRIBED["paths"][route.path][route.method.lower()]
    assert set(request.query) <= {each["name"] for each in operation["parameters"]}
    if "requestBody" in operation:
        validate(operation["requestBody"], await request.json())
    answer = operation["responses"][str(response.status)]
    if "$ref" in answer:
        answer = DESCRIBED["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    assert isinstance(response, web.Response)
    assert response.content_type in answer["content"]
    if response.content_type == "application/json":
        validate(answer, json.loads(response.text or ""))
    return response


def validate(described: Any, content: Any) -> None:
    schema = described["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, **DESCRIBED}).validate(content)


async def ava(shop: Shop) -> CustomerContext:
    found = await shop.context(AVA)
    assert found is not None
    return found


# --- reading -------------------------------------------------------------------------------------


async def test_every_customer_is_read_alike(shop: Shop, truth: SqlShop) -> None:
    for reference in CUSTOMERS:
        found = await shop.context(reference)
        assert found is not None
        assert found == await truth.context(reference)


async def test_every_order_is_read_alike(shop: Shop, truth: SqlShop) -> None:
    for number in ORDERS:
        found = await shop.order(number)
        assert found is not None
        assert found == await truth.order(number)


@pytest.mark.parametrize("name", ["C-9999", "", "..", "' OR 1=1 --", "C-1007 ", "🥾", "x" * 300])
async def test_what_is_not_there_is_none(shop: Shop, name: str) -> None:
    assert await shop.context(name) is None
    assert await shop.order(name) is None
    assert await shop.promo(name, AVA) is None
    assert await shop.reference_of(name) is None
    assert await shop.reference_at("sms", name) is None
    assert await shop.document("invoice", name) is None
    assert await shop.document("label", name) is None


async def test_a_customer_is_found_by_an_address(shop: Shop) -> None:
    for customer in ROWS[tables.customers][:20]:
        assert await shop.reference_of(customer["email"]) == customer["reference"]
        assert await shop.reference_of(customer["email"].upper()) == customer["reference"]
    for identity in ROWS[tables.identities][:40]:
        found = await shop.reference_at(identity["channel"], identity["address"])
        assert found == identity["customer"]
        assert await shop.reference_at("carrier pigeon", identity["address"]) is None


async def test_promo_codes_are_read_alike(shop: Shop, truth: SqlShop) -> None:
    used = False
    for code in PROMOS:
        for reference in (None, AVA, "C-1046", "C-1059"):
            found = await shop.promo(code.lower(), reference)
            assert found is not None
            assert found == await truth.promo(code, reference)
            used |= found.used
    assert used


async def test_products_are_read_alike(shop: Shop, truth: SqlShop) -> None:
    found = await shop.products()
    assert found
    assert found == await truth.products()


async def test_papers_are_pdf(shop: Shop) -> None:
    invoice = ROWS[tables.invoices][0]["number"]
    label = ROWS[tables.returns][0]["reference"]
    for kind, reference, other in (("invoice", invoice, label), ("label", label, invoice)):
        paper = await shop.document(kind, reference)  # type: ignore[arg-type]
        assert paper is not None
        assert paper.startswith(b"%PDF-")
        assert await shop.document(kind, other) is None  # type: ignore[arg-type]


async def test_the_demo_shop_offers_every_change(shop: Shop) -> None:
    assert shop.offers == set(get_args(ChangeName))


# --- changing ------------------------------------------------------------------------------------


async def test_a_change_is_seen_at_once(shop: Shop) -> None:
    order = (await ava(shop)).order("10640")
    assert order is not None
    assert order.state == "placed"
    changed = await shop.apply("one", Change("cancel_order", {"order": "10640", "fee": "0.00"}))
    assert changed.refused is None
    assert changed.before != changed.after
    order = (await ava(shop)).order("10640")
    assert order is not None
    assert order.state == "cancelled"
    assert await shop.order("10640") == order


async def test_the_same_key_again_returns_what_came_of_it_then(shop: Shop) -> None:
    on = Change("set_newsletter", {"customer": AVA, "on": True})
    first = await shop.apply("on", on)
    assert (await ava(shop)).customer.newsletter
    off = await shop.apply("off", Change("set_newsletter", {"customer": AVA, "on": False}))
    assert off != first
    assert await shop.apply("on", on) == first
    assert not (await ava(shop)).customer.newsletter, "and it was not made again"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (Change("cancel_order", {"order": "99999", "fee": "0.00"}), "not_found"),
        (Change("cancel_order", {"order": "10432", "fee": "0.00"}), "too_late"),
        (Change("close_account", {"customer": "C-9999"}), "not_found"),
        (
            Change(
                "refund",
                {"order": "10398", "amount": "9999.00", "reason": "a tear", "payment": None},
            ),
            "exceeds",
        ),
        (Change("change_phone", {"customer": AVA, "phone": "call me"}), "invalid"),
        (
            Change("return_item", {"order": "10640", "sku": "FF-152", "quantity": 1}),
            "not_offered",
        ),
        (Change("change_email", {"customer": AVA, "email": "CUSTOMER'S"}), "invalid"),
        (Change("undo", {"change": "nobody's key"}), "not_found"),
    ],
    ids=lambda value: value.name if isinstance(value, Change) else value,
)
async def test_a_refusal_is_a_result_and_stays_one(shop: Shop, change: Change, why: str) -> None:
    before = await ava(shop)
    refused = await shop.apply("key", change)
    assert refused.refused == why
    assert await shop.apply("key", change) == refused
    assert await ava(shop) == before


async def test_ten_at_once_under_one_key_make_one_change(shop: Shop) -> None:
    twice = Change(
        "refund", {"order": DOUBLED, "amount": "145.00", "reason": "twice", "payment": SECOND}
    )
    made = await asyncio.gather(*(shop.apply("key", twice) for _ in range(10)))
    assert set(map(repr, made)) == {repr(made[0])}
    assert made[0].refused is None
    assert await refunded(shop) == [made[0].reference]


async def test_of_two_refunds_of_one_payment_at_once_one_is_refused(shop: Shop) -> None:
    twice = Change(
        "refund", {"order": DOUBLED, "amount": "145.00", "reason": "twice", "payment": SECOND}
    )
    made = await asyncio.gather(*(shop.apply(key, twice) for key in ("here", "there")))
    assert [change.refused for change in made].count(None) == 1
    assert len(await refunded(shop)) == 1


async def test_a_change_is_taken_back_once(shop: Shop) -> None:
    before = await ava(shop)
    moved = Change(
        "change_account_address",
        {"customer": AVA, "line": "1 New Road 🌿", "town": "Bath", "postcode": "BA1 1AA"},
    )
    assert (await shop.apply("move", moved)).undoable
    address = (await ava(shop)).customer.address
    assert address is not None
    assert address.line == "1 New Road 🌿"
    back = Change("undo", {"change": "move"})
    undone = await shop.apply("back", back)
    assert undone.refused is None
    assert await ava(shop) == before
    assert await shop.apply("back", back) == undone
    again = await shop.apply("back again", back)
    assert again.refused == "done_already"


async def test_a_key_is_for_one_change(shop: Shop) -> None:
    await shop.apply("key", Change("set_newsletter", {"customer": AVA, "on": True}))
    # Over HTTP it is the server that finds out.
    with pytest.raises((ValueError, ShopUnavailable)):
        await shop.apply("key", Change("set_newsletter", {"customer": DEV, "on": True}))
    dev = await shop.context(DEV)
    assert dev is not None
    assert not dev.customer.newsletter


async def test_arguments_come_back_as_they_went(shop: Shop) -> None:
    renamed = Change("change_name", {"customer": AVA, "name": "Ava Ní Dhónaill-O'Neill"})
    changed = await shop.apply("key", renamed)
    assert isinstance(changed, Changed)
    assert (await ava(shop)).customer.name == "Ava Ní Dhónaill-O'Neill"


# --- away ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["sqlite", "postgresql", "http"])
async def test_a_shop_that_is_away_says_so(kind: str, tmp_path: Path) -> None:
    away: Shop
    if kind == "http":
        away = HttpShop("http://127.0.0.1:1", TOKEN)
    elif kind == "postgresql":
        away = SqlShop("postgresql://nobody@127.0.0.1:1/nothing")
    else:
        away = SqlShop(f"sqlite:///{tmp_path / 'nowhere' / 'shop.db'}")
    try:
        for asking in (
            away.context(AVA),
            away.order("10432"),
            away.reference_of("ava@customer.test"),
            away.reference_at("sms", "+447700900007"),
            away.promo("WELCOME10", AVA),
            away.products(),
            away.document("invoice", "I-1"),
            away.apply("key", Change("cancel_order", {"order": "10432", "fee": "0.00"})),
        ):
            with pytest.raises(ShopUnavailable):
                await asking
    finally:
        await away.aclose()


async def refunded(shop: Shop) -> list[str]:
    dev = await shop.context(DEV)
    assert dev is not None
    return [each.reference for each in dev.refunds if each.order_number == DOUBLED]
