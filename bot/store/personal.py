"""Which rows of which tables are about one person, read off the tables themselves.

A row is somebody's when it names them as its customer, belongs to a conversation or a message of
theirs, or stands under an address of theirs. A new table with such a column is therefore exported
and erased without anybody thinking of it; one without has to be named in `NOBODYS`, with the
reason, or a test fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.links import has_place, links
from bot.store.strays import NO_STRAYS, Strays, places_of, stray_rows, strays_of, taken_for
from bot.store.tables import (
    conversations,
    customers,
    early_receipts,
    joins,
    metadata,
    one_time_codes,
    outbox,
)

# Tables in which no row is one customer's, and why.
NOBODYS: Mapping[str, str] = MappingProxyType(
    {
        "users": "who signs in",
        "sessions": "of who signs in",
        "api_tokens": "of who signs in",
        "password_links": "of who signs in",
        "sign_in_places": "of who signs in",
        "sign_in_failures": "of who signs in, or tried to",
        "agents": "what who signs in serves",
        "turn_views": "a lead's filters",
        "canned_replies": "written by leads for everybody",
        "subscriptions": "programs of others",
        "models": "facts of models; what their reports quote of a person is taken out",
        "new_intents": "written by leads",
        "must_pass": "written by leads; those that say what the person wrote are erased with it",
        "discoveries": "the state of a search",
        "clusters": "words of many; those with a message of theirs are erased with it",
        "review_groups": "sums over many; those without another member are erased with it",
        "review_cursor": "how far the log was read",
        "contact_days": "counts of a day",
        "gone_days": "counts of a day",
        "stale_days": "days to be counted",
        "drift_days": "counts of a day",
        "erasures": "receipts; they hold a keyed hash in place of who it was",
        "serving_key": "a hash under our own key",
        "erased_messages": "keyed hashes of providers' ids",
    }
)
# Rows that name a conversation and outlive it: they say who did what, and nothing of the customer.
OUTLIVING = frozenset({"audit_log"})


@dataclass(frozen=True, slots=True)
class Person:
    """One person: all customers they are by the joins that hold, and what is found by that.

    `places` are the channels and addresses they write from. `strays` are lines of theirs in
    somebody else's conversation, from a time when both were taken for one, and `guests` are such
    lines of others in theirs.
    """

    customer_ids: tuple[str, ...]
    conversation_ids: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    strays: Strays = NO_STRAYS
    guests: Strays = NO_STRAYS


def is_personal(table: sa.Table) -> bool:
    """Whether a row of this table can be one person's."""
    return table is customers or table is early_receipts or bool(links(table) or has_place(table))


def personal_tables() -> list[sa.Table]:
    """Those tables, the ones that others refer to first."""
    return [
        table
        for table in metadata.sorted_tables
        if is_personal(table) and table.name not in NOBODYS
    ]


def rows_of(table: sa.Table, person: Person) -> sa.ColumnElement[bool]:
    """The condition under which a row of this table goes with them: also what others wrote into
    their conversations, which cannot be told apart from what was answered."""
    if table is early_receipts:
        return _early_receipts(rows_of(outbox, person))
    return sa.or_(_held(table, person), stray_rows(table, person.strays))


def given_out(table: sa.Table, person: Person) -> sa.ColumnElement[bool]:
    """The condition under which it is theirs alone, and may be given to them."""
    if table is early_receipts:
        return _early_receipts(given_out(outbox, person))
    held = sa.and_(_held(table, person), sa.not_(stray_rows(table, person.guests)))
    return sa.or_(held, stray_rows(table, person.strays))


def _held(table: sa.Table, person: Person) -> sa.ColumnElement[bool]:
    """Whether it names them, or belongs to a conversation of theirs."""
    if table is customers:
        return customers.c.id.in_(person.customer_ids)
    if table is conversations:
        return conversations.c.id.in_(person.conversation_ids)
    ids = {customers: person.customer_ids, conversations: person.conversation_ids}
    conditions = [column.in_(ids[target]) for column, target in links(table) if target in ids]
    if table is one_time_codes:
        conditions.append(table.c.shown_by.in_([address for _, address in person.places]))
    if "customer_id" not in table.c and has_place(table):
        place = sa.tuple_(table.c.channel, table.c.address)
        conditions.append(place.in_(person.places))
    return sa.or_(sa.false(), *conditions)


async def person_of(connection: AsyncConnection, customer_id: str) -> Person | None:
    """Everything that this customer is, with whoever was joined to them; None for nobody."""
    if (await connection.execute(_CUSTOMER, {"one": customer_id})).first() is None:
        return None
    everybody = await _joined(connection, {customer_id})
    owned = await connection.execute(
        sa.select(conversations.c.id).where(conversations.c.customer_id.in_(everybody))
    )
    person = Person(
        customer_ids=tuple(sorted(everybody)),
        conversation_ids=tuple(sorted(owned.scalars())),
        places=tuple(sorted(await places_of(connection, everybody))),
    )
    others = await taken_for(connection, everybody)
    if not others:
        return person
    return replace(
        person,
        strays=await strays_of(connection, everybody, others),
        guests=await strays_of(connection, others, everybody),
    )


async def _joined(connection: AsyncConnection, ids: set[str]) -> set[str]:
    """These and all who are one person with them, in whichever direction they were joined."""
    found: set[str] = set()
    while new := ids - found:
        found |= new
        rows = await connection.execute(
            sa.select(joins.c.customer_id, joins.c.joined_id).where(
                joins.c.undone_at.is_(None),
                sa.or_(joins.c.customer_id.in_(new), joins.c.joined_id.in_(new)),
            )
        )
        ids = ids.union(*((row.customer_id, row.joined_id) for row in rows))
    return found


_CUSTOMER = sa.select(customers.c.id).where(customers.c.id == sa.bindparam("one"))


def _early_receipts(theirs: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """What a provider said of messages before we knew that it had them, by their deliveries."""
    sent = sa.select(outbox.c.channel, outbox.c.provider_id).where(
        theirs, outbox.c.provider_id.is_not(None)
    )
    return sa.or_(
        sa.tuple_(early_receipts.c.channel, early_receipts.c.provider_id).in_(sent),
        early_receipts.c.reference.in_(sa.select(outbox.c.message_id).where(theirs)),
    )
