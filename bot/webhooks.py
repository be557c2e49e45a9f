"""`/webhooks/{channel}/webhook`: verify, store, answer. The turn runs afterwards, except on
channels whose contract is to answer with the replies themselves."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from functools import partial
from typing import TypeVar

from aiohttp import web

from bot.delivery import collect
from bot.errors import InvalidInput, NotAllowed, NotFound, TooMany, Unavailable
from bot.events import Event, Subscription
from bot.intake import receive
from bot.jobs import Jobs
from bot.messages import (
    AcknowledgingConnector,
    AnsweringConnector,
    Connector,
    InboundMessage,
    InlineConnector,
    Limit,
    ReceiptConnector,
    WebhookRequest,
)
from bot.receipts import take_receipts
from bot.services import Services
from bot.webhook_accounts import Accounts, accounts_by_channel, owner_of, proved_to

log = logging.getLogger(__name__)
T = TypeVar("T")
ReadBody = Callable[[web.Request], AbstractAsyncContextManager[bytes]]

LONGEST_BODY = 4 * 1024 * 1024  # bytes; Meta's batches have up to 3 MB
LONG_BODY = 64 * 1024  # bytes; from here on, reading it would hold up the event loop
CHANNEL_LIMIT = Limit(messages_a_second=500, burst=2_000)  # requests; others are to come again
SENDERS_AT_ONCE = 32  # of one request's; their commits are shared


class Webhooks:
    """One handler for every channel that is on. `read_body` counts what it holds until it is proved
    who sent it."""

    def __init__(
        self,
        services: Services,
        connectors: Mapping[str, Connector],
        url: str,
        jobs: Jobs,
        read_body: ReadBody,
    ) -> None:
        self._services = services
        self._accounts = accounts_by_channel(connectors)
        self._url = url
        self._jobs = jobs
        self._read_body = read_body

    async def handle(self, request: web.Request) -> web.Response:
        accounts = self._accounts.get(request.match_info["channel"])
        if accounts is None:
            raise NotFound("This channel is not switched on, or takes no webhooks.")
        async with self._read_body(request) as body:
            asked = WebhookRequest(
                method=request.method,
                url=self._url + request.rel_url.raw_path_qs,
                headers=request.headers,
                query=request.query,
                body=body,
            )
            proved = await _read(asked, partial(proved_to, asked, accounts))
        connector = proved[0]
        # Only now: what anybody may forge must not keep the provider's own requests out.
        await self._admit(accounts[0].name)
        messages = await _read(asked, partial(connector.parse, asked))
        if isinstance(connector, InlineConnector):
            return await self._answer(connector, messages[0])
        await self._take_in(messages, proved)
        if isinstance(connector, ReceiptConnector):
            receipts = await _read(asked, partial(connector.receipts, asked))
            for account in proved:
                own = [receipt for receipt in receipts if owner_of(receipt, proved) is account]
                await take_receipts(self._services, account.name, own)
        if isinstance(connector, AcknowledgingConnector):
            self._jobs.start(_acknowledge(connector, asked))
        answer = connector.answer(asked) if isinstance(connector, AnsweringConnector) else None
        if answer is not None:
            return web.Response(text=answer.body, content_type=answer.content_type)
        return web.json_response({"received": len(messages)})

    async def _admit(self, channel: str) -> None:
        if await self._services.limits.take(f"to:{channel}", CHANNEL_LIMIT) > 0:
            raise Unavailable("Too many requests at once on this channel: send it again later.")

    async def _take_in(self, messages: Sequence[InboundMessage], proved: Accounts) -> None:
        """Store them: each sender's one after the other, several senders' together."""
        places = asyncio.Semaphore(SENDERS_AT_ONCE)
        by_sender: dict[tuple[str, str], list[InboundMessage]] = {}
        for message in messages:
            mine = replace(message, channel=owner_of(message, proved).name)
            by_sender.setdefault((mine.channel, mine.address), []).append(mine)

        async def store(said: Sequence[InboundMessage]) -> None:
            async with places:
                for message in said:
                    await self._receive(message)

        ends = await asyncio.gather(
            *(store(said) for said in by_sender.values()), return_exceptions=True
        )
        for end in ends:
            # Only after all the others': their messages are not to wait for the next try.
            if isinstance(end, BaseException):
                raise end

    async def _receive(self, message: InboundMessage) -> None:
        try:
            await receive(self._services, message)
        except InvalidInput as error:
            # Refused, the whole request would come again and again, and nothing else of it count.
            field = (error.detail or {}).get("field")
            log.warning("inbound_unreadable channel=%s field=%s", message.channel, field)
        except NotAllowed:
            log.info("inbound_blocked channel=%s", message.channel)
        except TooMany as error:
            # A provider sends it again for this, and the others' are known by then.
            raise Unavailable(error.message, retry_after=error.retry_after) from error

    async def _answer(self, connector: InlineConnector, message: InboundMessage) -> web.Response:
        wanted: str | None = None

        def concerns(event: Event) -> bool:
            if event.type == "turn":
                # Until it is known which turn is meant, it may be any.
                return wanted is None or event.data["turn_id"] == wanted
            return event.type == "resync"

        with self._services.bus.subscribe(concerns) as events:
            received = await receive(self._services, message, text_field="message", is_program=True)
            wanted = received.turn_id
            # A repeated message's turn may have ended before: there is no event to wait for then.
            if wanted and not (received.duplicate and await self._has_ended(wanted)):
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


async def _read(asked: WebhookRequest, reading: Callable[[], T]) -> T:
    """What a connector reads in the request; in a thread if there is much of it."""
    if len(asked.body) < LONG_BODY:
        return reading()
    return await asyncio.to_thread(reading)


async def _acknowledge(connector: AcknowledgingConnector, asked: WebhookRequest) -> None:
    try:
        await connector.acknowledge(asked)
    except Exception as error:
        log.warning("not_acknowledged channel=%s error=%s", connector.name, type(error).__name__)
