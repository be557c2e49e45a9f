"""Which contacts each count counts: for counting them by day, and for listing those behind it."""

from __future__ import annotations

import sqlalchemy as sa

from bot.insight.contact import SATISFIED
from bot.insight.definitions import Figure
from bot.store.tables import contacts

_c = contacts.c
_RESOLVED = sa.or_(_c.confirmed, _c.assumed, _c.solved)
_FIRST = sa.and_(_c.is_ripe, sa.not_(_c.is_repeat))
CONDITIONS: dict[str, sa.ColumnElement[bool]] = {
    "contacts": sa.true(),
    "by_bot": _c.by_bot,
    "handed_off": sa.and_(_c.by_bot, _c.handed_off),
    "contained_of": sa.and_(_c.is_closed, _c.by_bot),
    "contained": _c.contained,
    "closed": _c.is_closed,
    "confirmed": _c.confirmed,
    "assumed": _c.assumed,
    "came_back_of": sa.and_(_c.is_ripe, _RESOLVED),
    "came_back": sa.and_(_c.is_ripe, _RESOLVED, _c.came_back),
    "first_of": _FIRST,
    "first": sa.and_(_FIRST, _RESOLVED, sa.not_(_c.came_back)),
    "repeated": _c.is_repeat,
    "asked_twice": _c.asked_twice,
    "csat_n": _c.csat.is_not(None),
    "satisfied": _c.csat >= SATISFIED,
    "effort_n": _c.effort.is_not(None),
}


def behind(figure: Figure, *, rest: bool) -> list[sa.ColumnElement[bool]]:
    """What a contact of the figure fulfils; with `rest`, one that the figure is of and that it does
    not count."""
    if figure.unit == "seconds":
        return [contacts.c.handed_off, contacts.c[figure.count].is_not(None)]
    if figure.unit == "rating":
        return [CONDITIONS[figure.of]]
    if not rest:
        return [CONDITIONS[figure.count]]
    return [CONDITIONS[figure.of or figure.count], sa.not_(CONDITIONS[figure.count])]
