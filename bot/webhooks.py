"""`/webhooks/{channel}/webhook`: verify, store, answer. The turn runs afterwards, except on
channels whose contract is to answer with the replies themselves."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping

from aiohttp import web

from bot.delivery import collect
from bot.errors import NotFound, Unavailable
from bot.events import Event, Subscription
from bot.intake import receive
from bot.messages import (
    Connector,
    InboundMessage,
    InlineConnector,
    ReceiptConnector,
    WebhookConnector,
    WebhookRequest,
)
from bot.receipts import take_receipts
from bot.services import Services

LONGEST_BODY = 1024 * 1024


class Webhooks:
    """One handler for every channel that is on."""

    def __init__(self, services: Services, connectors: Mapping[str, Connector], url: str) -> None:
        self._services = services
        self._connectors = connectors
        self._url = url

    async def handle(self, request: web.Request) -> web.Response:
        connector = self._connectors.get(request.match_info["channel"])
        if not isinstance(connector, WebhookConnector):
            raise NotFound("This channel is not switched on, or takes no webhooks.")
        received = WebhookRequest(
            method=request.method,
            url=self._url + request.rel_url.raw_path_qs,
            headers=request.headers,
            query=request.query,
            body=await request.read(),
        )
        connector.verify(received)
        messages = connector.parse(received)
        if isinstance(connector, InlineConnector):
            return await self._answer(connector, messages[0])
        receipts = connector.receipts(received) if isinstance(connector, ReceiptConnector) else []
        for message in messages:
            await receive(self._services, message)
        await take_receipts(self._services, connector.name, receipts)
        return web.json_response({"received": len(messages)})

    async def _answer(self, connector: InlineConnector, message: InboundMessage) -> web.Response:
        wanted: str | None = None

        def concerns(event: Event) -> bool:
            if event.type == "turn":
                # Until it is known which turn is meant, it may be any.
                return wanted is None or event.data["turn_id"] == wanted
            return event.type == "resync"

        with self._services.bus.subscribe(concerns) as events:
            received = await receive(self._services, message, text_field="message")
            wanted = received.turn_id
            # A repeated message's turn may have ended before: there is no event to wait for then.
            if not (received.duplicate and await self._has_ended(wanted)):
                await self._ended(wanted, events, connector.wait_seconds)
        replies = await collect(self._services, received, message.address)
        return web.json_response(connector.render(message.address, replies))

    async def _ended(self, turn_id: str, events: Subscription, seconds: float) -> None:
        """Wait for the turn's end; raise Unavailable when it takes longer than so many seconds."""
        ends = time.monotonic() + seconds
        while True:
            with contextlib.suppress(asyncio.TimeoutError):
                event = await asyncio.wait_for(events.next(), ends - time.monotonic())
                if event.data.get("turn_id") == turn_id:
                    return
                if event.type == "turn":
                    continue  # another's, from the time when any might have been ours
            if await self._has_ended(turn_id):
                return
            if time.monotonic() >= ends:
                raise Unavailable(
                    "The answer takes longer. Send the same message_id again to get it."
                )

    async def _has_ended(self, turn_id: str) -> bool:
        async with self._services.database.read() as uow:
            turn = await uow.turns.get(turn_id)
        return turn is not None and turn.state != "pending"
