"""Agents: what each serves, decided by a lead, and whether they are there, said by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.auditing import audit
from bot.errors import InvalidInput, NotFound
from bot.events import Event
from bot.records import Agent, PresenceState, User
from bot.rules import Rules
from bot.services import Services

MOST_AT_ONCE = 50


async def set_presence(services: Services, user: User, presence: PresenceState) -> Agent:
    """Say whether this user takes new conversations; those they have stay theirs."""
    async with services.database.write() as uow:
        agent = await uow.agents.lock(user.id)
        await uow.agents.set_presence(user.id, presence)
        await uow.agents.set_missed_offers(user.id, 0)
    await services.bus.publish(presence_changed(user.id))
    return replace(agent, presence=presence, missed_offers=0)


async def set_serving(
    services: Services,
    user_id: str,
    *,
    queues: Sequence[str],
    skills: Sequence[str],
    capacity: int,
    by: str,
) -> Agent:
    """Say what a user serves and how many at once; raise InvalidInput for what cannot be."""
    check_serving(services.rules, queues, capacity)
    async with services.database.write() as uow:
        user = await uow.staff.get(user_id)
        if user is None or user.role == "program":
            raise NotFound("There is no such agent.")
        agent = await uow.agents.lock(user_id)
        await uow.agents.set_serving(user_id, queues=queues, skills=skills, capacity=capacity)
        details = {"queues": [*queues], "skills": [*skills], "capacity": capacity}
        await audit(uow, "user.serving_set", user_id, by=by, details=details)
    await services.bus.publish(presence_changed(user_id))
    return replace(agent, queues=tuple(queues), skills=tuple(skills), capacity=capacity)


def check_serving(rules: Rules, queues: Sequence[str], capacity: int) -> None:
    """Raise InvalidInput for a queue that `handoff.yml` does not have, or a capacity of none."""
    for queue in queues:
        if queue not in rules.queues:
            known = ", ".join(rules.queues)
            raise InvalidInput("queues", f"There is no queue '{queue}'. Known queues: {known}.")
    if not 1 <= capacity <= MOST_AT_ONCE:
        raise InvalidInput("capacity", f"'capacity' must be from 1 to {MOST_AT_ONCE}.")


def presence_changed(user_id: str) -> Event:
    """Other pages of the user show the same."""
    return Event("presence", "", {"user_id": user_id})
