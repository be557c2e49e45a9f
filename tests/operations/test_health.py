"""What a process tells of itself over HTTP, with no model and no page behind it."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa

from bot import metrics
from bot.attempts import fresh, held, taken, tried_again
from bot.clock import now
from bot.errors import AnswerLost, NotNow, Refused
from bot.messages import OutboundMessage, Receipt
from bot.operations.disk_space import watch_disk
from bot.operations.health import Health
from bot.operations.loop_lag import watching_loop
from bot.operations.worker_port import told_over_http
from bot.records import OutboxItem
from bot.sending import send, take
from bot.services import Services
from bot.store.tables import outbox
from desk.edge.measuring import check_may_measure
from tests.client import eventually
from tests.conftest import over_both_databases
from tests.processes import EchoAssistant, processes
from tests.provider import BlindConnector, write

CHANNEL = "acme"


@asynccontextmanager
async def told(
    services: Services, token: str | None = None
) -> AsyncIterator[tuple[Health, aiohttp.ClientSession]]:
    """A worker's own server, and a client of it."""
    health = Health(services, [CHANNEL], partial(check_may_measure, token=token))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with told_over_http(health, listening), aiohttp.ClientSession(url) as session:
            yield health, session


async def sample(session: aiohttp.ClientSession, name: str) -> float:
    async with session.get("/metrics") as response:
        assert response.status == 200
        lines = (await response.text()).splitlines()
    return float(next(line for line in lines if line.startswith(f"{name} ")).split()[1])


async def test_a_worker_refuses_its_figures_as_a_server_does(database_url: str) -> None:
    async with processes(database_url, EchoAssistant()) as (services,), told(services, "t") as it:
        async with it[1].get("/metrics") as response:
            assert response.status == 401
            assert (await response.json())["error"]["code"] == "not_signed_in"
        async with it[1].get("/metrics", headers={"Authorization": "Bearer t"}) as response:
            assert response.status == 200


async def test_a_process_that_stops_is_alive_and_not_ready(database_url: str) -> None:
    async with processes(database_url, EchoAssistant()) as (services,), told(services) as it:
        health, session = it
        async with session.get("/readyz") as response:
            assert response.status == 200
        health.stopping()
        async with session.get("/readyz") as response:
            assert response.status == 503
            assert await response.json() == {"status": "stopping"}
        async with session.get("/healthz") as response:
            assert response.status == 200
        for path in ("/", "/desk", "/api/v1/me", "/webhooks/rest/webhook"):
            async with session.get(path) as response:
                assert response.status == 404


@over_both_databases
async def test_how_long_a_message_waits_to_be_sent(database_url: str) -> None:
    """Held for a customer who is away it is not late; about to be tried again it is."""
    async with processes(database_url, EchoAssistant()) as (services,), told(services) as it:
        _, session = it
        name = f'warmline_oldest_send_seconds{{channel="{CHANNEL}"}}'
        assert await sample(session, name) == 0
        (message_id,) = await write(services, "ada", "hello")
        async with services.database.write() as uow:
            item = await uow.outbox.of_message(message_id)
        assert item is not None
        item = replace(item, created_at=now() - timedelta(minutes=5))

        async def waited(becomes: OutboxItem) -> float:
            names = ("state", "created_at", "next_attempt_at", "give_up_at", "error")
            changed = {name: getattr(becomes, name) for name in names}
            async with services.database.writer.begin() as connection:
                this = outbox.c.message_id == message_id
                await connection.execute(sa.update(outbox).where(this).values(changed))
            return await sample(session, name)

        assert 300 <= await waited(item) < 330
        assert 300 <= await waited(taken(item)) < 330
        assert 300 <= await waited(tried_again(taken(item), "http_503", seconds=60)) < 330
        assert await waited(held(taken(item), "away")) == 0
        assert await waited(replace(item, state="delivered", next_attempt_at=None)) == 0


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Refused("30003"), "refused"),
        (NotNow("http_503"), "not_now"),
        (AnswerLost("no_answer"), "answer_lost"),
        (KeyError("text"), "error"),
    ],
)
async def test_errors_of_providers_are_counted_by_what_they_mean(
    database_url: str, error: Exception, kind: str
) -> None:
    async with processes(database_url, EchoAssistant()) as (services,), told(services) as it:
        _, session = it
        await write(services, "ada", "hello")
        async with services.database.read() as uow:
            ((item, outbound),) = await uow.outbox.due(CHANNEL, at=now(), fresh=fresh(now()))
        before = metrics.provider_errors.labels(channel=CHANNEL, kind=kind)._value.get()
        claimed = await take(services, item)
        assert claimed is not None
        await send(services, Failing(error), claimed, outbound)
        name = f'warmline_provider_errors_total{{channel="{CHANNEL}",kind="{kind}"}}'
        assert await sample(session, name) == before + 1


class Failing(BlindConnector):
    """Its provider always says the same."""

    def __init__(self, error: Exception) -> None:
        super().__init__("http://127.0.0.1:1")
        self._error = error

    async def send(self, outbound: OutboundMessage) -> Receipt:
        raise self._error


async def test_what_a_process_measures_of_itself(database_url: str, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        (services,) = await stack.enter_async_context(processes(database_url, EchoAssistant()))
        _, session = await stack.enter_async_context(told(services))
        lag = "warmline_loop_lag_seconds_count"
        before = await sample(session, lag)
        await stack.enter_async_context(watching_loop())

        async def measured() -> bool | None:
            return await sample(session, lag) > before or None

        await eventually(measured)
        reads = 'warmline_database_wait_seconds_count{kind="read"}'
        before = await sample(session, reads)
        async with services.database.read():
            pass
        assert await sample(session, reads) > before
        watch_disk(tmp_path)
        assert await sample(session, "warmline_disk_free_bytes") > 0
        watch_disk(tmp_path / "unmounted")
        assert str(await sample(session, "warmline_disk_free_bytes")) == "nan"
