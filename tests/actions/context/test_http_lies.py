"""What a shop over HTTP may say, and what it is not believed."""

from __future__ import annotations

import json
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

import pytest

from actions.context.changes import Change, Changed
from actions.context.errors import ShopUnavailable
from tests.actions.context.failing_shop import (
    CHANGED,
    CONTEXT,
    OFFERS,
    ORDER,
    failing_shop,
    fails,
    floods,
    says,
    with_lie,
)

PROMO = {
    "code": "SUMMER10",
    "percent": 10,
    "amount": None,
    "minimum": "0",
    "valid_from": "2026-06-01",
    "valid_until": "2026-06-30",
    "members_only": False,
    "used": True,
}
PRODUCT = {
    "sku": "BOOT-1",
    "name": "hiking boots",
    "price": "59.90",
    "currency": "GBP",
    "url": "https://shop.example/boots",
    "facts": {"weight": "900 g"},
    "stock": {"42": 3, "43": 0},
}
OTHERS = with_lie(CONTEXT, "customer.reference", "C-1008")
SECRET = "Ava's secret"


async def read(way: str, content: Any) -> Any:
    """What we make of this answer, asked for the customer, order or code that is in it."""
    async with failing_shop(says(content)) as (shop, _):
        if way == "context":
            return await shop.context("C-1007")
        if way == "order":
            return await shop.order("10432")
        if way == "promo":
            return await shop.promo("summer10", "C-1007")
        if way == "products":
            return await shop.products()
        if way == "email":
            return await shop.reference_of("Ava@Customer.test")
        if way == "sms":
            return await shop.reference_at("sms", "+447700900007")
        return await shop.apply("key", Change("cancel_order", {"order": "10432"}))


async def test_the_truth_is_believed() -> None:
    context = await read("context", CONTEXT)
    assert [order.number for order in context.orders] == ["10587", "10432"], "newest first"
    order = context.orders[1]
    assert order.total == Decimal("64.90")
    assert order.placed_at == datetime(2026, 6, 1, 8, 30, tzinfo=timezone.utc)
    assert order.delivered_on == date(2026, 6, 5)
    assert [event.place for event in order.parcel.events] == ["Leeds", "Bristol"], "oldest first"
    assert order.parcel.events[1].at.microsecond == 123_456
    assert order.invoice.delivery == 5
    assert context.refunds[0].sent_on == date(2026, 6, 5), "a shop's day may be west of Greenwich"
    assert context.membership.points == 120
    assert (await read("order", ORDER)).items[0].size == "42"
    assert (await read("promo", PROMO)).used
    assert (await read("products", {"items": [PRODUCT]}))[0].stock == {"42": 3, "43": 0}
    hers = {"reference": "C-1007", "address": "ava@customer.test"}
    assert await read("email", {"items": [hers]}) == "C-1007"
    assert await read("email", {"items": []}) is None
    assert await read("sms", {"items": [{**hers, "address": "+447700900007"}]}) == "C-1007"
    assert await read("apply", CHANGED) == Changed(
        "K-1", before={"state": "placed"}, after={"state": "cancelled"}
    )


async def test_what_is_not_known_is_null() -> None:
    order = {
        **ORDER,
        "invoice": None,
        "parcel": None,
        "delivered_on": None,
        "delivery_estimate": None,
    }
    found = await read("order", order)
    assert found.invoice is found.parcel is found.delivered_on is found.delivery_estimate is None
    context = {**CONTEXT, "membership": None, "customer": {**CONTEXT["customer"], "address": None}}
    assert (await read("context", context)).membership is None
    assert (await read("promo", {**PROMO, "percent": None, "amount": "5"})).amount == 5
    assert (await read("apply", {**CHANGED, "undoable": True})).undoable
    assert (await read("apply", {**CHANGED, "refused": "too_late"})).refused == "too_late"


async def test_what_we_do_not_know_is_left_alone() -> None:
    context = await read("context", {**CONTEXT, "horoscope": "Leo"})
    assert context.customer.name == "Ava Thompson"


@pytest.mark.parametrize(
    ("path", "lie"),
    [
        ("customer.name", ""),
        ("customer.name", SECRET + "x" * 200),
        ("customer.name", f"{SECRET}\x00"),
        ("customer.name", f"{SECRET}\ud800"),
        ("customer.name", f"{SECRET}\nBcc: all"),
        ("customer.name", None),
        ("customer.name", 7),
        ("customer.member_since", "0001-01-01"),
        ("customer.member_since", "2023-02-29"),
        ("customer.member_since", "2024-2-29"),
        ("customer.member_since", "20240229"),
        ("customer.member_since", "2024-02-29T00:00:00Z"),
        ("customer.member_since", 1_700_000_000),
        ("customer.newsletter", "yes"),
        ("customer.newsletter", 1),
        ("customer.closing_on", ...),
        ("customer.address", {"line": "4 Mill Lane"}),
        ("customer.identities", {}),
        ("customer.identities", [{"channel": "sms", "address": SECRET}] * 1_001),
        ("orders", None),
        ("orders", [ORDER, ORDER]),
        ("orders.0.customer_reference", "C-1008"),
        ("orders.0.state", "teleported"),
        ("orders.0.state", "Delivered"),
        ("orders.0.placed_at", "2026-06-01T08:30:00"),
        ("orders.0.placed_at", "2026-06-01T08:30:00+02:00"),
        ("orders.0.placed_at", "2026-06-01T25:30:00Z"),
        ("orders.0.placed_at", "2026-06-01 08:30:00Z"),
        ("orders.0.placed_at", "٢٠٢٦-06-01T08:30:00Z"),
        ("orders.0.placed_at", 1_780_000_000),
        ("orders.0.delivered_on", "2026-05-30"),
        ("orders.0.total", "-64.90"),
        ("orders.0.total", 64.9),
        ("orders.0.total", 64),
        ("orders.0.total", "NaN"),
        ("orders.0.total", "Infinity"),
        ("orders.0.total", "1e3"),
        ("orders.0.total", "64,90"),
        ("orders.0.total", "64.9000"),
        ("orders.0.total", "9" * 10),
        ("orders.0.total", "٦٤.٩٠"),
        ("orders.0.currency", "gbp"),
        ("orders.0.currency", "GBP\n"),
        ("orders.0.items.0.quantity", 0),
        ("orders.0.items.0.quantity", -1),
        ("orders.0.items.0.quantity", "1"),
        ("orders.0.items.0.quantity", 1.5),
        ("orders.0.items.0.quantity", True),
        ("orders.0.items.0.quantity", 10**30),
        ("orders.0.items.0.size", ...),
        ("orders.0.invoice.currency", "EUR"),
        ("payments.0.state", "stolen"),
        ("payments.0.failure", SECRET * 100),
        ("refunds.0.sent_on", None),
        ("orders.0.invoice", "I-10432"),
        ("refunds.0.sent_on", "2026-06-03"),
        ("refunds.0.expected_by", "2026-06-03"),
        ("returns.0.received_on", "2026-06-03"),
        ("claims.0.kind", "boring"),
        ("membership.until", "2025-12-31"),
        ("membership.points", -1),
        ("signals.0.kind", "laughed"),
    ],
)
async def test_a_customer_that_cannot_be_is_refused_by_field(path: str, lie: Any) -> None:
    with pytest.raises(ShopUnavailable) as raised:
        await read("context", with_lie(CONTEXT, path, lie))
    told = str(raised.value)
    named = path.replace("orders.0.customer_reference", "orders").replace(".currency", "")
    assert f"/v1/customers/{{reference}} cannot be true, {named}" in told
    assert SECRET not in told
    assert "C-100" not in told


@pytest.mark.parametrize(
    ("way", "content", "named"),
    [
        ("order", with_lie(ORDER, "number", "10433"), "number"),
        ("promo", with_lie(PROMO, "code", "WINTER10"), "code"),
        ("promo", with_lie(PROMO, "percent", 0), "percent"),
        ("promo", with_lie(PROMO, "percent", 101), "percent"),
        ("promo", with_lie(PROMO, "percent", None), "amount"),
        ("promo", with_lie(PROMO, "amount", "5.00"), "amount"),
        ("promo", with_lie(PROMO, "valid_until", "2026-05-31"), "valid_until"),
        ("products", {"items": [with_lie(PRODUCT, "stock.42", -3)]}, "items.0.stock.*"),
        ("products", {"items": [with_lie(PRODUCT, "facts", {SECRET: 7})]}, "items.0.facts.*"),
        ("products", {"items": [with_lie(PRODUCT, "url", "javascript:alert(1)")]}, "items.0.url"),
        ("products", {"items": [with_lie(PRODUCT, "price", "free")]}, "items.0.price"),
        ("products", [PRODUCT], "*"),
        ("context", {**CONTEXT, "customer": None}, "customer"),
        ("context", {**OTHERS, "orders": []}, "customer.reference"),
        ("email", {"items": [{"reference": "C-1", "address": "ben@x.test"}]}, "items.0.address"),
        ("email", {"items": [{"reference": "C-1", "address": "a"}] * 2}, "items"),
        ("sms", {"items": [{"reference": "C-1", "address": "+447700900008"}]}, "items.0.address"),
        ("apply", with_lie(CHANGED, "refused", "no_time"), "refused"),
        ("apply", {**CHANGED, "undoable": True, "refused": "too_late"}, "refused"),
        ("apply", with_lie(CHANGED, "before", {"name": f"{SECRET}\ud800"}), "before"),
        ("apply", with_lie(CHANGED, "after", {"name": f"{SECRET}\x00"}), "after"),
        ("apply", with_lie(CHANGED, "after", {"name": SECRET * 10_000}), "after"),
        ("apply", with_lie(CHANGED, "before", ["placed"]), "before"),
    ],
)
async def test_anything_else_that_cannot_be_is_refused_by_field(
    way: str, content: Any, named: str
) -> None:
    with pytest.raises(ShopUnavailable) as raised:
        await read(way, content)
    assert f"cannot be true, {named}: " in str(raised.value)
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("", id="empty"),
        pytest.param("<!doctype html><title>Shop</title>", id="html"),
        pytest.param("null", id="null"),
        pytest.param('"C-1007"', id="text"),
        pytest.param('{"customer": NaN}', id="nan"),
        pytest.param("[" * 100_000, id="deep"),
        pytest.param(b"\xff\xfe\x00\xd8", id="bytes"),
        pytest.param(b"\x1f\x8b\x08" + b"\x00" * 50, id="compressed"),
    ],
)
async def test_what_is_not_the_contracts_json_is_refused(body: str | bytes) -> None:
    with pytest.raises(ShopUnavailable, match=r"is no JSON|cannot be true"):
        await read("context", body)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
async def test_what_only_python_takes_for_json_is_kept_nowhere(number: str) -> None:
    with pytest.raises(ShopUnavailable, match="is no JSON"):
        await read("apply", json.dumps(CHANGED).replace('"placed"', number))


async def test_a_body_without_end_is_not_read_to_it() -> None:
    async with failing_shop(floods) as (shop, served):
        with pytest.raises(ShopUnavailable, match="more than 4194304 bytes"):
            await shop.order("10432")
        assert len([asked for asked in served.asked if "orders" in asked]) == 1


async def test_a_document_that_is_none_is_refused() -> None:
    async with failing_shop(says(b"%PDF-1.7 ...")) as (shop, served):
        assert await shop.document("invoice", "I-10432") == b"%PDF-1.7 ..."
        served.will(says("<html>sign in</html>"))
        with pytest.raises(ShopUnavailable, match="no PDF"):
            await shop.document("label", "T-1")
        served.will(fails(404, "not_found"))
        assert await shop.document("label", "T-1") is None


async def test_only_the_shop_itself_says_that_there_is_no_such_thing() -> None:
    async with failing_shop(says(OFFERS)) as (shop, served):
        await shop.check()
        served.will(fails(404, "not_found"))
        assert await shop.order("10432") is None
        for elsewhere in (fails(404, "no_route"), says("<h1>Not Found</h1>", 404), says([], 404)):
            served.will(elsewhere)
            with pytest.raises(ShopUnavailable, match="was answered 404"):
                await shop.order("10432")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("10432", "10432"),
        ("../v1/offers", "..%2Fv1%2Foffers"),
        ("a b?c=d#e", "a%20b%3Fc%3Dd%23e"),
        ("' OR 1=1 --", "%27%20OR%201%3D1%20--"),
        ("%2e%2e", "%252e%252e"),
        ("ä\n☂", "%C3%A4%0A%E2%98%82"),
    ],
)
async def test_whatever_is_asked_for_stays_one_name(name: str, path: str) -> None:
    async with failing_shop(says(OFFERS)) as (shop, served):
        await shop.check()
        served.will(fails(404, "not_found"))
        assert await shop.order(name) is None
        assert served.asked[1:] == [f"GET /v1/orders/{path}"]


@pytest.mark.parametrize("name", ["", ".", "..", "x" * 255])
async def test_what_cannot_be_a_name_is_not_asked_for(name: str) -> None:
    async with failing_shop(says(OFFERS)) as (shop, served):
        await shop.check()
        assert await shop.order(name) is None
        assert await shop.context(name) is None
        assert await shop.promo(name, "C-1007") is None
        assert await shop.reference_of(name) is None
        assert await shop.reference_at("sms", name) is None
        assert await shop.document("label", name) is None
        assert len(served.asked) == 1
