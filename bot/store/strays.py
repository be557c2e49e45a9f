"""Lines of one person in conversations of another, from a time when both were taken for one.

A join that was undone leaves what was said in between where it was said. Whose a line is says the
address: of what a customer wrote where it came from, of what they were told where it was sent.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.links import has_place, links
from bot.store.signals import BY_REFERENCE
from bot.store.tables import (
    conversations,
    customers,
    handoffs,
    identities,
    joins,
    messages,
    notices,
    outbox,
    turns,
)

Places = frozenset[tuple[str, str]]
# Of the conversation as a whole, or of whoever has the address.
_NOT_BY_PLACE = frozenset({"conversations", "identities", "messages"})


@dataclass(frozen=True, slots=True)
class Strays:
    """What customers `of` one person have in conversations of the customers `among` them.

    `places` are the channels and addresses they write from, `names` what the shop calls them. The
    messages are theirs, those sent to them, and what answers theirs.
    """

    of: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    conversation_ids: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()
    turn_ids: tuple[str, ...] = ()


NO_STRAYS = Strays()


async def taken_for(connection: AsyncConnection, ids: Collection[str]) -> set[str]:
    """Everybody who was ever joined to these, over others too, and no longer is."""
    found: set[str] = set()
    new = set(ids)
    while new:
        found |= new
        rows = await connection.execute(
            sa.select(joins.c.customer_id, joins.c.joined_id).where(
                sa.or_(joins.c.customer_id.in_(new), joins.c.joined_id.in_(new))
            )
        )
        new = {one for row in rows for one in (row.customer_id, row.joined_id)} - found
    return found - set(ids)


async def places_of(connection: AsyncConnection, ids: Collection[str]) -> Places:
    """The channels and addresses that these customers write from, and the shop's names for them."""
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
    return frozenset({(row.channel, row.address) for row in rows} | references)


async def strays_of(
    connection: AsyncConnection, of: Collection[str], among: Collection[str]
) -> Strays:
    """What is found of these customers among those."""
    places = await places_of(connection, of)
    known = await connection.execute(
        sa.select(customers.c.reference, customers.c.name, customers.c.email).where(
            customers.c.id.in_(of)
        )
    )
    names = {str(one) for row in known for one in row if one}
    found, turn_ids = await _lines(connection, places, among) if places else ({}, [])
    addressed = await connection.execute(
        sa.select(conversations.c.id).where(
            conversations.c.customer_id.in_(among),
            sa.tuple_(conversations.c.channel, conversations.c.address).in_(places),
        )
    )
    return Strays(
        of=tuple(sorted(of)),
        among=tuple(sorted(among)),
        places=tuple(sorted(places)),
        names=tuple(sorted(names)),
        conversation_ids=tuple(sorted({*found.values(), *addressed.scalars()})),
        message_ids=tuple(sorted(found)),
        turn_ids=tuple(sorted(turn_ids)),
    )


async def _lines(
    connection: AsyncConnection, places: Places, among: Collection[str]
) -> tuple[dict[str, str], list[str]]:
    """The messages with their conversations, and the turns of those that were written."""
    wrote = sa.and_(
        messages.c.customer_id.in_(among),
        messages.c.author == "customer",
        sa.tuple_(messages.c.channel, messages.c.address).in_(places),
    )
    asked = sa.select(messages.c.id).where(wrote)
    taken = sa.select(turns.c.id).where(turns.c.message_id.in_(asked))
    lines = messages.alias()
    delivery = sa.exists().where(outbox.c.message_id == lines.c.id)
    here = sa.tuple_(outbox.c.channel, outbox.c.address).in_(places)
    # Once they are apart, an agent's answer to the last line goes to who stays.
    answers = sa.and_(lines.c.in_reply_to.in_(asked), ~delivery.where(sa.not_(here)))
    told = sa.and_(
        lines.c.customer_id.in_(among),
        lines.c.author != "customer",
        sa.or_(answers, lines.c.turn_id.in_(taken), delivery.where(here)),
    )
    rows = await connection.execute(
        sa.select(lines.c.id, lines.c.conversation_id).where(sa.or_(lines.c.id.in_(asked), told))
    )
    found = {row.id: row.conversation_id for row in rows}
    return found, list((await connection.execute(taken)).scalars())


def stray_rows(table: sa.Table, strays: Strays) -> sa.ColumnElement[bool]:
    """The condition under which a row of this table is one of theirs, or hangs on one. Hand-offs
    are of the conversation, whoever asked for them: what they quote is taken out of them."""
    if not strays.of or table is handoffs:
        return sa.false()
    if table is messages:
        return messages.c.id.in_(strays.message_ids)
    ids = {messages: strays.message_ids, turns: strays.turn_ids}
    conditions: list[sa.ColumnElement[bool]] = [
        column.in_(ids[target]) for column, target in links(table) if target in ids
    ]
    if table is notices:
        conditions.append(notices.c.facts["message_id"].as_string().in_(strays.message_ids))
    if "customer_id" in table.c and has_place(table) and table.name not in _NOT_BY_PLACE:
        place = sa.tuple_(table.c.channel, table.c.address).in_(strays.places)
        conditions.append(sa.and_(table.c.customer_id.in_(strays.among), place))
    # What names no message is nobody's stray, and not unknown.
    return sa.func.coalesce(sa.or_(*conditions), sa.false()) if conditions else sa.false()
