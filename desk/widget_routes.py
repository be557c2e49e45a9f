"""The customer's part of the API: a session, long polling, and messages with an id of their own."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from pydantic import BaseModel, Extra, Field, StrictStr

from bot.carry_over import sign_in
from bot.clock import iso
from bot.errors import InvalidInput
from bot.privacy.consent import give_consent, withdraw_consent
from desk import shapes, views
from desk.edge.rates import OWN_LIMITS
from desk.routes import Call, Route
from desk.visitors import VisitorTokens
from desk.widget_thread import CHANNEL, concerns, mark_seen, say, show_typing, snapshot

LONGEST_WAIT_SECONDS = 25.0
LARGEST_SEQ = 2**31 - 1


class NewSession(BaseModel):
    token: StrictStr | None = Field(default=None, description="An earlier widget token")
    customer_token: StrictStr | None = Field(
        default=None, description="A JWT signed by the shop's own site"
    )


class Saying(BaseModel):
    id: StrictStr = Field(description="Made by the client; a retry with the same id is harmless")
    text: Any = Field(description="What the customer wrote, or the title of the button pressed")
    payload: StrictStr | None = Field(default=None, max_length=2000)


class Consenting(BaseModel):
    version: StrictStr | None = Field(
        default=None,
        max_length=40,
        description="The version of the notice that is agreed to; null takes it back",
    )


class Seen(BaseModel):
    seq: int = Field(ge=0, le=LARGEST_SEQ)


class Look(BaseModel):
    after: int = Field(default=0, ge=0, le=LARGEST_SEQ)
    wait: float = Field(default=0, ge=0, le=LONGEST_WAIT_SECONDS)
    version: str | None = None

    class Config:
        extra = Extra.forbid


class WidgetRoutes:
    def __init__(self, visitors: VisitorTokens) -> None:
        self._visitors = visitors

    def table(self) -> list[Route]:
        return [
            Route(
                "POST",
                "/widget/sessions",
                "anyone",
                "Start or continue a visitor's session",
                self.session,
                body=NewSession,
                answer=shapes.WidgetSession,
            ),
            Route(
                "GET",
                "/widget/conversation",
                "customer",
                "The conversation and what is new in it; waits up to `wait` seconds",
                self.look,
                query=Look,
                answer=shapes.WidgetState,
            ),
            Route(
                "POST",
                "/widget/messages",
                "customer",
                "Say something",
                self.say,
                body=Saying,
                answer=shapes.Accepted,
                status=202,
            ),
            Route(
                "POST",
                "/widget/consent",
                "customer",
                "Agree to the privacy notice, or take that back",
                self.consent,
                body=Consenting,
            ),
            Route("POST", "/widget/typing", "customer", "Show that I am typing", self.typing),
            Route("POST", "/widget/seen", "customer", "I have read up to here", self.seen, Seen),
        ]

    async def session(self, call: Call) -> shapes.WidgetSession:
        wanted: NewSession = call.body
        visitor, token, ends = self._visitors.admit(wanted.customer_token, wanted.token)
        guest = self._visitors.guest(wanted.token)
        if guest is not None and guest.address != visitor.address:
            await sign_in(call.services, CHANNEL, guest.address, visitor.address, visitor.claim)
        name = visitor.claim.name
        return shapes.WidgetSession(
            token=token,
            expires_at=iso(ends),
            customer=shapes.AgentName(name=name) if name else None,
        )

    async def look(self, call: Call) -> shapes.WidgetState:
        query: Look = call.query
        ends = time.monotonic() + query.wait
        own: str | None = None
        with call.services.bus.subscribe(
            lambda event: concerns(event, own, call.customer)
        ) as events:
            while True:
                seen = await snapshot(call.services, call.customer, after=query.after)
                known, own = own, seen.conversation.id if seen.conversation else None
                left = ends - time.monotonic()
                moved = query.version is not None and query.version != seen.version
                if seen.messages or moved or left <= 0:
                    break
                if own != known:
                    continue  # what happened during the first look was not yet known as ours
                try:
                    await asyncio.wait_for(events.next(), left)
                except asyncio.TimeoutError:
                    continue
        return shapes.WidgetState(
            conversation=seen.conversation, messages=seen.messages, version=seen.version
        )

    async def say(self, call: Call) -> shapes.Accepted:
        wanted: Saying = call.body
        received = await say(
            call.services,
            call.customer,
            client_id=checked_client_id(wanted.id),
            text=wanted.text,
            payload=wanted.payload,
        )
        return shapes.Accepted(message=views.message(received.message, reader="customer"))

    async def consent(self, call: Call) -> None:
        wanted: Consenting = call.body
        who = call.customer
        if wanted.version is None:
            await withdraw_consent(call.services, CHANNEL, who.address)
        else:
            await give_consent(call.services, CHANNEL, who.address, who.claim, wanted.version)

    async def typing(self, call: Call) -> None:
        limits = call.request.app[OWN_LIMITS]
        await show_typing(call.services, call.customer, limits=limits)

    async def seen(self, call: Call) -> None:
        await mark_seen(call.services, call.customer, call.body.seq)


def checked_client_id(text: object) -> str:
    """An id a client made for its message: short, and without the colon that ends an address."""
    allowed = isinstance(text, str) and text.replace("-", "").replace("_", "").isalnum()
    if not isinstance(text, str) or not allowed or len(text) > 100:
        raise InvalidInput(
            "id", "'id' must be 1 to 100 letters, digits, '-' or '_', such as a UUID."
        )
    return text
