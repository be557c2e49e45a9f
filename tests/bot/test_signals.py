"""What the shop reports of a customer: over HTTP, to the bot's next words and the agent's card."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bot import demo
from bot.app import SERVICES
from bot.clock import iso, new_id, now
from bot.live_model import Assistant
from bot.passwords import hash_password
from bot.records import Signal, User
from bot.settings import load_settings
from bot.store.signals import BY_REFERENCE, KEPT, MOST
from desk.visitors import customer_token
from tests.client import Staff, Visitor, Warmline
from tests.conftest import ROOT, over_both_databases, serving

pytestmark = over_both_databases
SECRET = "the shop's own secret, long enough for anybody"
ADA = {"channel": "rest", "address": "ada"}


@pytest.fixture
async def house(
    tmp_path: Path, database_url: str, assistant: Assistant, shop_url: str, monkeypatch: Any
) -> AsyncIterator[Warmline]:
    """The whole server, with a shop that vouches for its customers and a program of theirs."""
    path = tmp_path / "credentials.yml"
    path.write_text(f'web: {{customer_secret: "{SECRET}"}}\nrest: {{}}\n', "utf-8")
    options = {"data_dir": str(tmp_path), "database_url": database_url, "credentials": str(path)}
    settings = load_settings(options, demo=True, project=ROOT, environment={})
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    async with serving(settings, assistant) as warmline:
        hashed = await hash_password(demo.PASSWORD)
        program = User(new_id(), "shop@demo.test", "The shop", "program", hashed, now())
        async with warmline.app[SERVICES].database.write() as uow:
            await uow.staff.add(program)
        yield warmline


async def program(house: Warmline) -> Staff:
    return await house.staff("shop@demo.test")


async def ava(house: Warmline, reference: str = "C-1007") -> Visitor:
    """Somebody the shop vouches for."""
    token = customer_token(
        SECRET,
        reference=reference,
        name="Ava Lindqvist",
        email="ava@customer.test",
        lasts=timedelta(hours=1),
    )
    return await house.visitor(token)


def failed(customer: object = "C-1007", **more: object) -> dict[str, object]:
    return {"customer": customer, "kind": "payment_failed", **more}


def ago(**span: float) -> str:
    return iso(now() - timedelta(**span))


async def card_of(house: Warmline, staff: Staff) -> dict[str, Any]:
    (waiting,) = await house.waiting(staff)
    detail = await staff.get(f"/conversations/{waiting['conversation_id']}")
    card: dict[str, Any] = detail["handoff"]
    return card


async def test_a_payment_that_just_failed_leads_the_greeting_and_the_answer(
    house: Warmline,
) -> None:
    reported = await (await program(house)).post("/signals", failed(about="10432"), status=202)
    assert reported["kind"] == "payment_failed"
    assert reported["about"] == "10432"
    visitor = await ava(house)
    (greeting,) = await visitor.answer("hello")
    assert greeting == "Hello Ava! I see that your payment just failed: is it about that?"
    taken_up = await visitor.answer("yes")
    assert taken_up == await (await ava(house)).answer("A button", "/payment_issue")


async def test_it_is_found_by_the_address_they_write_from(house: Warmline) -> None:
    await (await program(house)).post("/signals", failed(ADA), status=202)
    assert "payment just failed" in (await house.texts("ada", "hello"))[0]
    assert "payment" not in (await house.texts("bob", "hello"))[0].partition("!")[0]


async def test_what_a_known_customer_did_is_told_to_nobody_else(house: Warmline) -> None:
    shop = await program(house)
    await shop.post("/signals", failed(), status=202)
    for customer in (await house.visitor(), await ava(house, "C-1012")):
        (greeting,) = await customer.answer("hello")
        assert "just failed" not in greeting


async def test_the_same_id_again_changes_nothing(house: Warmline) -> None:
    shop = await program(house)
    first = await shop.post("/signals", failed(id="pay-7", at=ago(minutes=5)), status=202)
    again = await shop.post("/signals", failed(id="pay-7"), status=200)
    assert again == first
    other = await shop.post("/signals", failed("C-1012", id="pay-7"), status=202)
    assert other["at"] != first["at"]
    answers = await asyncio.gather(
        *(shop.post("/signals", failed(id="at once"), status=None) for _ in range(10))  # type: ignore[arg-type]
    )
    assert len({answer["at"] for answer in answers}) == 1


UNUSABLE: list[tuple[dict[str, object], str]] = [
    ({}, "customer"),
    ({"kind": "payment_failed"}, "customer"),
    (failed(""), "customer"),
    (failed(7), "customer"),
    (failed({"channel": "rest"}), "customer"),
    (failed({"channel": "", "address": "C-1007"}), "customer"),
    (failed({**ADA, "reference": "C-1007"}), "customer"),
    ({"customer": "C-1007"}, "kind"),
    ({"customer": "C-1007", "kind": "birthday"}, "kind"),
    (failed(at="yesterday"), "at"),
    (failed(at="2026-06-05T14:00:00"), "at"),
    (failed(at=1_780_000_000), "at"),
    (failed(at="9999-12-31T23:59:59-23:59"), "at"),
    (failed(about="x" * 201), "about"),
    (failed(about="\u200b"), "about"),
    (failed(about=10432), "about"),
    (failed(id=""), "id"),
    (failed(verified=True), "verified"),
]


async def test_what_cannot_be_used_is_refused_by_its_name(house: Warmline) -> None:
    shop = await program(house)
    for body, field in UNUSABLE:
        error = (await shop.post("/signals", body, status=422))["error"]
        assert error["detail"]["field"].partition(".")[0] == field, body
        assert error["message"], body


async def test_it_happened_within_a_day_and_not_in_the_future(house: Warmline) -> None:
    shop = await program(house)
    for at in (ago(hours=25), ago(minutes=-2)):
        refused = await shop.post("/signals", failed(at=at), status=422)
        assert refused["error"]["detail"] == {"field": "at"}
    ahead = await shop.post("/signals", failed(at=ago(seconds=-20)), status=202)
    assert ahead["at"] <= iso(now())
    await shop.post("/signals", failed("C-1012", at=ago(hours=23)), status=202)


async def test_a_card_number_is_not_kept(house: Warmline) -> None:
    reported = await (await program(house)).post(
        "/signals", failed(about="4111 1111 1111 1111"), status=202
    )
    assert "4111" not in reported["about"]


async def test_the_card_has_what_leads_first_and_then_the_newest(house: Warmline) -> None:
    shop, visitor = await program(house), await ava(house)
    for kind, minutes, about in (
        ("page_viewed", 1, "TENT-2"),
        ("payment_failed", 8, None),
        ("parcel_delayed", 600, "10432"),
    ):
        body = {**failed(at=ago(minutes=minutes), about=about), "kind": kind}
        await shop.post("/signals", body, status=202)
    await visitor.answer("a person", "/contact_human_agent")
    card = await card_of(house, await house.staff())
    assert [(one["kind"], one["about"]) for one in card["signals"]] == [
        ("payment_failed", None),
        ("page_viewed", "TENT-2"),
        ("parcel_delayed", "10432"),
    ]
    body = {**failed(about="10640"), "kind": "checkout_error"}
    await shop.post("/signals", body, status=202)
    card = await card_of(house, await house.staff())
    assert card["signals"][0]["about"] == "10640"
    assert len(card["signals"]) == 4


async def test_a_customer_has_only_so_many(house: Warmline) -> None:
    shop, visitor = await program(house), await ava(house)
    for number in range(MOST + 3):
        body = failed(about=str(number), at=ago(minutes=30 - number))
        await shop.post("/signals", body, status=202)
    await visitor.answer("a person", "/contact_human_agent")
    card = await card_of(house, await house.staff())
    kept = [one["about"] for one in card["signals"]]
    assert kept == [str(number) for number in reversed(range(3, MOST + 3))]


async def test_after_a_day_nothing_of_it_is_left(house: Warmline) -> None:
    database = house.app[SERVICES].database
    at = datetime(2026, 6, 5, 14, 0, tzinfo=timezone.utc)
    old = Signal("s", "payment_failed", at, None)
    whose = [(BY_REFERENCE, "C-1007"), ("rest", "ada")]
    async with database.write() as uow:
        for channel, address in whose:
            await uow.signals.add(channel, address, old, at=at)
    later = at + KEPT + timedelta(minutes=1)
    async with database.write() as uow:
        assert await uow.signals.of(whose, at=at) == [old, old]
        assert await uow.signals.of(whose, at=later) == []
        await uow.signals.add("rest", "ada", Signal("t", "page_viewed", later, None), at=later)
        await uow.signals.forget_old(at=later)
        # Read as of back then: what is in the table, not what is fresh.
        assert [each.id for each in await uow.signals.of(whose, at=at)] == ["t"]


async def test_a_program_reports_and_may_nothing_else(house: Warmline) -> None:
    shop = await program(house)
    assert (await shop.get("/me"))["user"]["role"] == "program"
    for path in ("/conversations", "/handoffs", "/users", "/turns"):
        assert (await shop.get(path, status=403))["error"]["code"] == "not_allowed"
    for staff in (await house.staff(), await house.staff("lead@demo.test")):
        await staff.post("/signals", failed(), status=202)
        names = [user["name"] for user in (await staff.get("/users"))["items"]]
        assert "The shop" not in names
    visitor = await ava(house)
    await visitor.post("/signals", failed(), status=401)
    await visitor.answer("a person", "/contact_human_agent")
    agent = await house.staff()
    (waiting,) = await house.waiting(agent)
    at = f"/conversations/{waiting['conversation_id']}"
    await agent.post(f"{at}/claim")
    refused = await agent.post(f"{at}/transfer", {"agent_id": shop.user["id"]}, status=422)
    assert refused["error"]["detail"] == {"field": "agent_id"}
