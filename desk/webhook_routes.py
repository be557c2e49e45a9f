"""The leads' part of the API: which programs are told of what, and what came of it."""

from __future__ import annotations

import json

from pydantic import BaseModel, Field, StrictBool, StrictStr

from bot import subscriptions
from bot.clock import iso
from bot.errors import InvalidInput, NotFound
from bot.notifying import Outside
from bot.records import Notice, NoticeEvent, NoticeState, Subscription
from bot.store.database import UnitOfWork
from desk.conversation_routes import Nothing
from desk.paging import Page, decode, decode_moment, encode, encode_moment
from desk.routes import Call, Route
from desk.webhook_shapes import (
    NewWebhook,
    Webhook,
    WebhookDeliveries,
    WebhookDelivery,
    Webhooks,
)


class WebhookWish(BaseModel):
    url: StrictStr
    events: list[NoticeEvent] = Field(min_items=1)


class WebhookChange(BaseModel):
    """What is left out stays as it is."""

    url: StrictStr | None = None
    events: list[NoticeEvent] | None = Field(default=None, min_items=1)
    active: StrictBool | None = None


class DeliveryPage(Page):
    state: NoticeState | None = None
    event: NoticeEvent | None = None


class WebhookRoutes:
    """`outside` is how receivers are reached."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    def table(self) -> list[Route]:
        one = "/webhooks/{id}"
        return [
            Route(
                "GET",
                "/webhooks",
                "lead",
                "Programs that are told what happens, oldest first",
                self.webhooks,
                query=Page,
                answer=Webhooks,
            ),
            Route(
                "POST",
                "/webhooks",
                "lead",
                "Tell a URL of these events; the secret is in this answer alone",
                self.subscribe,
                body=WebhookWish,
                answer=NewWebhook,
                status=201,
            ),
            Route(
                "PATCH",
                one,
                "lead",
                "Change its URL or events, or let it rest",
                self.change,
                body=WebhookChange,
                answer=Webhook,
            ),
            Route("DELETE", one, "lead", "Tell it nothing more, nor what waits", self.unsubscribe),
            Route(
                "GET",
                f"{one}/deliveries",
                "lead",
                "What it was told, newest first",
                self.deliveries,
                query=DeliveryPage,
                answer=WebhookDeliveries,
            ),
            Route(
                "POST",
                f"{one}/deliveries/{{delivery_id}}/resend",
                "lead",
                "Tell it this again, under the same id",
                self.resend,
                body=Nothing,
                answer=WebhookDelivery,
            ),
        ]

    async def webhooks(self, call: Call) -> Webhooks:
        query: Page = call.query
        async with call.services.database.read() as uow:
            rows = await uow.subscriptions.all(after=decode_moment(query.cursor), limit=query.limit)
            items = await _shown(uow, rows)
        full = len(rows) == query.limit
        following = encode_moment(rows[-1].created_at, rows[-1].id) if full else None
        return Webhooks(items=items, next=following)

    async def subscribe(self, call: Call) -> NewWebhook:
        wish: WebhookWish = call.body
        row = await subscriptions.subscribe(
            call.services, call.staff, wish.url, wish.events, reach=self._outside.reach
        )
        async with call.services.database.read() as uow:
            (shown,) = await _shown(uow, [row])
        return NewWebhook(**shown.dict(), secret=self._outside.secret_of(row.id))

    async def change(self, call: Call) -> Webhook:
        wish: WebhookChange = call.body
        row = await subscriptions.change(
            call.services,
            call.request.match_info["id"],
            call.staff,
            url=wish.url,
            events=wish.events,
            active=wish.active,
            reach=self._outside.reach,
        )
        async with call.services.database.read() as uow:
            (shown,) = await _shown(uow, [row])
        return shown

    async def unsubscribe(self, call: Call) -> None:
        await subscriptions.unsubscribe(call.services, call.request.match_info["id"], call.staff)

    async def deliveries(self, call: Call) -> WebhookDeliveries:
        query: DeliveryPage = call.query
        subscription_id = call.request.match_info["id"]
        async with call.services.database.read() as uow:
            if await uow.subscriptions.get(subscription_id) is None:
                raise NotFound("There is no such subscription.")
            rows = await uow.notices.page(
                subscription_id,
                states=[query.state] if query.state else [],
                event=query.event,
                before=_number(query.cursor),
                limit=query.limit,
            )
        following = encode(str(rows[-1].number)) if len(rows) == query.limit else None
        return WebhookDeliveries(items=[_delivery(row) for row in rows], next=following)

    async def resend(self, call: Call) -> WebhookDelivery:
        ids = call.request.match_info
        again = await subscriptions.resend(call.services, ids["id"], ids["delivery_id"], call.staff)
        return _delivery(again)


async def _shown(uow: UnitOfWork, rows: list[Subscription]) -> list[Webhook]:
    counts = await uow.notices.counts()
    return [
        Webhook(
            id=row.id,
            url=row.url,
            events=row.events,
            active=row.active,
            created_at=iso(row.created_at),
            waiting=counts.get((row.id, "pending"), 0) + counts.get((row.id, "sending"), 0),
            given_up=counts.get((row.id, "dead"), 0),
        )
        for row in rows
    ]


def _delivery(row: Notice) -> WebhookDelivery:
    return WebhookDelivery(
        id=row.id,
        event=row.event,
        conversation_id=row.conversation_id,
        state=row.state,
        tries=row.attempts,
        status=row.response_status,
        duration_ms=row.duration_ms,
        error=row.error,
        created_at=iso(row.created_at),
        # While it is being sent this is the end of a lease, and tells nobody anything.
        next_try_at=iso(row.next_attempt_at)
        if row.state == "pending" and row.next_attempt_at
        else None,
        finished_at=iso(row.finished_at) if row.finished_at else None,
        body=json.loads(row.body) if row.body else None,
    )


def _number(cursor: str | None) -> int | None:
    found = decode(cursor, 1)
    if found is None:
        return None
    if not found[0].isdecimal() or len(found[0]) > 18:
        raise InvalidInput("cursor", "'cursor' is not one this list gave out.")
    return int(found[0])
