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
    WebhookConnector,
    WebhookRequest,
)
from bot.records import Turn
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
        for message in messages:
            await receive(self._services, message)
        return web.json_response({"received": len(messages)})

    async def _answer(self, connector: InlineConnector, message: InboundMessage) -> web.Response:
        with self._services.bus.subscribe(lambda event: event.type in ("turn", "resync")) as events:
            received = await receive(self._services, message, text_field="message")
            # A repeated message's turn may have ended before: there is no event to wait for then.
            turn = await self._turn(received.turn_id) if received.duplicate else None
            if turn is None or turn.state == "pending":
                turn = await self._awaited(received.turn_id, events, connector.wait_seconds)
        if turn.state == "pending":
            raise Unavailable("The answer takes longer. Send the same message_id again to get it.")
        replies = await collect(self._services, turn, message.address, again=received.duplicate)
        return web.json_response(connector.render(message.address, replies))

    async def _awaited(self, turn_id: str, events: Subscription, seconds: float) -> Turn:
        """The turn as soon as it has ended, or as it is after so many seconds."""

        def concerns(event: Event) -> bool:
            return event.type == "resync" or event.data.get("turn_id") == turn_id

        ends = time.monotonic() + seconds
        while True:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(events.until(concerns), ends - time.monotonic())
            turn = await self._turn(turn_id)
            if turn.state != "pending" or time.monotonic() >= ends:
                return turn

    async def _turn(self, turn_id: str) -> Turn:
        async with self._services.database.read() as uow:
            turn = await uow.turns.get(turn_id)
        if turn is None:
            raise LookupError("a message was stored without its turn")
        return turn
