"""The outbox: pushing messages to channels, and handing them out where customers fetch."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from bot.clock import now
from bot.events import Event
from bot.intake import Received
from bot.jobs import Jobs, end
from bot.messages import Button, Connector, OutboundMessage, SessionConnector
from bot.records import Message
from bot.sender import Sender
from bot.services import Services

log = logging.getLogger(__name__)
WAKE_AGAIN_SECONDS = 1.0


class Delivery:
    """Sends the pending messages of push channels until it is stopped."""

    def __init__(self, services: Services, connectors: Mapping[str, Connector]) -> None:
        self._services = services
        self._connectors = {
            name: connector
            for name, connector in connectors.items()
            if connector.delivery == "push"
        }
        self._senders = {
            name: Sender(services, connector) for name, connector in self._connectors.items()
        }
        self._listening: asyncio.Task[None] | None = None
        self._jobs = Jobs()

    def start(self) -> None:
        for sender in self._senders.values():
            sender.start()
        self._listening = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        if self._listening is not None:
            await end(self._listening)
        await asyncio.gather(*(sender.stop() for sender in self._senders.values()))
        await self._jobs.finish()

    async def wake(self, channel: str, address: str) -> None:
        """The customer is back: send now what was held for them."""
        async with self._services.database.write() as uow:
            await uow.outbox.wake(channel, address, at=now())
        if channel in self._senders:
            self._senders[channel].ring()

    async def _listen(self) -> None:
        """Look at once after any process's commit, and send what another found nobody for."""

        def concerns(event: Event) -> bool:
            return event.type == "held" or event.data.get("send_on") in self._senders

        with self._services.bus.subscribe(concerns) as events:
            while True:
                event = await events.next()
                if event.type == "resync":
                    for sender in self._senders.values():
                        sender.ring()
                elif event.type != "held":
                    self._senders[event.data["send_on"]].ring()
                else:
                    await self._wake_if_here(event.data["channel"], event.data["address"])

    async def _wake_if_here(self, channel: str, address: str) -> None:
        connector = self._connectors.get(channel)
        if not isinstance(connector, SessionConnector):
            return
        while connector.is_here(address):
            try:
                await self._jobs.do(self.wake(connector.name, address))
                return
            except Exception as error:
                # Nobody else hears of it: without this, it would wait for the customer's return.
                log.error("not_woken channel=%s error=%s", channel, type(error).__name__)
                await asyncio.sleep(WAKE_AGAIN_SECONDS)


async def collect(services: Services, received: Received, address: str) -> list[OutboundMessage]:
    """Everything a fetching customer has not had yet, with the turn's own replies last.

    What is handed out is marked with the turn, so that a repeated request gets the same.
    """
    asked, turn_id = received.message, received.turn_id
    if turn_id is None:
        return []
    async with services.database.write() as uow:
        await uow.outbox.hand_out(
            asked.channel,
            address,
            asked.conversation_id,
            turn_id,
            only_own=received.duplicate,
        )
        handed_out = await uow.messages.fetched_with(turn_id, asked.channel)
    return [_outbound(line, address) for line in handed_out]


def _outbound(message: Message, address: str) -> OutboundMessage:
    return OutboundMessage(
        id=message.id,
        channel=message.channel,
        address=address,
        author="agent" if message.author == "agent" else "bot",
        text=message.text,
        buttons=tuple(Button(**button) for button in message.buttons),
        image=message.image,
    )
