"""Receipts end in the same state in whatever order, however often and however early they come."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.clock import now
from bot.jobs import Jobs
from bot.messages import Progress, Receipt, ReceiptUpdate
from bot.receipts import settle, take_receipts
from bot.records import OutboxItem
from bot.sending import take
from bot.services import Services
from bot.store.early_receipts import KEPT
from bot.store.tables import early_receipts
from bot.webhooks import Webhooks
from desk.edge.unproven import UnprovenBodies
from desk.web import errors
from tests.conftest import over_both_databases
from tests.contract.test_deliveries import due, items
from tests.contract.test_races import count
from tests.provider import ProviderConnector, write

pytestmark = over_both_databases


async def in_hand(services: Services, address: str = "ada") -> OutboxItem:
    """A message that is being sent."""
    await write(services, address, "hello")
    (item,) = [item for item in await due(services, "acme") if item.address == address]
    taken = await take(services, item)
    assert taken is not None
    return taken


async def accept(services: Services, item: OutboxItem) -> None:
    async with services.database.write() as uow:
        assert await settle(uow, item, Receipt("sent", item.message_id))


async def sent(services: Services, address: str = "ada") -> OutboxItem:
    item = await in_hand(services, address)
    await accept(services, item)
    return item


def said(item: OutboxItem, state: Progress, error: str | None = None) -> ReceiptUpdate:
    return ReceiptUpdate(item.message_id, state, error)


async def told(services: Services, *updates: ReceiptUpdate) -> None:
    """Each in a request of its own."""
    for update in updates:
        await take_receipts(services, "acme", [update])


async def state(services: Services, item: OutboxItem) -> tuple[str, str | None]:
    (found,) = [each for each in await items(services) if each.id == item.id]
    return found.state, found.error


async def test_every_order_of_ten_receipts_ends_alike(pair: tuple[Services, ...]) -> None:
    receipts: list[Progress] = ["sent", "delivered", "read", "sent", "delivered"] * 2
    shuffle = random.Random(7)  # noqa: S311
    for n in range(50):
        item = await sent(pair[0], f"address {n}")
        shuffle.shuffle(receipts)
        half = [said(item, each) for each in receipts]
        await take_receipts(pair[0], "acme", half[:5])
        await told(pair[1], *half[5:])
        assert await state(pair[0], item) == ("read", None), receipts
    assert await count(pair[0], early_receipts) == 0


@pytest.mark.parametrize(
    ("receipts", "ends"),
    [
        (["sent", "failed"], ("failed", "30007")),
        (["failed", "sent", "failed"], ("failed", "30007")),
        (["failed", "delivered"], ("delivered", None)),
        (["delivered", "failed"], ("delivered", None)),
        (["read", "failed", "delivered"], ("read", None)),
        (["sent"], ("sent", None)),
    ],
)
async def test_a_failure_ends_it_unless_it_arrived_all_the_same(
    pair: tuple[Services, ...], receipts: list[Progress], ends: tuple[str, str | None]
) -> None:
    item = await sent(pair[0])
    await told(
        pair[0], *(said(item, each, "30007" if each == "failed" else None) for each in receipts)
    )
    assert await state(pair[0], item) == ends


async def test_receipts_that_come_before_our_own_commit_are_not_lost(
    pair: tuple[Services, ...],
) -> None:
    item = await in_hand(pair[0])
    await told(pair[1], said(item, "delivered"), said(item, "read"), said(item, "sent"))
    assert await state(pair[0], item) == ("sending", None)
    await accept(pair[0], item)
    assert await state(pair[0], item) == ("read", None)
    assert await count(pair[0], early_receipts) == 0


async def test_receipts_at_the_very_moment_of_our_commit_are_not_lost(
    pair: tuple[Services, ...],
) -> None:
    for n in range(30):
        item = await in_hand(pair[0], f"address {n}")
        await asyncio.gather(
            accept(pair[0], item),
            told(pair[1], said(item, "delivered")),
            told(pair[0], said(item, "read")),
        )
        assert await state(pair[0], item) == ("read", None)
    assert await count(pair[0], early_receipts) == 0


async def test_two_requests_about_the_same_messages_do_not_wait_for_each_other(
    pair: tuple[Services, ...],
) -> None:
    several = [await sent(pair[0], f"address {n}") for n in range(10)]
    there = [said(item, "delivered") for item in several]
    back = [said(item, "read") for item in reversed(several)]
    await asyncio.gather(
        *(take_receipts(pair[n % 2], "acme", (there, back)[n % 2]) for n in range(8))
    )
    assert {(await state(pair[0], item))[0] for item in several} == {"read"}


async def test_receipts_of_others_are_kept_for_a_day_and_of_no_other_channel(
    pair: tuple[Services, ...],
) -> None:
    item = await sent(pair[0])
    await take_receipts(pair[0], "other", [said(item, "read"), ReceiptUpdate("x" * 201, "read")])
    await told(pair[0], ReceiptUpdate("whose?", "read", "e" * 1000))
    assert await state(pair[0], item) == ("sent", None)
    assert await count(pair[0], early_receipts) == 2
    async with pair[0].database.write() as uow:
        await uow.early_receipts.drop_old(at=now())
    assert await count(pair[0], early_receipts) == 2
    async with pair[0].database.write() as uow:
        await uow.early_receipts.drop_old(at=now() + KEPT)
    assert await count(pair[0], early_receipts) == 0


async def test_open_pages_are_told_of_a_change_and_of_nothing_else(
    pair: tuple[Services, ...],
) -> None:
    item = await sent(pair[0])
    with pair[0].bus.subscribe() as events:
        await told(pair[0], said(item, "delivered"), said(item, "delivered"), said(item, "sent"))
        await told(pair[0], said(item, "read"))
        heard = [await events.next() for _ in range(2)]
    assert {(event.type, event.conversation_id) for event in heard} == {
        ("receipt", item.conversation_id)
    }
    assert [event.data for event in heard] == [
        {"message_id": item.message_id, "state": "delivered", "error": None},
        {"message_id": item.message_id, "state": "read", "error": None},
    ]


@pytest.fixture
async def webhook(
    pair: tuple[Services, ...],
) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """The webhook of a channel with receipts."""
    connector = ProviderConnector("http://127.0.0.1:9")
    webhooks = Webhooks(
        pair[0], {"acme": connector}, "https://chat.shop.test", Jobs(), UnprovenBodies().read
    )
    app = web.Application(middlewares=[errors])
    app.router.add_route("*", "/webhooks/{channel}/webhook", webhooks.handle)
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_a_webhook_may_bring_receipts_messages_or_both(
    pair: tuple[Services, ...], webhook: TestClient[web.Request, web.Application]
) -> None:
    item = await sent(pair[0])
    message = {"id": "m1", "from": "ada", "text": "thanks"}
    receipt = {"id": item.message_id, "state": "delivered"}
    for body, received in (
        ({"receipts": [receipt]}, 0),
        ({"messages": [message], "receipts": [{**receipt, "state": "read"}]}, 1),
        ({"messages": [message]}, 1),
        ({}, 0),
    ):
        async with webhook.post("/webhooks/acme/webhook", data=json.dumps(body)) as response:
            assert response.status == 200
            assert await response.json() == {"received": received}
    assert await state(pair[0], item) == ("read", None)
