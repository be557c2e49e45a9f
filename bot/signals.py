"""What a customer just did or met: as the actions get it, and as an agent reads it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from actions.context import model
from actions.signals import leading, read_signals
from bot.records import Handoff, Signal
from bot.store.database import UnitOfWork
from bot.store.signals import BY_REFERENCE


async def signals_of(
    uow: UnitOfWork, customer_id: str, handoff: Handoff | None, *, at: datetime
) -> list[Signal]:
    """What this customer did lately, wherever they write, and what the shop had seen of it when the
    bot asked for a person: what leads, then the newest."""
    customer = await uow.customers.get(customer_id)
    whose = [(each.channel, each.address) for each in await uow.customers.identities(customer_id)]
    if customer is not None and customer.reference is not None:
        whose.append((BY_REFERENCE, customer.reference))
    reported = await uow.signals.of(whose, at=at)
    return _ranked([*reported, *_seen(handoff)], at)


def for_actions(signal: Signal) -> model.Signal:
    """The same as the actions know it, who have no ids."""
    return model.Signal(signal.kind, signal.at, signal.about)


def _seen(handoff: Handoff | None) -> list[Signal]:
    # Cards of earlier versions hold none.
    seen = read_signals(handoff.card.get("signals")) if handoff is not None else ()
    return [
        Signal(f"{each.kind} {each.at.isoformat()}", each.kind, each.at, each.about)
        for each in seen
    ]


def _ranked(signals: Iterable[Signal], at: datetime) -> list[Signal]:
    # The card's were reported to us, too, or the shop's own.
    once = {(each.kind, each.about, each.at): each for each in reversed(list(signals))}
    newest = sorted(once.values(), key=lambda each: each.at, reverse=True)
    first = leading(map(for_actions, newest), at)
    return sorted(newest, key=lambda each: for_actions(each) != first)
