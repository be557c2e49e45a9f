"""What the demo shop does with its customers' own data, memberships and wishes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from actions.context import tables
from tests.actions.context.demo_shop import DemoShop

AVA, BEN, FARAH, KASIA = "C-1007", "C-1012", "C-1059", "C-1110"
OLD_EMAIL, OLD_PHONE = "ava.1007@customer.test", "+447700900007"


async def reached(shop: DemoShop, reference: str) -> set[tuple[str, str]]:
    mine = tables.identities.c.customer == reference
    rows = await shop.rows(sa.select(tables.identities).where(mine))
    return {(row["channel"], row["address"]) for row in rows}


async def membership(shop: DemoShop, reference: str) -> dict[str, Any] | None:
    mine = tables.memberships.c.customer == reference
    rows = await shop.rows(sa.select(tables.memberships).where(mine))
    return rows[0] if rows else None


async def test_an_address_of_the_account(demo_shop: DemoShop) -> None:
    address = {"line": "1 New Road", "town": "Bath", "postcode": "ba1 1aa"}
    done = await demo_shop.apply("change_account_address", key="k", customer=AVA, **address)
    assert done.after == {**address, "postcode": "BA1 1AA"}
    assert done.before == {"line": "4 Mill Lane", "town": "Bristol", "postcode": "BS1 4DJ"}
    again = await demo_shop.apply("change_account_address", customer=AVA, **address)
    assert again.refused == "done_already"
    orders = tables.orders
    kept = await demo_shop.rows(sa.select(orders.c.town).where(orders.c.customer == AVA))
    assert {row["town"] for row in kept} == {"Bristol"}  # what is ordered goes where it was to go
    await demo_shop.undo("k")
    assert (await demo_shop.customer(AVA))["line"] == "4 Mill Lane"


async def test_a_new_email_address_replaces_the_old_one_everywhere(demo_shop: DemoShop) -> None:
    before = await reached(demo_shop, AVA)
    done = await demo_shop.apply("change_email", key="k", customer=AVA, email=" Ava@New.Test ")
    assert (done.before, done.after) == ({"email": OLD_EMAIL}, {"email": "ava@new.test"})
    assert (await demo_shop.customer(AVA))["email"] == "ava@new.test"
    assert await reached(demo_shop, AVA) == before - {("email", OLD_EMAIL)} | {
        ("email", "ava@new.test")
    }
    told = {mail["to_address"] for mail in await demo_shop.mails(AVA)}
    assert told == {OLD_EMAIL, "ava@new.test"}
    await demo_shop.undo("k")
    assert await reached(demo_shop, AVA) == before


async def test_an_address_that_is_somebody_elses_is_refused(demo_shop: DemoShop) -> None:
    bens = (await demo_shop.customer(BEN))["email"]
    before = await demo_shop.everything()
    for taken in (bens, bens.upper()):
        refused = await demo_shop.apply("change_email", customer=AVA, email=taken)
        assert refused.refused == "taken"
    assert await demo_shop.everything() == before

    await demo_shop.apply("change_email", key="k", customer=AVA, email="ava@new.test")
    await demo_shop.apply("change_email", customer=BEN, email=OLD_EMAIL)
    assert (await demo_shop.undo("k")).refused == "taken"
    assert (await demo_shop.customer(AVA))["email"] == "ava@new.test"


@pytest.mark.parametrize(
    "email", ["ava", "ava@home", "@x.test", "a b@x.test", "a@x.test, b@x.test"]
)
async def test_what_is_no_email_address_is_refused(demo_shop: DemoShop, email: str) -> None:
    refused = await demo_shop.apply("change_email", customer=AVA, email=email)
    assert refused.refused == "invalid"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("07700 900 123", "+447700900123"),
        ("+44 (7700) 900-123", "+447700900123"),
        ("0047 22 00 00 00", "+4722000000"),
        ("call me", None),
        ("999", None),
        ("+0000000000", None),
        ("0" * 40, None),
        ("+4477009001\N{FULLWIDTH DIGIT TWO}", None),
    ],
)
async def test_telephone_numbers_in_any_spelling(
    demo_shop: DemoShop, typed: str, kept: str | None
) -> None:
    done = await demo_shop.apply("change_phone", customer=AVA, phone=typed)
    assert (done.refused, done.after) == ((None, {"phone": kept}) if kept else ("invalid", {}))
    assert (await demo_shop.customer(AVA))["phone"] == (kept or OLD_PHONE)


async def test_whoever_has_the_old_number_is_the_customer_no_longer(demo_shop: DemoShop) -> None:
    bens = (await demo_shop.customer(BEN))["phone"]
    assert ("sms", bens) in await reached(demo_shop, BEN)
    await demo_shop.apply("change_phone", key="k", customer=BEN, phone="07700 900999")
    assert ("sms", "+447700900999") in await reached(demo_shop, BEN)
    assert ("sms", bens) not in await reached(demo_shop, BEN)
    await demo_shop.undo("k")
    assert ("sms", bens) in await reached(demo_shop, BEN)


async def test_a_change_is_not_taken_back_over_a_newer_one(demo_shop: DemoShop) -> None:
    await demo_shop.apply("change_name", key="k", customer=AVA, name="Ava Smith")
    await demo_shop.apply("change_name", customer=AVA, name="Ava Smith-Thompson")
    assert (await demo_shop.undo("k")).refused == "too_late"
    assert (await demo_shop.customer(AVA))["name"] == "Ava Smith-Thompson"


async def test_names_and_newsletters(demo_shop: DemoShop) -> None:
    for name in ("李小龙", "Zoë Wójcik", "Ἀθήνα"):
        done = await demo_shop.apply("change_name", customer=AVA, name=name)
        assert done.after == {"name": name}
    assert (await demo_shop.apply("change_name", customer=AVA, name=name)).refused == "done_already"
    on = (await demo_shop.customer(AVA))["newsletter"]
    assert (await demo_shop.apply("set_newsletter", customer=AVA, on=on)).refused == "done_already"
    done = await demo_shop.apply("set_newsletter", customer=AVA, on=not on)
    assert (done.before, done.after) == ({"newsletter": on}, {"newsletter": not on})


async def test_an_account_closes_in_two_weeks_and_can_be_kept_until_then(
    demo_shop: DemoShop,
) -> None:
    done = await demo_shop.apply("close_account", key="k", customer=AVA)
    assert done.after == {"closing_on": "2026-06-19"}
    assert (await demo_shop.customer(AVA))["closing_on"] == date(2026, 6, 19)
    assert (await demo_shop.apply("close_account", customer=AVA)).refused == "done_already"
    demo_shop.now += timedelta(days=13)
    assert (await demo_shop.undo("k")).after == {"closing_on": None}
    assert (await demo_shop.customer(AVA))["closing_on"] is None

    await demo_shop.apply("close_account", key="late", customer=AVA)
    demo_shop.now += timedelta(days=14)
    assert (await demo_shop.undo("late")).refused == "too_late"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("change_name", {"name": "Somebody"}),
        ("change_email", {"email": "k@new.test"}),
        ("change_phone", {"phone": "07700 900999"}),
        ("change_account_address", {"line": "1 A", "town": "B", "postcode": "C1"}),
        ("set_newsletter", {"on": True}),
        ("join_membership", {}),
        ("leave_membership", {}),
        ("watch_stock", {"sku": "FF-162", "size": None}),
    ],
)
async def test_an_account_that_closes_changes_no_more(
    demo_shop: DemoShop, name: Any, arguments: dict[str, Any]
) -> None:
    before = await demo_shop.everything()
    assert (await demo_shop.apply(name, customer=KASIA, **arguments)).refused == "too_late"
    assert (await demo_shop.apply(name, customer="C-0", **arguments)).refused == "not_found"
    assert await demo_shop.everything() == before


async def test_joining_the_club_and_leaving_it(demo_shop: DemoShop) -> None:
    done = await demo_shop.apply("join_membership", key="join", customer=AVA)
    assert done.before == {}
    assert (done.after["until"], done.after["fee"]) == ("2027-06-05", "20.00")
    assert (await demo_shop.apply("join_membership", customer=AVA)).refused == "done_already"
    assert (await demo_shop.undo("join")).refused is None
    assert await membership(demo_shop, AVA) is None

    await demo_shop.apply("join_membership", key="again", customer=AVA)
    demo_shop.now += timedelta(days=1)
    assert (await demo_shop.undo("again")).refused == "too_late"
    left = await demo_shop.apply("leave_membership", key="leave", customer=AVA)
    assert left.after == {"until": "2026-06-06"}
    assert (await demo_shop.apply("leave_membership", customer=AVA)).refused == "done_already"
    assert (await demo_shop.undo("leave")).refused is None
    found = await membership(demo_shop, AVA)
    assert found is not None
    assert found["until"] == date(2027, 6, 5)
    assert (await demo_shop.apply("leave_membership", customer=BEN)).refused == "done_already"


async def test_who_joins_again_keeps_the_points(demo_shop: DemoShop) -> None:
    before = await membership(demo_shop, FARAH)
    assert before is not None
    demo_shop.now += timedelta(days=40)  # her year is over
    done = await demo_shop.apply("join_membership", key="k", customer=FARAH)
    assert done.before["until"] == before["until"].isoformat()
    after = await membership(demo_shop, FARAH)
    assert after is not None
    assert (after["points"], after["since"]) == (before["points"], demo_shop.now.date())
    await demo_shop.undo("k")
    assert await membership(demo_shop, FARAH) == before


async def test_waiting_for_what_is_sold_out(demo_shop: DemoShop) -> None:
    kit, boots = "FF-162", "FF-101"
    watch = {"customer": AVA, "sku": boots, "size": "UK 11"}
    assert (await demo_shop.apply("watch_stock", key="k", **watch)).undoable
    assert (await demo_shop.apply("watch_stock", **watch)).refused == "done_already"
    assert (await demo_shop.apply("watch_stock", customer=AVA, sku=kit, size="")).refused is None
    assert (await demo_shop.undo("k")).refused is None
    (row,) = await demo_shop.rows(sa.select(tables.stock_watches))
    assert row["sku"] == kit
    for sku, size, why in (
        (boots, "UK 10", "done_already"),  # there is some
        (boots, None, "not_found"),
        ("FF-999", None, "not_found"),
    ):
        refused = await demo_shop.apply("watch_stock", customer=AVA, sku=sku, size=size)
        assert refused.refused == why
