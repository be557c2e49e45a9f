"""Taking in what the shop says a customer just did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import new_id, now
from bot.conversation import Conversation
from bot.errors import InvalidInput
from bot.events import Event
from bot.records import Signal, SignalKind
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.store.signals import BY_REFERENCE, KEPT
from bot.text import clean

# Clocks differ a little; what lies further ahead is a mistake.
AHEAD = timedelta(minutes=1)
LONGEST_ABOUT = 200


@dataclass(frozen=True, slots=True)
class Whose:
    """A customer by the address they write from on a channel, or by the shop's own reference."""

    channel: str
    address: str

    @staticmethod
    def reference(reference: str) -> Whose:
        return Whose(BY_REFERENCE, reference)


async def report(
    services: Services,
    whose: Whose,
    kind: SignalKind,
    *,
    at: datetime | None = None,
    about: str | None = None,
    signal_id: str | None = None,
) -> tuple[Signal, bool]:
    """Keep the signal, and whether it is a new one; raise InvalidInput naming what is wrong.

    The same `signal_id` again changes nothing. Nobody has to have written yet: a payment fails
    first, and then its customer asks.
    """
    received = now()
    signal = Signal(signal_id or new_id(), kind, _moment(at, received), _about(about))
    async with services.database.write() as uow:
        kept = await uow.signals.add(whose.channel, whose.address, signal, at=received)
        conversation = await _conversation_of(uow, whose) if kept is signal else None
    if conversation is not None:
        await services.bus.publish(Event("signal", conversation.id))
    return kept, kept is signal


async def _conversation_of(uow: UnitOfWork, whose: Whose) -> Conversation | None:
    if whose.channel == BY_REFERENCE:
        customer = await uow.customers.by_reference(whose.address)
        customer_id = customer.id if customer else None
    else:
        identity = await uow.customers.identity(whose.channel, whose.address)
        customer_id = identity.customer_id if identity else None
    return await uow.conversations.of_customer(customer_id) if customer_id else None


def _moment(at: datetime | None, received: datetime) -> datetime:
    if at is None:
        return received
    if at > received + AHEAD:
        raise InvalidInput("at", "'at' lies in the future: name the moment when it happened.")
    if at <= received - KEPT:
        raise InvalidInput("at", "'at' is more than a day ago: what is so old leads nowhere.")
    return min(at, received)


def _about(about: str | None) -> str | None:
    if about is None:
        return None
    cleaned = clean(about, field="about")
    if len(cleaned) > LONGEST_ABOUT:
        raise InvalidInput("about", f"'about' may have {LONGEST_ABOUT} characters at most.")
    return cleaned
