"""The outbox: pushing messages to channels, and handing them out where customers fetch."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from bot.clock import now
from bot.events import Event
from bot.jobs import Jobs, end
from bot.lease import kept, lease_end
from bot.messages import Button, Connector, OutboundMessage, SessionConnector
from bot.records import Message, OutboxItem, Turn
from bot.services import Services

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0  # with the lease of a send: how long a dead process can hold one up
HELD = timedelta(hours=1)  # somebody who comes back wakes what was held; this is the last resort
LONGEST_BACKOFF_SECONDS = 300.0
MOST_ATTEMPTS = 12


class Delivery:
    """Sends the pending messages of push channels until it is stopped."""

    def __init__(self, services: Services, connectors: Mapping[str, Connector]) -> None:
        self._services = services
        self._connectors = {
            name: connector
            for name, connector in connectors.items()
            if connector.delivery == "push"
        }
        self._tasks: list[asyncio.Task[None]] = []
        self._jobs = Jobs()

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._run()), asyncio.create_task(self._listen())]

    async def stop(self) -> None:
        for task in self._tasks:
            await end(task)
        await self._jobs.finish()

    async def wake(self, channel: str, address: str) -> None:
        """The customer is back: send now what was held for them."""
        async with self._services.database.write() as uow:
            # What is being sent at this moment, here or elsewhere, needs no waking.
            await uow.outbox.wake(channel, address, at=now(), after=lease_end())
        self._services.outbox_bell.set()

    async def _run(self) -> None:
        bell = self._services.outbox_bell
        while True:
            bell.clear()
            try:
                await self._jobs.do(deliver_pending(self._services, self._connectors))
            except Exception as error:
                log.error("delivery_failed error=%s", type(error).__name__)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(bell.wait(), LOOK_SECONDS)

    async def _listen(self) -> None:
        """Look at once after another process's commit, and send what it found nobody for."""
        with self._services.bus.subscribe(
            lambda event: event.type in ("message", "held")
        ) as events:
            while True:
                event = await events.next()
                if event.type != "held":
                    self._services.outbox_bell.set()
                    continue
                connector = self._connectors.get(event.data["channel"])
                address = event.data["address"]
                if isinstance(connector, SessionConnector) and connector.is_here(address):
                    await self._jobs.do(self.wake(connector.name, address))


async def deliver_pending(services: Services, connectors: Mapping[str, Connector]) -> None:
    """Send what is due, in the order of the transcript, and write down what became of it."""
    if not connectors:
        return
    async with services.database.read() as uow:
        due = await uow.outbox.due(list(connectors), at=now())
    stopped: set[tuple[str, str]] = set()  # a later message never overtakes a failed one
    for item, outbound in due:
        if (item.channel, item.address) in stopped:
            continue
        if not await _deliver(services, connectors[item.channel], item, outbound):
            stopped.add((item.channel, item.address))


async def _deliver(
    services: Services, connector: Connector, item: OutboxItem, outbound: OutboundMessage
) -> bool:
    async with services.database.write() as uow:
        if not await uow.outbox.take(item, until=lease_end()):
            return False  # another process sends to this address
    try:
        async with kept(partial(_renew, services, item.id)):
            receipt = await connector.send(outbound)
    except Exception as error:
        kind = type(error).__name__
        log.warning(
            "send_failed channel=%s message_id=%s error=%s", item.channel, outbound.id, kind
        )
        async with services.database.write() as uow:
            if item.attempts + 1 >= MOST_ATTEMPTS:
                await uow.outbox.settle([item.id], state="dead", error=kind)
            else:
                seconds = min(2.0**item.attempts, LONGEST_BACKOFF_SECONDS) * random.uniform(1, 1.5)  # noqa: S311
                until = now() + timedelta(seconds=seconds)
                await uow.outbox.postpone(item.id, until=until, error=kind)
        return False
    async with services.database.write() as uow:
        if receipt.state == "held":
            await uow.outbox.postpone(item.id, until=now() + HELD, error=None)
        else:
            await uow.outbox.settle([item.id], state=receipt.state, provider_id=receipt.provider_id)
    if receipt.state == "held":
        held = {"channel": item.channel, "address": item.address}
        await services.bus.publish(Event("held", item.conversation_id, held))
    return receipt.state != "held"


async def _renew(services: Services, item_id: str, until: datetime) -> None:
    async with services.database.write() as uow:
        await uow.outbox.renew(item_id, until=until)


async def collect(
    services: Services, turn: Turn, address: str, *, again: bool
) -> list[OutboundMessage]:
    """Everything a fetching customer has not had yet, with the turn's own replies last.

    What is handed out is marked with the turn, so that a request made `again` gets the same.
    """
    async with services.database.write() as uow:
        # Two requests at once would hand out the same.
        await uow.conversations.lock(turn.conversation_id)
        own = await uow.messages.of_turn(turn.id)
        own_ids = {message.id for message in own}
        waiting = await uow.outbox.pending_for(turn.channel, address, turn.conversation_id)
        fetched = [item.id for item, _ in waiting if not again or item.message_id in own_ids]
        await uow.outbox.settle(fetched, state="delivered", provider_id=turn.id)
        handed_out = await uow.outbox.handed_out(turn.conversation_id, turn.id)
    return [
        *(
            outbound
            for outbound in handed_out
            if outbound.id not in own_ids and outbound.author != "system"
        ),
        *(_outbound(message, address) for message in own if not message.private),
    ]


def _outbound(message: Message, address: str) -> OutboundMessage:
    return OutboundMessage(
        id=message.id,
        channel=message.channel,
        address=address,
        author="bot",
        text=message.text,
        buttons=tuple(Button(**button) for button in message.buttons),
    )
