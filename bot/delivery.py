"""The outbox: pushing messages to channels, and handing them out where customers fetch."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.clock import now
from bot.jobs import Jobs, end
from bot.messages import Button, Connector, OutboundMessage, SessionConnector
from bot.records import Message, Turn
from bot.sender import Sender
from bot.services import Services


class Delivery:
    """Sends the pending messages of push channels until it is stopped."""

    def __init__(self, services: Services, connectors: Mapping[str, Connector]) -> None:
        self._services = services
        self._connectors = {
            name: connector
            for name, connector in connectors.items()
            if connector.delivery == "push"
        }
        self._senders = [Sender(services, each) for each in self._connectors.values()]
        self._tasks: list[asyncio.Task[None]] = []
        self._jobs = Jobs()

    def start(self) -> None:
        for sender in self._senders:
            sender.start()
        self._tasks = [asyncio.create_task(self._ring()), asyncio.create_task(self._listen())]

    async def stop(self) -> None:
        for task in self._tasks:
            await end(task)
        await asyncio.gather(*(sender.stop() for sender in self._senders))
        await self._jobs.finish()

    async def wake(self, channel: str, address: str) -> None:
        """The customer is back: send now what was held for them."""
        async with self._services.database.write() as uow:
            await uow.outbox.wake(channel, address, at=now())
        self._services.outbox_bell.set()

    async def _ring(self) -> None:
        bell = self._services.outbox_bell
        while True:
            await bell.wait()
            bell.clear()
            for sender in self._senders:
                sender.ring()

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
        await uow.outbox.hand_out(fetched, turn.id)
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
