"""A customer's own data, and the end of an account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from actions.context.changes import Changed
from actions.context.demo_changes.making import Making, Refused
from actions.context.tables import customers, identities

#: Days in which its owner may think again.
CLOSES_AFTER = timedelta(days=14)


def change_account_address(
    making: Making, *, customer: str, line: str, town: str, postcode: str
) -> Changed:
    changed = _change(making, customer, {"line": line, "town": town, "postcode": postcode})
    _tell(making, customer, f"Your address with us is now {line}, {town} {postcode}.")
    return changed


def change_name(making: Making, *, customer: str, name: str) -> Changed:
    changed = _change(making, customer, {"name": name})
    _tell(making, customer, "From now on we call you by this name.")
    return changed


def change_phone(making: Making, *, customer: str, phone: str) -> Changed:
    changed = _change(making, customer, {"phone": phone})
    _move(making, customer, changed.before["phone"], phone)
    _tell(making, customer, f"Your telephone number with us is now {phone}.")
    return changed


def change_email(making: Making, *, customer: str, email: str) -> Changed:
    """The old address hears of it as well: its owner may not be who asked for this."""
    changed = _change(making, customer, {"email": email})
    old = changed.before["email"]
    _move(making, customer, old, email)
    for address in (old, email):
        _tell(making, customer, "Your account has another e-mail address now.", to=address)
    return changed


def set_newsletter(making: Making, *, customer: str, on: bool) -> Changed:
    changed = _change(making, customer, {"newsletter": on})
    what = "You get our newsletter from now on." if on else "You get no newsletter any more."
    _tell(making, customer, what)
    return changed


def undo_change(making: Making, done: Changed, *, customer: str, **_arguments: object) -> None:
    """What it was before, unless it has been changed once more since."""
    row = making.customer(customer)._mapping
    if any(row[name] != value for name, value in done.after.items()):
        raise Refused("too_late")
    _write(making, customer, done.before)
    for name in ("email", "phone"):
        if name in done.after:
            _move(making, customer, done.after[name], done.before[name])
    _tell(making, customer, "Your last change was taken back: all is as it was.")


def close_account(making: Making, *, customer: str) -> Changed:
    """Closed on a day to come; until then it can still be kept, but nothing else changes in it."""
    if _closing_on(making, customer) is not None:
        raise Refused("done_already")
    closing_on = making.today + CLOSES_AFTER
    _write(making, customer, {"closing_on": closing_on})
    day = f"{closing_on.day} {closing_on:%B %Y}"
    _tell(making, customer, f"Your account will be closed on {day}. Until then you can keep it.")
    return Changed(None, {"closing_on": None}, {"closing_on": closing_on.isoformat()}, True)


def undo_close_account(making: Making, done: Changed, *, customer: str) -> None:
    """Possible before the day on which it closes."""
    closing_on = _closing_on(making, customer)
    if closing_on is None or making.today >= closing_on:
        raise Refused("too_late")
    _write(making, customer, {"closing_on": None})
    _tell(making, customer, "Your account stays open.")


def _closing_on(making: Making, customer: str) -> Any:
    query = sa.select(customers.c.closing_on).where(customers.c.reference == customer)
    return making.locked(query).closing_on


def _change(making: Making, customer: str, after: Mapping[str, Any]) -> Changed:
    row = making.customer(customer)._mapping
    before = {name: row[name] for name in after}
    if before == after:
        raise Refused("done_already")
    _write(making, customer, after)
    return Changed(None, before, after, undoable=True)


def _write(making: Making, customer: str, values: Mapping[str, Any]) -> None:
    this = customers.c.reference == customer
    _unless_taken(making, sa.update(customers).where(this).values(**values))


def _move(making: Making, customer: str, old: str, new: str) -> None:
    """Who writes from the old number or address is this customer no longer."""
    this = sa.and_(identities.c.customer == customer, identities.c.address == old)
    _unless_taken(making, sa.update(identities).where(this).values(address=new))


def _unless_taken(making: Making, statement: sa.Update) -> None:
    try:
        making.connection.execute(statement)
    except IntegrityError as error:
        raise Refused("taken") from error


def _tell(making: Making, customer: str, text: str, *, to: str | None = None) -> None:
    text = f"{text} If you did not ask for this, please tell us at once."
    making.mail(customer, "account", "Something changed in your account", text, to=to)
