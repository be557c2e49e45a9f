"""Several accounts of one channel: each is written to and answered by its own name."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.agent_message import send_as_agent
from bot.errors import SetupError
from bot.handoff import claim
from bot.intake import receive
from bot.jobs import Jobs
from bot.messages import Limit
from bot.services import Services
from bot.webhook_accounts import accounts_by_channel
from bot.webhooks import Webhooks
from connectors import connected
from desk.edge.unproven import UnprovenBodies
from desk.web import errors
from simulator import PROVIDERS
from simulator.base import Block, Provider
from simulator.demo import simulated
from tests.conftest import over_both_databases
from tests.processes import add_agent, message

pytestmark = over_both_databases
SITE = "https://chat.shop.test"
FIRST = simulated("the first account's secret, long enough", 8080)
SECOND = simulated("the second account's secret, long enough", 9090)
NUMBERS = {"phone_number_id": "2222222222"}
Client = TestClient[web.Request, web.Application]


def provider(channel: str, block: Block) -> Provider:
    return PROVIDERS[channel](block, f"{SITE}/webhooks/{channel}/webhook")


async def serving(services: Services, **blocks: Block) -> Client:
    connectors = connected({name.replace("__", "."): block for name, block in blocks.items()})
    webhooks = Webhooks(services, connectors, SITE, Jobs(), UnprovenBodies().read)
    app = web.Application(middlewares=[errors])
    app.router.add_route("*", "/webhooks/{channel}/webhook", webhooks.handle)
    return TestClient(TestServer(app))


async def channels_of(services: Services) -> list[str]:
    async with services.database.read() as uow:
        rows = await uow.conversations.page(limit=10)
    return sorted(row.channel for row in rows)


async def post(client: Client, path: str, who: Provider, text: str) -> int:
    said = who.says(who.address, text)
    async with client.post(path, data=said.body, headers=said.headers) as answer:
        return answer.status


@pytest.fixture
async def shops(pair: tuple[Services, ...]) -> AsyncIterator[Client]:
    """Two WhatsApp numbers of one app, so that one secret signs for both."""
    outlet = {**FIRST["whatsapp"], **NUMBERS}
    async with await serving(pair[0], whatsapp=FIRST["whatsapp"], whatsapp__outlet=outlet) as one:
        yield one


async def test_one_webhook_serves_both_numbers_and_each_has_its_own(
    pair: tuple[Services, ...], shops: Client
) -> None:
    shop = provider("whatsapp", FIRST["whatsapp"])
    outlet = provider("whatsapp", {**FIRST["whatsapp"], **NUMBERS})
    assert await post(shops, "/webhooks/whatsapp/webhook", shop, "to the shop") == 200
    assert await post(shops, "/webhooks/whatsapp/webhook", outlet, "to the outlet") == 200
    assert await channels_of(pair[0]) == ["whatsapp", "whatsapp.outlet"]
    own = "/webhooks/whatsapp.outlet/webhook"
    assert await post(shops, own, outlet, "again") == 200
    assert await post(shops, "/webhooks/whatsapp.other/webhook", shop, "hello") == 404


async def test_a_request_counts_for_the_account_whose_secret_signed_it(
    pair: tuple[Services, ...],
) -> None:
    blocks = {"telegram": FIRST["telegram"], "telegram__outlet": SECOND["telegram"]}
    async with await serving(pair[0], **blocks) as client:
        for block in (FIRST["telegram"], SECOND["telegram"]):
            who = provider("telegram", block)
            assert await post(client, "/webhooks/telegram/webhook", who, "hello") == 200
        assert await channels_of(pair[0]) == ["telegram", "telegram.outlet"]
        stranger = provider("telegram", simulated("somebody else's secret", 7070)["telegram"])
        assert await post(client, "/webhooks/telegram/webhook", stranger, "hello") == 403


def test_accounts_that_cannot_be_told_apart_stop_the_start(pair: tuple[Services, ...]) -> None:
    for blocks in (
        {"facebook": FIRST["facebook"], "facebook.outlet": FIRST["facebook"]},
        {"whatsapp": FIRST["whatsapp"], "whatsapp.outlet": FIRST["whatsapp"]},
    ):
        with pytest.raises(SetupError) as refused:
            accounts_by_channel(connected(blocks))
        assert "outlet" in refused.value.where or "facebook" in refused.value.where


def test_a_broken_key_of_an_account_is_named_with_its_account(pair: tuple[Services, ...]) -> None:
    broken = {**FIRST["whatsapp"], "app_secret": ""}
    with pytest.raises(SetupError) as refused:
        connected({"whatsapp": FIRST["whatsapp"], "whatsapp.outlet": broken})
    assert "'whatsapp.outlet.app_secret'" in refused.value.where
    with pytest.raises(SetupError, match="one account"):
        connected({"web": {}, "web.second": {}})


async def test_a_channel_that_gets_too_much_says_when_to_come_again(
    pair: tuple[Services, ...], shops: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.webhooks.CHANNEL_LIMIT", Limit(messages_a_second=0.001, burst=2))
    shop = provider("whatsapp", FIRST["whatsapp"])
    path = "/webhooks/whatsapp/webhook"
    for number in range(3):
        forged = shop.says(shop.address, f"forged {number}").body
        async with shops.post(path, data=forged) as answer:
            assert answer.status == 403
    assert [await post(shops, path, shop, str(n)) for n in range(3)] == [200, 200, 503]


async def test_what_cannot_be_read_in_a_batch_keeps_nothing_else_out(
    pair: tuple[Services, ...], shops: Client
) -> None:
    shop = provider("whatsapp", FIRST["whatsapp"])
    body = json.loads(shop.says(shop.address, "hello").body)
    (change,) = body["entry"][0]["changes"]
    (first,) = change["value"]["messages"]
    change["value"]["messages"] = [
        {**first, "id": f"wamid.{number}", "text": {"body": text}}
        for number, text in enumerate(("one", "x" * 30_000, "three"))
    ]
    signed = shop.sign(json.dumps(body).encode())
    async with shops.post(
        "/webhooks/whatsapp/webhook", data=signed.body, headers=signed.headers
    ) as answer:
        assert answer.status == 200
    async with pair[0].database.read() as uow:
        (conversation,) = await uow.conversations.page(limit=10)
        lines = await uow.messages.transcript(conversation.id)
    assert [line.text for line in lines] == ["one", "three"]


async def test_an_agents_retry_finds_its_message_though_the_customer_moved_on(
    pair: tuple[Services, ...],
) -> None:
    services = pair[0]
    said = await receive(services, message("hello", "a", reference="C-1", channel="memory"))
    nora = await add_agent(services, "Nora")
    conversation_id = said.message.conversation_id
    await claim(services, conversation_id, nora)
    first = await send_as_agent(services, conversation_id, nora, "Hi", client_id="n1")
    await receive(services, message("here now", "b", reference="C-1", channel="other"))
    again = await send_as_agent(services, conversation_id, nora, "Hi", client_id="n1")
    assert (again.id, again.channel) == (first.id, "memory")
