"""All that is held of one person: found, read a page at a time, and deleted."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.forgetting import delete_conversation_rows
from bot.store.personal import (
    OUTLIVING,
    Person,
    given_out,
    person_of,
    personal_tables,
    rows_of,
)
from bot.store.quotes import clear_quotes, without_quotes
from bot.store.reviews import Reviews
from bot.store.tables import customers, early_receipts, files, identities, messages, turns

AT_ONCE = 500
# A body is as large as a file may be: it is read by itself.
_LARGE = frozenset({files.c.body})


class PersonalData:
    """Reads and deletes rows of every table that can be about a person."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def person(self, customer_id: str) -> Person | None:
        """Everything that this customer is; None for nobody."""
        return await person_of(self._connection, customer_id)

    async def called(self, who: str) -> list[str]:
        """The customers with this id, reference, e-mail address, or channel:address."""
        channel, _, address = who.partition(":")
        by_place = sa.select(identities.c.customer_id).where(
            identities.c.channel == channel, identities.c.address == address
        )
        rows = await self._connection.execute(
            sa.select(customers.c.id)
            .where(
                sa.or_(
                    customers.c.id == who,
                    customers.c.reference == who,
                    sa.func.lower(customers.c.email) == who.lower(),
                    customers.c.id.in_(by_place),
                )
            )
            .order_by(customers.c.id)
        )
        return list(rows.scalars())

    async def pages(self, table: sa.Table, person: Person) -> AsyncIterator[list[dict[str, Any]]]:
        """The rows in the order of their keys, a transcript in its own, without the bodies of
        files; nothing of whoever was once taken for them is among it."""
        lines = [messages.c.conversation_id, messages.c.seq]
        keys = lines if table is messages else list(table.primary_key)
        columns = [column for column in table.c if column not in _LARGE]
        query = sa.select(*columns).where(given_out(table, person)).order_by(*keys).limit(AT_ONCE)
        page = (await self._connection.execute(query)).all()
        while page:
            yield [without_quotes(table, dict(row._mapping), person.guests) for row in page]
            if len(page) < AT_ONCE:
                return
            last = [sa.literal(page[-1]._mapping[key.name], key.type) for key in keys]
            after = query.where(sa.tuple_(*keys) > sa.tuple_(*last))
            page = (await self._connection.execute(after)).all()

    async def body(self, file_id: str) -> bytes:
        """What is in a file."""
        rows = await self._connection.execute(sa.select(files.c.body).where(files.c.id == file_id))
        body: bytes = rows.scalar_one()
        return body

    async def turns_of(self, message_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """What was made of these messages, by the message's id."""
        rows = await self._connection.execute(
            sa.select(turns).where(turns.c.message_id.in_(message_ids))
        )
        return {row.message_id: dict(row._mapping) for row in rows}

    async def delete(self, person: Person) -> dict[str, int]:
        """Delete every row of theirs, and what others' quote of them; how many of each table. Lock
        first their conversations, and those that they have strays in."""
        receipts = early_receipts.delete().where(rows_of(early_receipts, person))
        gone = Counter({"early_receipts": (await self._connection.execute(receipts)).rowcount})
        gone.update(await delete_conversation_rows(self._connection, person.conversation_ids))
        if person.strays.of:
            await Reviews(self._connection).forget(
                sa.select(turns.c.id).where(turns.c.id.in_(person.strays.turn_ids))
            )
            await clear_quotes(self._connection, person.strays)
        for table in reversed(personal_tables()):
            if table.name not in OUTLIVING:
                done = await self._connection.execute(table.delete().where(rows_of(table, person)))
                gone[table.name] += done.rowcount
        return {name: rows for name, rows in sorted(gone.items()) if rows}
