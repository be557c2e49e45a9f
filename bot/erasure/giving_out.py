"""Finding a person by what they call themselves, and giving out what is held of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.auditing import audit
from bot.erasure.export import write_export
from bot.records import Customer, Identity
from bot.store.database import Database, UnitOfWork


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """One person, so that whoever asks can see that it is the right one: who they are, under every
    id, where they write from, and how much there is."""

    customers: tuple[Customer, ...]
    identities: tuple[Identity, ...]
    conversations: int
    last_seen_at: datetime | None

    @property
    def id(self) -> str:
        """Of the customer who goes on, as far as one can be told: who has addresses."""
        with_addresses = [one.customer_id for one in self.identities]
        return with_addresses[0] if with_addresses else self.customers[0].id

    @property
    def main(self) -> Customer:
        return next(one for one in self.customers if one.id == self.id)


async def find_people(database: Database, who: str) -> list[FoundPerson]:
    """Everybody who has this customer id, reference, e-mail address or channel:address; customers
    who were joined are one."""
    who = who.strip()
    if not who:
        return []
    async with database.read() as uow:
        found: list[FoundPerson] = []
        known: set[str] = set()
        for customer_id in await uow.personal.called(who):
            if customer_id not in known:
                person = await _found(uow, customer_id)
                known |= {one.id for one in person.customers}
                found.append(person)
    return found


async def give_out(database: Database, customer_id: str, path: Path, *, by: str | None) -> int:
    """Write everything that is held of them to `path`; how many rows that is. Raises NotFound."""
    counts = await write_export(database, customer_id, path)
    rows = sum(counts.values())
    async with database.write() as uow:
        await audit(uow, "customer.exported", customer_id, by=by, details={"rows": rows})
    return rows


async def _found(uow: UnitOfWork, customer_id: str) -> FoundPerson:
    person = await uow.personal.person(customer_id)
    ids: Sequence[str] = person.customer_ids if person else (customer_id,)
    customers = await uow.customers.many(set(ids))
    identities = [one for each in ids for one in await uow.customers.identities(each)]
    newest = await uow.conversations.newest(ids, limit=1)
    return FoundPerson(
        customers=tuple(customers[one] for one in sorted(customers)),
        identities=tuple(sorted(identities, key=lambda one: (one.created_at, one.id))),
        conversations=len(person.conversation_ids) if person else 0,
        last_seen_at=newest[0].updated_at if newest else None,
    )
