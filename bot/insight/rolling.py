"""Cutting conversations into contacts anew, as often as anything about them changes.

It is computed from what is read with no transaction open, and written under the versions that were
read: of two processes that cut the same conversation one writes, and the other leaves it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.insight.contact import Contact, Thread, contacts_of, linked
from bot.store.contacts import Mark
from bot.store.database import Database, UnitOfWork


async def roll_up(
    database: Database, conversation_ids: Sequence[str], *, at: datetime
) -> list[str]:
    """Write the contacts of these conversations as they are now; those that somebody else wrote
    meanwhile are returned, to be looked at again."""
    async with database.read() as uow:
        marks = await uow.contacts.marks(conversation_ids)
        threads = await uow.contacts.threads(marks)
        people = await uow.contacts.people({mark.customer_id for mark in marks})
    cut = await asyncio.to_thread(_cut, threads, at)
    everybody = frozenset[str]().union(*people.values())
    if not marks:
        return []
    async with database.write() as uow:
        # Who is linked with whom is nobody else's to write until this has ended.
        await uow.customers.lock(everybody)
        return await _write(uow, marks, cut, people, everybody)


def _cut(threads: Sequence[Thread], at: datetime) -> dict[str, list[Contact]]:
    return {thread.conversation_id: contacts_of(thread, at=at) for thread in threads}


async def _write(
    uow: UnitOfWork,
    marks: Sequence[Mark],
    cut: dict[str, list[Contact]],
    people: dict[str, frozenset[str]],
    everybody: frozenset[str],
) -> list[str]:
    ours = await uow.contacts.claim(marks)
    before = {one.id: one for one in await uow.contacts.of_customers(everybody)}
    gone, changed = await asyncio.to_thread(_difference, ours, before, cut, people)
    await uow.contacts.touch({one.day for one in (*changed, *gone)})
    await uow.contacts.remove([one.id for one in gone])
    await uow.contacts.add(changed)
    return [mark.conversation_id for mark in marks if mark.conversation_id not in ours]


def _difference(
    ours: Collection[str],
    before: Mapping[str, Contact],
    cut: Mapping[str, list[Contact]],
    people: Mapping[str, frozenset[str]],
) -> tuple[list[Contact], list[Contact]]:
    """What of these people's contacts is no longer so, and what is so now: each linked with what
    came before and after it."""
    after = {one.id: one for one in before.values() if one.conversation_id not in ours}
    after |= {one.id: one for conversation in ours for one in cut[conversation]}
    grouped: dict[frozenset[str], list[Contact]] = {group: [] for group in people.values()}
    whose = {customer: group for group in grouped for customer in group}
    for one in after.values():
        grouped[whose[one.customer_id]].append(one)
    now = {one.id: one for group in grouped.values() for one in linked(group)}
    gone = [one for one in before.values() if now.get(one.id) != one]
    return gone, [one for one in now.values() if before.get(one.id) != one]


async def count_days(database: Database) -> int:
    """Count every day anew that has changed; how many there were."""
    async with database.read() as uow:
        days = await uow.contact_days.stale()
    for day in days:
        async with database.write() as uow:
            await uow.contact_days.count(day)
    return len(days)
