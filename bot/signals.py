"""What a customer just did or met: as the actions get it, and as an agent reads it."""

from __future__ import annotations

from datetime import datetime

from actions.context import model
from actions.signals import leading
from bot.records import Signal
from bot.store.database import UnitOfWork
from bot.store.signals import BY_REFERENCE


async def signals_of(uow: UnitOfWork, customer_id: str, *, at: datetime) -> list[Signal]:
    """What this customer did lately, wherever they write: what leads, then the newest."""
    customer = await uow.customers.get(customer_id)
    whose = [(each.channel, each.address) for each in await uow.customers.identities(customer_id)]
    if customer is not None and customer.reference is not None:
        whose.append((BY_REFERENCE, customer.reference))
    found = await uow.signals.of(whose, at=at)
    first = leading(map(for_actions, found), at)
    return sorted(found, key=lambda each: for_actions(each) != first)


def for_actions(signal: Signal) -> model.Signal:
    """The same as the actions know it, who have no ids."""
    return model.Signal(signal.kind, signal.at, signal.about)
