"""Real processes stopped and started one after the other, while customers and an agent go on."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

from bot.accounts import add_user, open_database
from tests.bot.rolling import Agent, Gateways, Person, Phone, Widget
from tests.bot.test_live_model import put
from tests.bot.test_restart import Client, _ready, free_port, project
from tests.bot.test_worker_processes import STARTED_SECONDS, command, logged
from tests.client import API, eventually
from tests.redis_server import RedisServer

__all__ = ["project"]

STOPPED_SECONDS = 120
LONGEST_WAIT_SECONDS = 20.0  # 5 on a quiet machine
ANSWERS_BETWEEN = 2  # that everybody gets before the next process is stopped
SECRET = "all of these processes read each other's tokens"
PASSWORD = "a password of her own"
QUESTION = "when are you open?"

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


async def stop(process: asyncio.subprocess.Process) -> None:
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), STOPPED_SECONDS) == 0


async def everybody_goes_on(people: list[Person]) -> None:
    wanted = [len(person.waits) + ANSWERS_BETWEEN for person in people]

    async def answered() -> bool | None:
        pairs = zip(people, wanted, strict=True)
        return all(len(person.waits) >= count for person, count in pairs) or None

    await eventually(answered)


async def test_a_rolling_restart_loses_doubles_and_delays_nothing(
    project: Path, model: Path, database_url: str, redis: RedisServer
) -> None:
    shared = ("--database-url", database_url, "--redis-url", redis.url, "--secret-key", SECRET)
    ports = (free_port(), free_port())
    over = asyncio.Event()
    async with open_database(database_url) as database:
        await add_user(
            database, email="nora@shop.test", name="Nora", role="agent", password=PASSWORD
        )
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())

        async def gateway(port: int) -> asyncio.subprocess.Process:
            arguments = ("serve", "--port", str(port), *shared)
            process = await stack.enter_async_context(command(project, *arguments))
            await asyncio.wait_for(_ready(process, port), STARTED_SECONDS)
            return process

        async def worker() -> asyncio.subprocess.Process:
            process = await stack.enter_async_context(command(project, "worker", *shared))
            await logged(process, "worker_started")
            return process

        first, second, beside = await asyncio.gather(gateway(ports[0]), gateway(ports[1]), worker())
        client = Client(
            await stack.enter_async_context(aiohttp.ClientSession(f"http://127.0.0.1:{ports[0]}"))
        )
        sign_in = {"email": "nora@shop.test", "password": PASSWORD}
        agent_token = (await client.call("POST", f"{API}/login", sign_in))["token"]
        helped = Widget(Gateways(ports, 0, over), session, await client.visitor())
        await helped.ask("I want to talk to a human")
        (queued,) = (await client.call("GET", f"{API}/handoffs", token=agent_token))["items"]
        at = f"{API}/conversations/{queued['conversation_id']}"
        await client.call("POST", f"{at}/claim", {}, agent_token)
        agent = Agent(
            Gateways(ports, 1, over),
            session,
            agent_token,
            queued["conversation_id"],
            read={line["id"] for line in helped.own()},
        )
        widgets = [
            Widget(Gateways(ports, number % 2, over), session, await client.visitor())
            for number in range(3)
        ]
        phones = [
            Phone(Gateways(ports, number, over), session, f"phone-{number}") for number in range(2)
        ]
        people: list[Person] = [helped, *widgets, *phones]
        for phone in phones:
            stack.push_async_callback(phone.hang_up)

        working = asyncio.create_task(agent.work())
        chatting = asyncio.gather(*(person.chat(QUESTION) for person in people))
        await everybody_goes_on(people)
        # Every process swaps the model by itself, whoever is told to stop afterwards.
        put(model, project / "models", "newer.tar.gz")
        await logged(beside, "model_swapped")
        await stop(first)
        starting = asyncio.create_task(gateway(ports[0]))
        await everybody_goes_on(people)
        await stop(beside)  # one process is left for a moment
        await asyncio.gather(starting, worker())
        await everybody_goes_on(people)
        await stop(second)
        starting = asyncio.create_task(gateway(ports[1]))
        await everybody_goes_on(people)
        await starting
        over.set()
        await chatting
        working.cancel()

        for port in ports:
            async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                assert (await answer.json())["model"] == "newer.tar.gz"
        for widget in (helped, *widgets):
            lines = (await client.look(widget.token))["messages"]
            assert [line["id"] for line in lines] == [
                line["id"] for _, line in sorted(widget.lines.items())
            ]
            assert len(widget.own()) == widget.asked
            assert all(len(widget.replies(line["id"])) == 1 for line in widget.own())
        for phone in phones:
            assert len(phone.heard) == phone.asked
        assert len(agent.read) == helped.asked
        assert max(wait for person in people for wait in person.waits) < LONGEST_WAIT_SECONDS
