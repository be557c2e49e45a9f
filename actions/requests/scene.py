"""What one message's step looks at, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from actions.caller import Caller
from actions.context.model import CustomerContext
from actions.context.reading import context_of
from actions.context.source import Shop
from actions.policy import Policy
from actions.requests.dialogue import Dialogue, Pending, Proving
from actions.requests.heard import Heard
from actions.requests.identity import Who, who_asks
from actions.requests.request import Case, Level, Request
from actions.say import Say


@dataclass(frozen=True, slots=True)
class Scene:
    """The message and its circumstances. `talked_about` is the order of the last request or the one
    named last, `said_postcode` a postcode said since the last request, as to an agent; `vouched` is
    an order that an agent confirmed for this customer."""

    heard: Heard
    caller: Caller
    requests: Mapping[str, Request]
    shop: Shop
    policy: Policy
    now: datetime
    talked_about: str | None
    said_postcode: str | None
    vouched: str | None

    async def identify(self, proving: Proving) -> tuple[Who, CustomerContext | None]:
        """Who asks, with their context; somebody the shop no longer knows is a guest."""
        who = who_asks(self.caller, proving)
        context = await context_of(who.reference) if who.reference else None
        return (who, context) if context else (Who(None, Level.ANYONE, "nothing"), None)

    async def case(
        self, dialogue: Dialogue, pending: Pending, who: Who, context: CustomerContext | None
    ) -> Case:
        """The request as far as it is known."""
        sells = self.requests[pending.intent].sells
        return Case(
            intent=pending.intent,
            level=who.level,
            context=context,
            order=context.order(pending.order) if context and pending.order else None,
            details=pending.details,
            policy=self.policy,
            now=self.now,
            shop=self.shop,
            made=dialogue.made,
            products=await self.shop.products() if sells else (),
            talked_of=dialogue.talked_of,
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the talk stands, and what is said before anything else is asked or done."""

    dialogue: Dialogue
    proving: Proving
    says: tuple[Say, ...] = field(default=())
