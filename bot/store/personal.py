"""Which rows of which tables are about one person, read off the tables themselves.

A row is somebody's when it names them as its customer, belongs to a conversation or a message of
theirs, or stands under an address of theirs. A new table with such a column is therefore exported
and erased without anybody thinking of it; one without has to be named in `NOBODYS`, with the
reason, or a test fails.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.signals import BY_REFERENCE
from bot.store.tables import (
    conversations,
    customers,
    early_receipts,
    identities,
    joins,
    messages,
    metadata,
    one_time_codes,
    outbox,
    turns,
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
_BY_ID: Mapping[str, sa.Table] = MappingProxyType(
    {
        "customer_id": customers,
        "conversation_id": conversations,
        "message_id": messages,
        "turn_id": turns,
    }
)


@dataclass(frozen=True, slots=True)
class Person:
    """One person: all customers they are by the joins that hold, and what is found by that.

    `places` are the channels and addresses they write from. `strays` are lines of theirs in
    somebody else's conversation, from a time when both were taken for one.
    """

    customer_ids: tuple[str, ...]
    conversation_ids: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    strays: tuple[str, ...]


def is_personal(table: sa.Table) -> bool:
    """Whether a row of this table can be one person's."""
    return table is customers or table is early_receipts or bool(_links(table) or _has_place(table))


def personal_tables() -> list[sa.Table]:
    """Those tables, the ones that others refer to first."""
    return [
        table
        for table in metadata.sorted_tables
        if is_personal(table) and table.name not in NOBODYS
    ]


def rows_of(table: sa.Table, person: Person) -> sa.ColumnElement[bool]:
    """The condition under which a row of this table is theirs."""
    if table is customers:
        return customers.c.id.in_(person.customer_ids)
    if table is conversations:
        return conversations.c.id.in_(person.conversation_ids)
    if table is early_receipts:
        return _early_receipts(person)
    conditions = [
        column.in_(ids)
        for column, target in _links(table)
        if (ids := _ids(target, person)) is not None
    ]
    if table is messages and person.strays:
        conditions.append(messages.c.id.in_(person.strays))
    if table is one_time_codes:
        conditions.append(table.c.shown_by.in_([address for _, address in person.places]))
    if "customer_id" not in table.c and _has_place(table):
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
    places = await _places(connection, everybody)
    return Person(
        customer_ids=tuple(sorted(everybody)),
        conversation_ids=tuple(sorted(owned.scalars())),
        places=tuple(sorted(places)),
        strays=tuple(sorted(await _strays(connection, everybody, places))),
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


async def _places(connection: AsyncConnection, ids: Collection[str]) -> set[tuple[str, str]]:
    rows = await connection.execute(
        sa.select(identities.c.channel, identities.c.address).where(
            identities.c.customer_id.in_(ids)
        )
    )
    known = await connection.execute(
        sa.select(customers.c.reference).where(
            customers.c.id.in_(ids), customers.c.reference.is_not(None)
        )
    )
    references = {(BY_REFERENCE, str(reference)) for reference in known.scalars()}
    return {(row.channel, row.address) for row in rows} | references


async def _strays(
    connection: AsyncConnection, ids: Collection[str], places: Collection[tuple[str, str]]
) -> list[str]:
    """What they wrote into conversations of customers they were taken for, and no longer are."""
    rows = await connection.execute(
        sa.select(joins.c.customer_id, joins.c.joined_id).where(
            joins.c.undone_at.is_not(None),
            sa.or_(joins.c.customer_id.in_(ids), joins.c.joined_id.in_(ids)),
        )
    )
    others = {one for row in rows for one in (row.customer_id, row.joined_id)} - set(ids)
    if not others or not places:
        return []
    written = await connection.execute(
        sa.select(messages.c.id).where(
            messages.c.customer_id.in_(others),
            sa.tuple_(messages.c.channel, messages.c.address).in_(list(places)),
        )
    )
    return list(written.scalars())


_CUSTOMER = sa.select(customers.c.id).where(customers.c.id == sa.bindparam("one"))


def _links(table: sa.Table) -> list[tuple[sa.Column[Any], sa.Table]]:
    """The columns that name a customer, or something of one, and what they name."""
    found = []
    for column in table.c:
        keys = [key.column.table for key in column.foreign_keys]
        target = keys[0] if keys else _BY_ID.get(column.name)
        if target in (customers, conversations, messages, turns) and target is not table:
            found.append((column, target))
    return found


def _has_place(table: sa.Table) -> bool:
    return {"channel", "address"} <= set(table.c.keys())


def _ids(target: sa.Table, person: Person) -> Sequence[str] | sa.Select[Any] | None:
    """What a column that names a row of `target` holds when it is theirs; None: nothing that the
    other columns do not say already."""
    if target is customers:
        return person.customer_ids
    if target is conversations:
        return person.conversation_ids or None
    if not person.strays:
        return None
    if target is messages:
        return person.strays
    return sa.select(turns.c.id).where(turns.c.message_id.in_(person.strays))


def _early_receipts(person: Person) -> sa.ColumnElement[bool]:
    """What a provider said of messages to them before we knew that it had them."""
    theirs = rows_of(outbox, person)
    sent = sa.select(outbox.c.channel, outbox.c.provider_id).where(
        theirs, outbox.c.provider_id.is_not(None)
    )
    return sa.or_(
        sa.tuple_(early_receipts.c.channel, early_receipts.c.provider_id).in_(sent),
        early_receipts.c.reference.in_(sa.select(outbox.c.message_id).where(theirs)),
    )
