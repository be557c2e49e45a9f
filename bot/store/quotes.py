"""Rows about one person's conversation that quote what another wrote into it, who was taken for
them. They stay, without the quotes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.strays import Strays
from bot.store.tables import conversations, handoffs, joins, metadata, notices, trackers

_NO_WISH: Mapping[str, Any] = MappingProxyType({"intent": None, "text": "", "message_id": ""})
# What of a hand-off's card does not say whose it is.
_OF_NOBODY: Mapping[str, Any] = MappingProxyType({"proof": None, "signals": [], "prepared": []})


def without_quotes(table: sa.Table, row: Mapping[str, Any], strays: Strays) -> dict[str, Any]:
    """The row as it is without them."""
    return {**row, **_changes(table, row, strays)}


async def clear_quotes(connection: AsyncConnection, strays: Strays) -> None:
    """Write all such rows without them. Lock the conversations first."""
    for name in _QUOTING:
        table = metadata.tables[name]
        rows = await connection.execute(sa.select(table).where(_may_quote(table, strays)))
        for row in [dict(row._mapping) for row in rows]:
            if changes := _changes(table, row, strays):
                same = [column == row[column.name] for column in table.primary_key]
                await connection.execute(table.update().where(*same).values(changes))
    # A turn that is being taken remembers them: it is taken anew, and remembers nothing.
    await connection.execute(
        conversations.update()
        .where(conversations.c.id.in_(strays.conversation_ids))
        .values(lease_token=None, lease_until=None)
    )


def _changes(table: sa.Table, row: Mapping[str, Any], strays: Strays) -> dict[str, Any]:
    change = _QUOTING.get(table.name)
    return change(row, strays) if change else {}


def _may_quote(table: sa.Table, strays: Strays) -> sa.ColumnElement[bool]:
    if table is joins:
        columns = (joins.c.customer_id, joins.c.joined_id)
        return sa.or_(*(column.in_(strays.among) for column in columns))
    key = table.c.id if table is conversations else table.c.conversation_id
    return key.in_(strays.conversation_ids)


def _handoff(row: Mapping[str, Any], strays: Strays) -> dict[str, Any]:
    """Its facts say which message they are from; the evidence, and what else was made of all of
    them, does not."""
    card, theirs = row["card"], set(strays.message_ids)
    wish, facts = card.get("wants", {}), card.get("collected", [])
    from_theirs = {one.get("message_id") for one in (wish, *facts)} & theirs
    if not from_theirs and row["turn_id"] not in strays.turn_ids:
        return {}
    left = {
        "wants": dict(_NO_WISH) if wish.get("message_id") in theirs else wish,
        "collected": [one for one in facts if one.get("message_id") not in {None, *theirs}],
        **{name: nothing for name, nothing in _OF_NOBODY.items() if name in card},
    }
    return {"evidence": "", "card": {**card, **left}}


def _tracker(row: Mapping[str, Any], strays: Strays) -> dict[str, Any]:
    """Its slots do not say who filled them, so the assistant forgets what the talk was about."""
    return {"events": []} if row["conversation_id"] in strays.conversation_ids else {}


def _notice(row: Mapping[str, Any], strays: Strays) -> dict[str, Any]:
    """What is still to be sent is written anew."""
    return {"body": None} if row["conversation_id"] in strays.conversation_ids else {}


def _conversation(row: Mapping[str, Any], strays: Strays) -> dict[str, Any]:
    """It is answered nowhere, until who stays writes again."""
    return {"address": ""} if (row["channel"], row["address"]) in strays.places else {}


def _join(row: Mapping[str, Any], strays: Strays) -> dict[str, Any]:
    moved = row["moved"]
    addresses = {address for _, address in strays.places}
    known = {} if row["joined_id"] in strays.of else moved["known"]
    left = {
        "identities": [one for one in moved["identities"] if one["address"] not in addresses],
        "known": {name: one for name, one in known.items() if one not in strays.names},
    }
    return {} if left.items() <= moved.items() else {"moved": {**moved, **left}}


_QUOTING: Mapping[str, Callable[[Mapping[str, Any], Strays], dict[str, Any]]] = MappingProxyType(
    {
        handoffs.name: _handoff,
        trackers.name: _tracker,
        notices.name: _notice,
        conversations.name: _conversation,
        joins.name: _join,
    }
)
