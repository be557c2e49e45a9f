"""Events to the listeners of every process, by Redis's publish and subscribe.

Listeners of the same process are told directly, so they miss nothing while Redis is away. Whatever
may have been missed from the others becomes a `resync`: whoever gets it reads the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from contextlib import AbstractContextManager, AsyncExitStack
from typing import Any

from redis.asyncio.client import PubSub
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.clock import new_id
from bot.events import Event, MemoryEventBus, Subscription
from bot.jobs import end
from bot.redis_link import FAILURES, Backoff, RedisLink

CONFIRM_SECONDS = 5.0
TICK_SECONDS = 1.0
SILENT_TICKS = 5  # from here on the server must prove that it is there


def _everything(_event: Event) -> bool:
    return True


class RedisEventBus:
    """One subscription to Redis a process, and a MemoryEventBus behind it."""

    def __init__(self, link: RedisLink) -> None:
        self._link = link
        self._local = MemoryEventBus()
        self._channel = f"{link.prefix}events"
        self._origin = new_id()
        self._others_missed_some = False
        self._listening: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen from now on. Raises what Redis refuses."""
        self._listening = asyncio.create_task(self._listen(await self._connected()))

    async def stop(self) -> None:
        if self._listening is not None:
            await end(self._listening)

    async def publish(self, event: Event) -> None:
        await self._local.publish(event)
        await self._tell_others(event)

    def subscribe(
        self, wants: Callable[[Event], bool] = _everything
    ) -> AbstractContextManager[Subscription]:
        return self._local.subscribe(wants)

    async def _tell_others(self, event: Event) -> None:
        said = json.dumps(
            {
                "origin": self._origin,
                "type": event.type,
                "conversation_id": event.conversation_id,
                "data": event.data,
            }
        )
        if await self._link.ask(self._link.commands.publish(self._channel, said)) is None:
            self._others_missed_some = True

    async def _connected(self) -> PubSub:
        async with AsyncExitStack() as stack:
            pubsub: PubSub = await stack.enter_async_context(self._link.waiting.pubsub())
            await pubsub.subscribe(self._channel)
            await pubsub.get_message(timeout=CONFIRM_SECONDS)  # a refusal comes as the answer
            stack.pop_all()
        return pubsub

    async def _listen(self, pubsub: PubSub) -> None:
        while True:
            try:
                async with pubsub:
                    await self._hear(pubsub)
            except FAILURES as error:
                self._link.lost(error)
            pubsub = await self._reconnected()

    async def _reconnected(self) -> PubSub:
        backoff = Backoff()
        while True:
            # Nothing is heard until Redis is back: meanwhile pages read now and then.
            self._local.resync()
            await asyncio.sleep(backoff.next())
            with contextlib.suppress(*FAILURES):
                pubsub = await self._connected()
                self._link.found()
                self._local.resync()
                return pubsub

    async def _hear(self, pubsub: PubSub) -> None:
        silent = 0
        while True:
            message = await pubsub.get_message(timeout=TICK_SECONDS)
            silent = 0 if message else silent + 1
            if silent == SILENT_TICKS:
                await pubsub.ping()
            elif silent > 2 * SILENT_TICKS:
                raise RedisTimeoutError("the connection stands, but nobody answers")
            if message is not None and message["type"] == "subscribe":
                self._local.resync()  # the client has reconnected by itself
            elif message is not None and message["type"] == "message":
                await self._pass_on(message["data"])
            if self._others_missed_some:
                self._others_missed_some = False
                await self._tell_others(Event("resync", conversation_id=""))

    async def _pass_on(self, said: str) -> None:
        try:
            content: dict[str, Any] = json.loads(said)
            is_ours = content.pop("origin") == self._origin
            event = Event(**content)
        except (ValueError, KeyError, TypeError, AttributeError):
            # Of a process of another version, perhaps: what cannot be read has been missed.
            self._local.resync()
            return
        if is_ours:
            return
        if event.type == "resync":
            self._local.resync()
        else:
            await self._local.publish(event)
