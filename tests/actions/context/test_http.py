"""A shop over HTTP that is down, slow, busy or will not have us: what a customer's turn gets."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from email.utils import formatdate

import pytest
from aiohttp import web
from prometheus_client import REGISTRY

from actions.context.changes import Change, Changed
from actions.context.errors import (
    LeftAlone,
    NoAnswer,
    NotNow,
    ShopMisconfigured,
    ShopUnavailable,
)
from actions.context.http import HttpShop
from actions.context.http_client import Patience
from tests.actions.context.failing_shop import (
    BRIEF,
    CHANGED,
    LONG,
    Clock,
    Play,
    cuts,
    failing_shop,
    fails,
    says,
    well,
)
from tests.client import PATIENCE_SECONDS
from tests.shop_server import TOKEN

CANCEL = Change("cancel_order", {"order": "10432", "fee": "0.00"})
GONE = {"error": {"code": "not_found", "message": "There is no such thing."}}


# --- down, slow, cut off ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trouble", [fails(500), fails(503), says("<h1>Bad gateway</h1>", 502), cuts]
)
async def test_a_burst_of_failures_is_got_over(trouble: Play) -> None:
    async with failing_shop(well) as (shop, served):
        await shop.check()
        served.will(trouble, trouble, trouble)
        order = await shop.order("10432")
        assert order is not None
        assert served.asked[1:] == ["GET /v1/orders/10432"] * 4


@pytest.mark.parametrize("trouble", [fails(500), fails(504), cuts])
async def test_what_goes_on_failing_is_given_up(trouble: Play) -> None:
    async with failing_shop(well) as (shop, served):
        await shop.check()
        served.will(*[trouble] * 4)
        with pytest.raises(NoAnswer):
            await shop.order("10432")
        assert len(served.asked) == 5
        assert await shop.order("10432") is not None


async def test_who_never_answers_is_given_up_and_was_tried_more_than_once() -> None:
    async with failing_shop(well, patience=BRIEF) as (shop, served):
        await shop.check()
        served.usual = served.hang
        with pytest.raises(NoAnswer):
            await asyncio.wait_for(shop.order("10432"), PATIENCE_SECONDS)
        assert len(served.asked) == 1 + BRIEF.most_tries


async def test_nobody_is_waited_for_longer_than_a_customer_waits() -> None:
    patience = Patience(total=0.2, one_try=30.0, connect=0.2)
    async with failing_shop(well, patience=patience) as (shop, served):
        served.usual = served.hang
        with pytest.raises(NoAnswer):
            await asyncio.wait_for(shop.promo("SUMMER10", None), PATIENCE_SECONDS)
        assert len(served.asked) == 1


async def test_who_drips_is_given_up() -> None:
    async with failing_shop(well, patience=BRIEF) as (shop, served):
        await shop.check()
        served.usual = served.drip
        with pytest.raises(NoAnswer):
            await asyncio.wait_for(shop.order("10432"), PATIENCE_SECONDS)


async def test_a_lost_answer_costs_a_try_and_not_the_turn() -> None:
    async with failing_shop(well, patience=BRIEF) as (shop, served):
        await shop.check()
        served.will(served.hang)
        assert await shop.order("10432") is not None


async def test_who_is_not_there_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for address in (f"http://127.0.0.1:{port}", "http://nowhere.invalid"):
        shop = HttpShop(address, TOKEN)
        with pytest.raises(NoAnswer, match="/v1/offers"):
            await shop.check()
        await shop.aclose()


# --- busy ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 503, 409])
async def test_a_busy_shop_is_not_asked_before_it_wants(status: int) -> None:
    at: list[float] = []

    async def told(request: web.Request) -> web.StreamResponse:
        at.append(time.monotonic())
        return await (fails(status, Retry_After="1") if len(at) == 1 else well)(request)

    async with failing_shop(well) as (shop, served):
        await shop.check()
        served.usual = told
        assert await shop.order("10432") is not None
    assert at[1] - at[0] >= 1


@pytest.mark.parametrize(
    "seconds",
    ["600", formatdate(time.time() + 86_400, usegmt=True)],
    ids=["seconds", "date"],  # the same in every process of a run
)
async def test_a_pause_longer_than_a_customer_waits_is_not_waited_for(seconds: str) -> None:
    async with failing_shop(fails(429, Retry_After=seconds)) as (shop, served):
        with pytest.raises(NotNow):
            await shop.order("10432")
        assert sorted(served.asked) == ["GET /v1/offers", "GET /v1/orders/10432"]


@pytest.mark.parametrize("seconds", ["soon", "-1", "1.5", "", formatdate(0, usegmt=True)])
async def test_a_pause_that_means_nothing_is_no_pause(seconds: str) -> None:
    async with failing_shop(well) as (shop, served):
        await shop.check()
        served.will(fails(429, Retry_After=seconds))
        assert await shop.order("10432") is not None


# --- will not have us ----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [401, 403])
async def test_a_token_that_is_refused_is_named_as_the_setting(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with failing_shop(fails(status)) as (shop, served):
        with pytest.raises(ShopMisconfigured, match="the token is wrong") as raised:
            await shop.check()
        assert raised.value.where == "WARMLINE_SHOP_TOKEN"
        assert len(served.asked) == 1
    assert f"status={status}" in caplog.text
    assert TOKEN not in str(raised.value) + caplog.text


@pytest.mark.parametrize("status", [400, 405, 410, 418, 422, 201, 204])
async def test_a_status_beside_the_contract_is_told_and_not_tried_again(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with failing_shop(well) as (shop, served):
        await shop.check()
        served.will(fails(status))
        with pytest.raises(ShopUnavailable, match=f"/v1/orders/{{number}} was answered {status}"):
            await shop.order("10432")
        assert len(served.asked) == 2
    assert f"shop_answered request=GET /v1/orders/{{number}} status={status}" in caplog.text


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    async with failing_shop(fails(status, Location="/elsewhere")) as (shop, served):
        with pytest.raises(ShopMisconfigured, match="redirects are not followed") as raised:
            await shop.check()
        assert raised.value.where == "WARMLINE_SHOP_URL"
        assert served.asked == ["GET /v1/offers"]


@pytest.mark.parametrize(
    "elsewhere",
    [
        says({"version": 2, "changes": []}),
        says({"version": "1", "changes": []}),
        says({"changes": []}),
        says("<!doctype html><title>Shop</title>"),
        says("<h1>Not Found</h1>", 404),
        says(GONE, 404),
        fails(410),
    ],
)
async def test_an_address_without_our_contract_is_told_at_the_first_check(elsewhere: Play) -> None:
    async with failing_shop(elsewhere) as (shop, _):
        with pytest.raises(ShopMisconfigured, match="version 1 of the contract") as raised:
            await shop.check()
        assert raised.value.where == "WARMLINE_SHOP_URL"


async def test_no_cookie_of_the_shop_comes_back() -> None:
    cookies: list[str | None] = []

    async def tempting(request: web.Request) -> web.StreamResponse:
        cookies.append(request.headers.get("Cookie"))
        response = await well(request)
        response.headers["Set-Cookie"] = "customer=C-1007; Path=/"
        return response

    async with failing_shop(tempting) as (_, served):
        # By name: a number would be given no cookies anyway.
        shop = HttpShop(served.url.replace("127.0.0.1", "localhost"), TOKEN, patience=LONG)
        await shop.check()
        await shop.order("10432")
        await shop.aclose()
    assert cookies == [None, None]


async def test_a_log_and_an_error_hold_nothing_of_a_customers(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    rename = Change("change_name", {"customer": "C-1007", "name": "Quentin"})
    told = ""
    for trouble in (fails(418), fails(500), cuts, says("no JSON")):
        async with failing_shop(trouble) as (shop, _):
            for asking in (
                shop.context("C-1007"),
                shop.reference_of("quentin@customer.test"),
                shop.promo("QUENTIN-10", "C-1007"),
                shop.apply("a key", rename),
            ):
                with pytest.raises(ShopUnavailable) as raised:
                    await asking
                told += repr(raised.value)
    told += "".join(
        record.getMessage() for record in caplog.records if record.name.startswith("actions")
    )
    assert "/v1/customers" in told
    for private in ("C-1007", "quentin", TOKEN, "?"):
        assert private not in told.lower()


# --- the circuit breaker -------------------------------------------------------------------------


async def test_a_dead_shop_is_left_alone_until_one_try_finds_it_alive() -> None:
    clock = Clock()
    async with failing_shop(well, clock=clock) as (shop, served):
        await shop.check()
        served.usual = fails(500)
        with pytest.raises(NoAnswer):
            await shop.order("10432")
        with pytest.raises(LeftAlone):
            await shop.order("10432")
        tried = len(served.asked)
        assert tried == 1 + 5, "it opened in the middle of the second"
        assert REGISTRY.get_sample_value("warmline_shop_circuit_open") == 1
        for _ in range(3):
            with pytest.raises(LeftAlone):
                await shop.context("C-1007")
        assert len(served.asked) == tried

        clock.now += 10
        with pytest.raises(LeftAlone):
            await shop.order("10432")
        assert len(served.asked) == tried + 1, "one try, which failed"

        clock.now += 10
        served.usual = served.held(well)
        first = asyncio.create_task(shop.order("10432"))
        await served.holding.wait()
        with pytest.raises(LeftAlone):
            await shop.order("10587")
        served.released.set()
        assert await first is not None
        assert await shop.order("10587") is not None
        assert REGISTRY.get_sample_value("warmline_shop_circuit_open") == 0


async def test_a_shop_that_answers_nonsense_is_still_asked() -> None:
    async with failing_shop(well) as (shop, served):
        await shop.check()
        served.usual = says("nonsense")
        for _ in range(10):
            with pytest.raises(ShopUnavailable, match="no JSON"):
                await shop.order("10432")
        assert len(served.asked) == 11


# --- changes -------------------------------------------------------------------------------------


class Ledger:
    """A shop that makes each change once under its key, and remembers what came of it."""

    def __init__(self) -> None:
        self.made: dict[str, int] = {}

    async def put(self, request: web.Request) -> web.StreamResponse:
        key = request.path.rpartition("/")[2]
        wanted = await request.json()
        if key not in self.made:
            self.made[key] = len(self.made) + 1
        return web.json_response(
            {**CHANGED, "reference": f"K-{self.made[key]}", "after": wanted["arguments"]}
        )

    async def put_and_cut(self, request: web.Request) -> web.StreamResponse:
        await self.put(request)
        return await cuts(request)


async def test_a_connection_lost_in_the_middle_of_a_change_makes_it_once() -> None:
    ledger = Ledger()
    async with failing_shop(ledger.put) as (shop, served):
        served.will(ledger.put_and_cut, ledger.put_and_cut)
        made = await shop.apply("one", CANCEL)
        assert made == Changed("K-1", after=dict(CANCEL.arguments), before={"state": "placed"})
        assert len(served.asked) == 3
        assert await shop.apply("one", CANCEL) == made
        assert (await shop.apply("two", CANCEL)).reference == "K-2"
    assert ledger.made == {"one": 1, "two": 2}


async def test_a_change_that_is_being_made_is_waited_for() -> None:
    async with failing_shop(well) as (shop, served):
        served.will(fails(409, Retry_After="0"), fails(409))
        assert (await shop.apply("one", CANCEL)).reference == "K-1"
        assert len(served.asked) == 3


async def test_a_change_is_not_found_nowhere() -> None:
    async with failing_shop(says(GONE, 404)) as (shop, _):
        with pytest.raises(ShopUnavailable, match="not served"):
            await shop.apply("one", CANCEL)


# --- what is kept --------------------------------------------------------------------------------


async def test_a_customer_is_kept_for_seconds() -> None:
    clock = Clock()
    async with failing_shop(well, clock=clock) as (shop, served):
        await shop.check()
        first = await shop.context("C-1007")
        assert await shop.context("C-1007") is first
        assert len(served.asked) == 2
        clock.now += 5
        assert await shop.context("C-1007") == first
        assert len(served.asked) == 3


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        (Change("set_newsletter", {"customer": "C-1007", "on": True}), {"C-1012"}),
        (Change("cancel_order", {"order": "10587", "fee": "0.00"}), {"C-1012"}),
        (Change("cancel_order", {"order": "10587C-1012", "fee": "0.00"}), {"C-1007"}),
        (Change("cancel_order", {"order": "99999", "fee": "0.00"}), {"C-1007", "C-1012"}),
        (Change("undo", {"change": "an earlier key"}), set()),
    ],
)
async def test_who_is_changed_is_read_anew(change: Change, kept: set[str]) -> None:
    async with failing_shop(well) as (shop, served):
        await shop.check()
        for reference in ("C-1007", "C-1012"):
            await shop.context(reference)
        await shop.apply("key", change)
        before = len(served.asked)
        for reference in ("C-1007", "C-1012"):
            await shop.context(reference)
        anew = {asked.rpartition("/")[2] for asked in served.asked[before:]}
        assert anew == {"C-1007", "C-1012"} - kept


async def test_a_change_of_which_nobody_knows_counts_as_one() -> None:
    async with failing_shop(well) as (shop, served):
        await shop.check()
        await shop.context("C-1007")
        served.will(*[fails(500)] * 4)
        with pytest.raises(ShopUnavailable):
            await shop.apply("key", CANCEL)
        before = len(served.asked)
        await shop.context("C-1007")
        assert len(served.asked) == before + 1


async def test_what_was_read_before_a_change_is_not_kept_after_it() -> None:
    async with failing_shop(well) as (shop, served):
        await shop.check()
        served.will(served.held(well))
        reading = asyncio.create_task(shop.context("C-1007"))
        await served.holding.wait()
        await shop.apply("key", CANCEL)
        served.released.set()
        await reading
        before = len(served.asked)
        await shop.context("C-1007")
        assert len(served.asked) == before + 1


async def test_products_are_kept_for_minutes() -> None:
    clock = Clock()
    async with failing_shop(says({"items": []}), clock=clock) as (shop, served):
        for _ in range(2):
            assert await shop.products() == ()
        assert len(served.asked) == 1
        clock.now += 300
        assert await shop.products() == ()
        assert len(served.asked) == 2


# --- what is offered -----------------------------------------------------------------------------


async def test_what_is_offered_is_known_with_the_first_answer_about_a_customer() -> None:
    clock = Clock()
    async with failing_shop(well, clock=clock) as (shop, served):
        assert shop.offers == set()
        await shop.context("C-1007")
        assert shop.offers == {"refund", "cancel_order"}, "and no name that we do not know"
        await shop.order("10432")
        assert served.asked.count("GET /v1/offers") == 1
        clock.now += 300
        await shop.order("10432")
        assert served.asked.count("GET /v1/offers") == 2


async def test_offers_that_cannot_be_read_stand_in_nobodys_way() -> None:
    clock = Clock()

    async def without_offers(request: web.Request) -> web.StreamResponse:
        return await (fails(418) if request.path == "/v1/offers" else well)(request)

    async with failing_shop(well, clock=clock) as (shop, served):
        await shop.check()
        served.usual = without_offers
        clock.now += 300
        for number in ("10432", "10587"):
            assert await shop.order(number) is not None
        assert shop.offers == {"refund", "cancel_order"}, "what it last said"
        assert served.asked.count("GET /v1/offers") == 2, "not asked for again at once"
