"""Who answers, as the API shows them."""

from __future__ import annotations

from bot import records
from desk import shapes


def user(row: records.User) -> shapes.User:
    return shapes.User(id=row.id, email=row.email, name=row.name, role=row.role)


def agent(row: records.Agent, *, load: int) -> shapes.Agent:
    return shapes.Agent(
        user_id=row.user_id,
        presence=row.presence,
        queues=list(row.queues),
        skills=list(row.skills),
        capacity=row.capacity,
        load=load,
        missed_offers=row.missed_offers,
    )


def colleague(row: records.User, serving: records.Agent, *, online: bool) -> shapes.Colleague:
    return shapes.Colleague(
        **user(row).dict(),
        online=online,
        presence=serving.presence,
        queues=list(serving.queues),
        skills=list(serving.skills),
        capacity=serving.capacity,
    )
