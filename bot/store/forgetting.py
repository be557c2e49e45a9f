"""Deleting conversations, or a customer, with everything that hangs on them.

Which tables those are is read from the foreign keys, and in which order: a table that is added
later cannot be forgotten. The audit log names conversations without a key and stays; figures by
day stay too, since they are nobody's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.contact_days import keep_counts
from bot.store.first_labels import keep_first_labels
from bot.store.reviews import Reviews
from bot.store.tables import contacts, conversations, customers, labels, metadata, turns

PAGES_AT_ONCE = 200
NOTHING_DONE = 2  # rows that a merge changes at most if there was nothing left to merge
_CHANGES = sa.text("SELECT total_changes()")
_MERGE = sa.text("INSERT INTO search_words (search_words, rank) VALUES ('merge', :pages)")
# Foreign keys that lead from a table to the root, one after the other.
Path = tuple[sa.ForeignKey, ...]


async def delete_conversation_rows(
    connection: AsyncConnection, conversation_ids: Collection[str]
) -> dict[str, int]:
    """Delete these conversations wholly; how many rows of which table went.

    Lock them first, by `uow.conversations.lock`, in the order of their ids: who writes to one holds
    that lock.
    """
    if not conversation_ids:
        return {}
    ids = sorted(conversation_ids)
    await keep_counts(connection, contacts.c.conversation_id.in_(ids))
    await _leave_reviews(connection, turns.c.conversation_id.in_(ids))
    await keep_first_labels(connection, labels.c.conversation_id.in_(ids))
    return await _delete(connection, conversations, ids)


async def delete_customer_rows(
    connection: AsyncConnection, customer_ids: Collection[str]
) -> dict[str, int]:
    """The same for customers, whose conversations go with them."""
    if not customer_ids:
        return {}
    ids = sorted(customer_ids)
    await keep_counts(connection, contacts.c.customer_id.in_(ids))
    await _leave_reviews(connection, turns.c.customer_id.in_(ids))
    return await _delete(connection, customers, ids)


async def merge_words(connection: AsyncConnection, *, begin: bool) -> bool:
    """Let SQLite's index of words forget a little of what was deleted: until it merges its parts,
    it only marks that. PostgreSQL's goes with the rows. Whether there is more to do."""
    if connection.dialect.name != "sqlite":
        return False
    # Less than 0 makes one part of all of them, at the end of all steps.
    pages = -PAGES_AT_ONCE if begin else PAGES_AT_ONCE
    before = (await connection.execute(_CHANGES)).scalar_one()
    await connection.execute(_MERGE, {"pages": pages})
    after = (await connection.execute(_CHANGES)).scalar_one()
    return int(after - before) >= NOTHING_DONE


def tables_of(root: sa.Table) -> list[sa.Table]:
    """The tables whose rows go with those of the root, in the order in which they can be
    deleted."""
    return [table for table, _ in _hanging_on(root)]


async def _delete(connection: AsyncConnection, root: sa.Table, ids: list[str]) -> dict[str, int]:
    gone = {}
    for table, paths in _hanging_on(root):
        doomed = sa.or_(*(_leads_to(path, ids) for path in paths))
        gone[table.name] = (await connection.execute(table.delete().where(doomed))).rowcount
    gone[root.name] = (await connection.execute(root.delete().where(root.c.id.in_(ids)))).rowcount
    return {name: count for name, count in gone.items() if count}


async def _leave_reviews(connection: AsyncConnection, doomed: sa.ColumnElement[bool]) -> None:
    """What waits in the leads' inbox is counted there."""
    ids = sa.select(turns.c.id).where(doomed)
    await connection.execute(ids.order_by(turns.c.id).with_for_update())
    await Reviews(connection).forget(ids)


@cache
def _hanging_on(root: sa.Table) -> list[tuple[sa.Table, list[Path]]]:
    """Tables with the ways from them to the root, those that others point to last."""
    found = ((table, list(_ways(table, root))) for table in reversed(metadata.sorted_tables))
    return [(table, ways) for table, ways in found if ways and table is not root]


def _ways(table: sa.Table, root: sa.Table) -> Iterator[Path]:
    """The keys that point to the root itself; only where there is none, over other tables."""
    keys = sorted(table.foreign_keys, key=lambda key: key.parent.name)
    direct = [key for key in keys if key.column.table is root]
    if direct:
        yield from ((key,) for key in direct)
        return
    for key in keys:
        if key.column.table is not table:
            yield from ((key, *rest) for rest in _ways(key.column.table, root))


def _leads_to(path: Path, ids: list[str]) -> sa.ColumnElement[bool]:
    """Whether the keys lead from a row to one of these of the root."""
    key, *rest = path
    if not rest:
        return key.parent.in_(ids)
    further = _leads_to(tuple(rest), ids)
    return key.parent.in_(sa.select(key.column).where(further))
