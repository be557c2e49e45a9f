"""The shop's club, and waiting for what is sold out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from actions.context.changes import Changed
from actions.context.demo_changes.making import Making, Refused
from actions.context.tables import memberships, stock, stock_watches

PLAN = "Fjord Club"
LASTS = timedelta(days=365)
FEE = "20.00"  # pounds a year


def join_membership(making: Making, *, customer: str) -> Changed:
    """A year from today; whoever was a member before keeps the points."""
    making.customer(customer)
    found = _membership(making, customer)
    if found is not None and found.until > making.today:
        raise Refused("done_already")
    until = making.today + LASTS
    values = {"plan": PLAN, "since": making.today, "until": until}
    if found is None:
        new = sa.insert(memberships).values(customer=customer, points=0, **values)
        making.connection.execute(new)
    else:
        _set(making, customer, **values)
    day = f"{until.day} {until:%B %Y}"
    text = f"You are a member of the {PLAN} until {day}. Its fee of £{FEE} is due within 14 days."
    making.mail(customer, "membership", f"Welcome to the {PLAN}", text)
    after = {"plan": PLAN, "since": making.today.isoformat(), "until": until.isoformat()}
    return Changed(None, _days(found), {**after, "fee": FEE}, undoable=True)


def undo_join_membership(making: Making, done: Changed, *, customer: str) -> None:
    """Possible on the day of joining."""
    found = _membership(making, customer)
    if found is None or found.since != making.today:
        raise Refused("too_late")
    if done.before:
        days = {name: date.fromisoformat(done.before[name]) for name in ("since", "until")}
        _set(making, customer, **days)
    else:
        gone = sa.delete(memberships).where(memberships.c.customer == customer)
        making.connection.execute(gone)
    text = f"You are no member of the {PLAN} after all, and there is nothing to pay."
    making.mail(customer, "membership", f"The {PLAN}", text)


def leave_membership(making: Making, *, customer: str) -> Changed:
    """Today is its last day."""
    making.customer(customer)
    found = _membership(making, customer)
    if found is None or found.until <= making.today:
        raise Refused("done_already")
    _set(making, customer, until=making.today)
    making.mail(customer, "membership", f"The {PLAN}", "Today is the last day of your membership.")
    return Changed(None, _days(found), {"until": making.today.isoformat()}, undoable=True)


def undo_leave_membership(making: Making, done: Changed, *, customer: str) -> None:
    """Possible on the day of leaving."""
    making.customer(customer)
    found = _membership(making, customer)
    if found is None or found.until != making.today:
        raise Refused("too_late")
    _set(making, customer, until=date.fromisoformat(done.before["until"]))
    making.mail(customer, "membership", f"The {PLAN}", "You stay a member, as before.")


def watch_stock(making: Making, *, customer: str, sku: str, size: str) -> Changed:
    """The customer hears of it when there is some again."""
    making.customer(customer)
    place = sa.and_(stock.c.sku == sku, stock.c.size == size)
    if making.locked(sa.select(stock.c.quantity).where(place)).quantity > 0:
        raise Refused("done_already")
    watched = sa.select(stock_watches.c.at).where(_watch(customer, sku, size))
    if making.connection.scalar(watched) is not None:
        raise Refused("done_already")
    watch = {"customer": customer, "sku": sku, "size": size, "at": making.moment}
    making.connection.execute(sa.insert(stock_watches).values(**watch))
    return Changed(None, {}, {"sku": sku, "size": size or None}, undoable=True)


def undo_watch_stock(making: Making, _done: Changed, *, customer: str, sku: str, size: str) -> None:
    making.connection.execute(sa.delete(stock_watches).where(_watch(customer, sku, size)))


def _watch(customer: str, sku: str, size: str) -> sa.ColumnElement[bool]:
    watches = stock_watches.c
    return sa.and_(watches.customer == customer, watches.sku == sku, watches.size == size)


def _membership(making: Making, customer: str) -> Any:
    query = sa.select(memberships).where(memberships.c.customer == customer)
    return making.connection.execute(query.with_for_update()).one_or_none()


def _days(found: Any) -> dict[str, str]:
    if found is None:
        return {}
    return {
        "plan": found.plan,
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
    }


def _set(making: Making, customer: str, **values: Any) -> None:
    this = memberships.c.customer == customer
    making.connection.execute(sa.update(memberships).where(this).values(**values))
