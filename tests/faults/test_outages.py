"""PostgreSQL and Redis lose their power again and again under load; the program waits for them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client import eventually
from tests.faults.crowd import CHANNELS, Customer
from tests.faults.deployment import Place, project, refunding, running
from tests.postgresql import PostgresqlServer, postgresql_server
from tests.redis_server import RedisServer, redis_server

__all__ = ["project", "refunding"]

TIMES = 5
AWAY_SECONDS = (0.3, 1.5)
DRAINED_SECONDS = 120.0
ANSWERS_BETWEEN = 6


@pytest.fixture
def database_server() -> Iterator[PostgresqlServer]:
    """One that keeps what it has committed, as long as the machine itself stands."""
    with postgresql_server() as server:
        server.sql("ALTER SYSTEM SET synchronous_commit = on")
        server.sql("SELECT pg_reload_conf()")
        yield server


@pytest.fixture
def doorbells(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path) as server:
        yield server


async def go_and_come(
    server: PostgresqlServer | RedisServer, customers: list[Customer], chance: random.Random
) -> None:
    """In no step with the other one: sometimes both are away."""
    for _ in range(TIMES):
        await answered_again(customers)
        await asyncio.to_thread(server.stop)
        await asyncio.sleep(chance.uniform(*AWAY_SECONDS))
        await asyncio.to_thread(server.start)


async def answered_again(customers: list[Customer]) -> None:
    before = sum(len(each.waits) for each in customers)

    async def enough() -> bool | None:
        return sum(len(each.waits) for each in customers) >= before + ANSWERS_BETWEEN or None

    await eventually(enough, patience=DRAINED_SECONDS)


async def test_postgresql_and_redis_go_and_come_and_nothing_is_lost(
    refunding: Path,
    shop_url: str,
    tmp_path: Path,
    database_server: PostgresqlServer,
    doorbells: RedisServer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    chance = random.Random(TIMES)  # noqa: S311
    with database_server.new_database() as url:
        place = Place(refunding, tmp_path, shop_url, url, doorbells.url)
        async with running(place) as shop:
            pids = [program.pid for program in shop.programs]
            customers = [shop.customer(channel) for channel in CHANNELS]
            chatting = asyncio.gather(*(customer.chat(chance) for customer in customers))
            await asyncio.gather(
                *(go_and_come(each, customers, chance) for each in (database_server, doorbells))
            )
            shop.over.set()
            back = asyncio.get_running_loop().time()
            await chatting
            books = await shop.settled(seconds=DRAINED_SECONDS)
            drained = asyncio.get_running_loop().time() - back
            reckoning, doubled = shop.reckon(books), await shop.doubled_web_lines()
            assert [program.pid for program in shop.programs if program.is_running] == pids
    with capsys.disabled():
        print(f"\n  drained in {drained:.1f} s, {doubled=}, {reckoning}")
    assert drained < DRAINED_SECONDS
    assert (reckoning.lost, reckoning.doubled_turns, doubled) == (0, 0, 0)
    assert (reckoning.refunds_wrong, reckoning.dead_letters) == (0, 0)
    assert (reckoning.sends_lost, reckoning.sends_doubled) == (0, 0)
