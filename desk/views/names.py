"""Names for a page of rows."""

from __future__ import annotations

from collections.abc import Iterable

from bot import records
from bot.store.database import UnitOfWork
from desk import shapes

GUEST = "Guest"


def customer(row: records.Customer | None, customer_id: str) -> shapes.Person:
    return shapes.Person(id=customer_id, name=(row.name if row else None) or GUEST)


class People:
    """Names for a page of rows, read once."""

    def __init__(
        self, agents: dict[str, records.User], customers: dict[str, records.Customer]
    ) -> None:
        self._agents = agents
        self._customers = customers

    def agent(self, agent_id: str | None) -> shapes.Person | None:
        found = self._agents.get(agent_id) if agent_id else None
        return shapes.Person(id=found.id, name=found.name) if found else None

    def customer(self, customer_id: str) -> shapes.Person:
        return customer(self._customers.get(customer_id), customer_id)


async def people(uow: UnitOfWork, customer_ids: Iterable[str]) -> People:
    agents = {agent.id: agent for agent in await uow.staff.everybody()}
    return People(agents, await uow.customers.many(set(customer_ids)))
