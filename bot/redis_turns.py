"""Doorbells for turns that any process may take, as Redis Streams with one consumer group.

An entry only says "look at this conversation"; the turn is in the database, under its lease. So an
entry is acknowledged and deleted as soon as it is taken up: a process that dies after that leaves
a lease that runs out, and the sweep rings again. One that dies before leaves the entry pending,
and another claims it; one that stops puts it back.
"""

from __future__ import annotations

import asyncio
import random
import time
import zlib
from dataclasses import dataclass
from typing import Any

from redis.exceptions import ResponseError

from bot.clock import new_id
from bot.events import MemoryTurnQueue
from bot.jobs import end
from bot.redis_link import BLOCK_SECONDS, FAILURES, Backoff, RedisLink
from bot.redis_workers import LOOK_AGAIN_SECONDS, Workers

# One read brings at most one entry a stream. With as many streams as a process takes turns at once
# (bot.worker.CONCURRENT_TURNS) one read fills an idle process, and a busy one, which reads as many
# streams as it has takers free, still gets what it can do and leaves the rest to others.
PARTITIONS = 16
GROUP = "turns"
LONGEST_STREAM = 1_000  # about; of a stream that nobody reads, the sweep finds what is cut off
RUNG_SECONDS = 30  # after this a conversation may be rung anew even if nobody has looked yet
CLAIM_SECONDS = 5.0
DEAD_SECONDS = 10.0  # an entry is taken up within milliseconds of its reading
FORGOTTEN_SECONDS = 3600.0

# Rung twice, queued once. In one step, or a bell could be marked as rung that never was.
RING = """
if redis.call('SET', KEYS[1], '1', 'NX', 'EX', ARGV[1]) then
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', 'conversation', ARGV[3])
  return 1
end
return 0
"""

# What the consumer read and never took up goes to the end of the stream, where another finds it.
# Deleted with its consumer it would be nobody's, and its mark would keep it from being rung anew.
LEAVE = """
local read = redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', ARGV[3], ARGV[2])
for _, entry in ipairs(read) do
  local found = redis.call('XRANGE', KEYS[1], entry[1], entry[1])
  if found[1] then redis.call('XADD', KEYS[1], '*', unpack(found[1][2])) end
  redis.call('XACK', KEYS[1], ARGV[1], entry[1])
  redis.call('XDEL', KEYS[1], entry[1])
end
return redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A doorbell as it lies in its stream."""

    stream: str
    id: str
    conversation_id: str

    @classmethod
    def read(cls, stream: str, id_: str, content: dict[str, str]) -> Entry:
        """Whatever lies there; of a stranger's entry nobody has a conversation, and it is gone."""
        return cls(stream, id_, content.get("conversation", ""))


class RedisTurnQueue:
    """Rings in Redis, or in this process alone while there is none.

    A queue that `stands_back` leaves what it finds there to workers, as long as there is one.
    """

    def __init__(self, link: RedisLink, *, stands_back: bool = False) -> None:
        self._link = link
        self._stands_back = stands_back
        self._workers = Workers(link)
        self._local = MemoryTurnQueue()
        self._consumer = new_id()
        self._streams = [_stream(link.prefix, number) for number in range(PARTITIONS)]
        self._ring = link.commands.register_script(RING)
        self._leave = link.commands.register_script(LEAVE)
        self._takers = 0
        self._asked_for = asyncio.Event()
        self._claim_at = 0.0
        self._reading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Make what is missing, forget the long dead, and read. Raises what Redis refuses."""
        await self._create_groups()
        await self._claim()
        await self._forget_consumers()
        self._reading = asyncio.create_task(self._read_on())

    async def stop(self) -> None:
        """Take up nothing more, give back what was only read, and leave no name behind."""
        if self._reading is None:
            return
        await end(self._reading)
        words: list[str | int] = [GROUP, self._consumer, LONGEST_STREAM]
        async with self._link.commands.pipeline(transaction=False) as pipeline:
            for stream in self._streams:
                await self._leave(keys=[stream], args=words, client=pipeline)
            await self._link.ask(pipeline.execute(raise_on_error=False))

    async def ring(self, conversation_id: str) -> None:
        stream, mark = self._place(conversation_id)
        words: list[str | int] = [RUNG_SECONDS, LONGEST_STREAM, conversation_id]
        if await self._link.ask(self._ring(keys=[mark, stream], args=words)) is None:
            await self._local.ring(conversation_id)

    async def next(self) -> str:
        self._takers += 1
        self._asked_for.set()
        try:
            return await self._local.next()
        finally:
            self._takers -= 1

    async def _read_on(self) -> None:
        backoff = Backoff()
        while True:
            try:
                await self._somebody_asks()
                if not await self._may_take():
                    await asyncio.sleep(LOOK_AGAIN_SECONDS)
                    continue
                if time.monotonic() >= self._claim_at:
                    await self._claim()
                if self._free() <= 0:
                    continue  # what was claimed took the last place
                await self._take_up(await self._read())
                backoff.reset()
                self._link.found()
            except FAILURES as error:
                # Redis was emptied. Of a pipeline's command the client says more before the code.
                if isinstance(error, ResponseError) and "NOGROUP" in str(error):
                    await self._link.ask(self._create_groups())
                else:
                    self._link.lost(error)
                await asyncio.sleep(backoff.next())

    async def _may_take(self) -> bool:
        if self._stands_back:
            return not await self._workers.any_here()
        await self._workers.say_here()
        return True

    def _free(self) -> int:
        return self._takers - len(self._local)

    async def _somebody_asks(self) -> None:
        # A process with no turn to spare reads nothing, so that another one gets it.
        while self._free() <= 0:
            self._asked_for.clear()
            await self._asked_for.wait()

    async def _read(self) -> list[Entry]:
        """No more than can be taken at once: what lies there already, or the first to come."""
        free = self._free()
        start = random.randrange(PARTITIONS)  # noqa: S311
        streams = self._streams[start:] + self._streams[:start]
        for first in range(0, PARTITIONS, free):
            found = await self._read_from(streams[first : first + free], block=None)
            if found:
                return found
        return await self._read_from(streams, block=round(BLOCK_SECONDS * 1000))

    async def _read_from(self, streams: list[str], block: int | None) -> list[Entry]:
        wanted: dict[Any, Any] = dict.fromkeys(streams, ">")
        found: Any = await self._link.waiting.xreadgroup(
            GROUP, self._consumer, wanted, count=1, block=block
        )
        return [
            Entry.read(stream, id_, content)
            for stream, entries in found
            for id_, content in entries
        ]

    async def _take_up(self, entries: list[Entry]) -> None:
        if not entries:
            return
        try:
            async with self._link.commands.pipeline(transaction=True) as pipeline:
                for entry in entries:
                    pipeline.xack(entry.stream, GROUP, entry.id)
                    pipeline.xdel(entry.stream, entry.id)
                    # From here on it can be rung again, since it has not been looked at yet.
                    pipeline.delete(self._place(entry.conversation_id)[1])
                await pipeline.execute()
        finally:
            for entry in entries:
                await self._local.ring(entry.conversation_id)

    async def _claim(self) -> None:
        """Take up what a process read and then died of."""
        idle = round(DEAD_SECONDS * 1000)
        async with self._link.commands.pipeline(transaction=False) as pipeline:
            for stream in self._streams:
                # Ids only: of an entry that was trimmed Redis 6.2 has no more than that to give.
                pipeline.xautoclaim(stream, GROUP, self._consumer, idle, "0-0", 100, justid=True)
            claimed = dict(zip(self._streams, await pipeline.execute(), strict=True))
        for stream, ids in claimed.items():
            for id_ in ids:
                found: Any = await self._link.commands.xrange(stream, id_, id_)
                if found:
                    await self._take_up([Entry.read(stream, id_, found[0][1])])
                else:
                    await self._link.commands.xack(stream, GROUP, id_)
        self._claim_at = time.monotonic() + CLAIM_SECONDS

    async def _create_groups(self) -> None:
        async with self._link.commands.pipeline(transaction=False) as pipeline:
            for stream in self._streams:
                pipeline.xgroup_create(stream, GROUP, id="0", mkstream=True)
            for answer in await pipeline.execute(raise_on_error=False):
                if isinstance(answer, Exception) and "BUSYGROUP" not in str(answer):
                    raise answer

    async def _forget_consumers(self) -> None:
        for stream in self._streams:
            for consumer in await self._link.commands.xinfo_consumers(stream, GROUP):
                if consumer["idle"] > FORGOTTEN_SECONDS * 1000 and not consumer["pending"]:
                    await self._link.commands.xgroup_delconsumer(stream, GROUP, consumer["name"])

    def _place(self, conversation_id: str) -> tuple[str, str]:
        """The conversation's stream, and the key that says it has been rung for."""
        number = zlib.crc32(conversation_id.encode()) % PARTITIONS
        return (
            _stream(self._link.prefix, number),
            f"{self._link.prefix}rung:{{{number}}}:{conversation_id}",
        )


def _stream(prefix: str, number: int) -> str:
    return f"{prefix}turns:{{{number}}}"
