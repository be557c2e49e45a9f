"""Redis away, hanging, emptied, or left with what a dead process had: nobody who asks is failed."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import AsyncIterator

import pytest

from bot import redis_turns
from bot.coordination import Coordination, coordinated
from bot.errors import SetupError
from bot.events import Event, Subscription
from bot.redis_turns import DEAD_SECONDS, GROUP, LONGEST_STREAM, PARTITIONS
from tests.client import PATIENCE_SECONDS
from tests.redis_server import RedisServer

GIVEN_UP_SECONDS = 4.0  # one wait for an answer, and far less than three in a row
AT_ONCE_SECONDS = 8.0  # far less than a mark or a dead process's entry lasts
STREAM_NODE = 100  # entries; "about" means that Redis cuts whole nodes off
STREAMS = [f"warmline:0:turns:{{{number}}}" for number in range(PARTITIONS)]

Two = tuple[Coordination, Coordination]


@pytest.fixture
async def two(redis: RedisServer) -> AsyncIterator[Two]:
    """Two processes on one Redis, both listening to it."""
    async with coordinated(redis.url) as here, coordinated(redis.url) as there:
        yield here, there


async def until(events: Subscription, kind: str) -> Event:
    return await asyncio.wait_for(events.until(lambda event: event.type == kind), PATIENCE_SECONDS)


async def test_a_start_waits_for_a_redis_that_answers_late(redis: RedisServer) -> None:
    """As where everything of a machine starts at once."""
    with redis.client() as client:
        client.client_pause(1_200)
    async with coordinated(redis.url) as here, coordinated(redis.url) as there:
        await told(here, there)


async def next_of(process: Coordination) -> str:
    return await asyncio.wait_for(process.queue.next(), PATIENCE_SECONDS)


async def told(here: Coordination, there: Coordination) -> None:
    """An event of one process reaches the other's listeners, as soon as both are connected."""
    with there.bus.subscribe() as events:
        ends = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < ends:
            await here.bus.publish(Event("message", "a"))
            try:
                await asyncio.wait_for(
                    events.until(lambda event: event.type == "message"), timeout=0.2
                )
            except asyncio.TimeoutError:
                continue
            return
    raise AssertionError("events do not pass")


async def works_alone(process: Coordination) -> None:
    """What a process without Redis still does, and how soon."""
    with process.bus.subscribe() as events:
        for _ in range(3):
            started = time.monotonic()
            await process.bus.publish(Event("message", "a"))
            assert time.monotonic() - started < GIVEN_UP_SECONDS
            assert (await asyncio.wait_for(events.next(), PATIENCE_SECONDS)) in (
                Event("message", "a"),
                Event("resync", ""),
            )
    started = time.monotonic()
    await process.queue.ring("a")
    assert time.monotonic() - started < GIVEN_UP_SECONDS
    assert await next_of(process) == "a"


async def test_while_it_is_down_a_process_works_alone(redis: RedisServer, two: Two) -> None:
    redis.stop()
    for process in two:
        await works_alone(process)


async def test_while_it_hangs_a_process_works_alone(redis: RedisServer, two: Two) -> None:
    with redis.hanging():
        for process in two:
            await works_alone(process)


async def test_many_requests_wait_for_a_hanging_one_together(redis: RedisServer, two: Two) -> None:
    here, _ = two
    with redis.hanging():
        started = time.monotonic()
        await asyncio.gather(*(here.queue.ring(str(number)) for number in range(30)))
        assert time.monotonic() - started < GIVEN_UP_SECONDS


async def test_when_it_is_back_everything_resumes_and_listeners_read_anew(
    redis: RedisServer, two: Two
) -> None:
    here, there = two
    redis.stop()
    await works_alone(here)
    with here.bus.subscribe() as one, there.bus.subscribe() as other:
        redis.start()
        for events in (one, other):
            await until(events, "resync")
    await told(here, there)
    await told(there, here)
    taken = asyncio.create_task(next_of(there))
    await asyncio.sleep(5)  # longer than any back-off; scripts, streams and groups are gone
    await here.queue.ring("b")
    assert await asyncio.wait_for(asyncio.shield(taken), PATIENCE_SECONDS) == "b"


async def test_a_listener_waiting_through_an_outage_is_told_to_read_meanwhile(
    redis: RedisServer, two: Two
) -> None:
    with two[0].bus.subscribe() as events:
        redis.stop()
        for _ in range(3):
            await until(events, "resync")


async def test_emptied_in_the_middle_it_goes_on(redis: RedisServer, two: Two) -> None:
    here, there = two
    waiting = asyncio.create_task(next_of(there))
    await asyncio.sleep(0.1)
    redis.flush()
    await told(here, there)
    await here.queue.ring("a")
    assert await waiting == "a"
    await there.queue.ring("a")
    assert await next_of(here) == "a"


async def test_emptied_when_it_is_time_to_claim_it_goes_on(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_turns, "CLAIM_SECONDS", 0.0)  # every look begins with a claim
    async with coordinated(redis.url) as process:
        redis.flush()
        await process.queue.ring("a")
        assert await next_of(process) == "a"


async def test_what_one_could_not_tell_the_others_becomes_a_resync(
    redis: RedisServer, two: Two
) -> None:
    here, there = two
    with there.bus.subscribe() as events, redis.client() as client:
        client.client_pause(1000, all=False)
        await here.bus.publish(Event("message", "a"))
        assert (await until(events, "resync")).type == "resync"


async def test_what_a_dead_process_had_read_is_taken_over(redis: RedisServer) -> None:
    with redis.client() as client:
        for stream in STREAMS[:2]:
            client.xgroup_create(stream, GROUP, id="0", mkstream=True)
            entry = client.xadd(stream, {"conversation": stream})
            client.xreadgroup(GROUP, "dead", {stream: ">"})
            idle = round(DEAD_SECONDS * 1000) + 1
            client.xclaim(stream, GROUP, "dead", 0, [entry], idle=idle)
        client.xtrim(STREAMS[1], maxlen=0)  # its entry has nothing left to tell
        async with coordinated(redis.url) as process:
            assert await next_of(process) == STREAMS[0]
            assert client.xpending(STREAMS[0], GROUP)["pending"] == 0
            assert client.xpending(STREAMS[1], GROUP)["pending"] == 0


async def test_what_a_process_read_and_was_stopped_with_is_left_to_another(
    redis: RedisServer,
) -> None:
    async with coordinated(redis.url) as process:
        await process.queue.ring("a")
        await next_of(process)
        with redis.client() as client:
            stream = STREAMS[zlib.crc32(b"a") % PARTITIONS]
            (consumer,) = client.xinfo_consumers(stream, GROUP)
            await process.queue.ring("a")
            # The answer to its reading came when it no longer listened.
            assert client.xreadgroup(GROUP, consumer["name"], {stream: ">"})
    async with coordinated(redis.url) as heir:
        assert await asyncio.wait_for(heir.queue.next(), AT_ONCE_SECONDS) == "a"


async def test_what_it_cannot_read_is_passed_over(redis: RedisServer, two: Two) -> None:
    here, _ = two
    with here.bus.subscribe() as events, redis.client() as client:
        for said in ("no JSON", "5", '{"origin": "x", "type": "message", "newer": 1}'):
            client.publish("warmline:0:events", said)
            await until(events, "resync")
        client.xadd(STREAMS[0], {"newer": "1"})
        await next_of(here)
    await told(*two)
    await here.queue.ring("a")
    assert await next_of(here) == "a"
    with redis.client() as client:
        assert client.xlen(STREAMS[0]) == 0


async def test_it_holds_no_more_than_what_waits(redis: RedisServer, two: Two) -> None:
    here, there = two
    with redis.client() as client:
        for stream in STREAMS:
            with client.pipeline(transaction=False) as pipeline:
                for _ in range(2 * LONGEST_STREAM):
                    pipeline.xadd(stream, {"conversation": "x"})
                pipeline.execute()
        for number in range(5 * PARTITIONS):
            await here.queue.ring(str(number))
        assert all(client.xlen(stream) <= LONGEST_STREAM + STREAM_NODE for stream in STREAMS)

        redis.flush()
        await here.queue.ring("a")
        for _ in range(100):
            await there.queue.ring("a")
        assert sum(client.xlen(stream) for stream in STREAMS) == 1
        await next_of(here)
        assert sum(client.xlen(stream) for stream in STREAMS) == 0
        assert not client.keys("warmline:0:rung:*")


async def test_a_process_that_stops_leaves_no_name_behind(redis: RedisServer) -> None:
    async with coordinated(redis.url) as process:
        await process.queue.ring("a")
        await next_of(process)
    with redis.client() as client:
        assert not any(client.xinfo_consumers(stream, GROUP) for stream in STREAMS)
        assert not client.client_list(_type="pubsub")


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("redis://:hunter2@127.0.0.1:1/0", "cannot be reached"),
        ("redis://me:hunter2@no-such-host.test:6379/0?password=hunter2", "cannot be reached"),
        ("http://me:hunter2@127.0.0.1/", "not the address of a Redis"),
        ("redis://me:hun:ter2@127.0.0.1:none", "not the address of a Redis"),
    ],
)
async def test_an_address_that_does_not_work_is_told_without_its_password(
    url: str, problem: str
) -> None:
    await refused(url, problem)


async def test_a_redis_that_refuses_us_is_told(redis: RedisServer) -> None:
    with redis.client() as client:
        client.config_set("requirepass", "hunter2")
        try:
            await refused(redis.url, "refused us")
            await refused(redis.url.replace("//", "//:hunter3@"), "refused us")
            client.acl_setuser("weak", True, passwords="+hunter2", commands=["+ping"])
            await refused(redis.url.replace("//", "//weak:hunter2@"), "refused us")
        finally:
            client.config_set("requirepass", "")


async def test_a_replica_is_refused(redis: RedisServer) -> None:
    with redis.client() as client:
        client.replicaof("127.0.0.1", "1")
        try:
            await refused(redis.url, "cannot do what is needed")
        finally:
            client.replicaof("no", "one")


async def refused(url: str, problem: str) -> None:
    with pytest.raises(SetupError) as error:
        async with coordinated(url):
            pass
    assert problem in error.value.problem
    assert "WARMLINE_REDIS_URL" in error.value.where
    assert error.value.cure
    assert "hun" not in error.value.message
