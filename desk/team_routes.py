"""The team in the API, for leads: who serves what, how much they have, and who waits where."""

from __future__ import annotations

from pydantic import BaseModel

from bot import revoking
from bot.clock import now
from bot.records import Agent
from desk import shapes, views
from desk.presence import Presence
from desk.routes import Call, Route


class Member(shapes.Colleague):
    """`load` of their `capacity` is taken; `missed_offers` are those in a row."""

    load: int
    missed_offers: int


class QueueLine(shapes.Queue):
    """`waiting` nobody has yet; of them the promise is about to be missed for `warned`, and is for
    `late`. `serving` could take them: they are online, with a page open and the skills for it."""

    waiting: int
    warned: int
    late: int
    serving: int


class Team(BaseModel):
    members: list[Member]
    queues: list[QueueLine]


class TeamRoutes:
    """`presence` knows who has a page open."""

    def __init__(self, presence: Presence) -> None:
        self._presence = presence

    def table(self) -> list[Route]:
        return [
            Route(
                "GET", "/team", "lead", "Who serves, and who waits where", self.team, answer=Team
            ),
            Route(
                "POST",
                "/users/{id}/revoke",
                "lead",
                "End somebody's account; their customers go back in line",
                self.revoke,
            ),
        ]

    async def team(self, call: Call) -> Team:
        at, rules = now(), call.services.rules
        async with call.services.database.read() as uow:
            staff = [user for user in await uow.staff.everybody() if user.role != "program"]
            ids = [user.id for user in staff]
            agents = await uow.agents.many(ids)
            loads = await uow.agents.loads(ids)
            present = await uow.agents.present(at=at)
            waiting = await uow.handoffs.waiting(at=at)
        online = await self._presence.online()
        members = [
            Member(
                **views.colleague(user, agent, online=user.id in online).dict(),
                load=loads.get(user.id, 0),
                missed_offers=agent.missed_offers,
            )
            for user in staff
            if (agent := agents.get(user.id, Agent(user.id))).revoked_at is None
        ]
        queues = [
            QueueLine(
                id=key,
                name=queue.name,
                skills=list(queue.skills),
                open=queue.is_open(at),
                waiting=sum(n for (name, _), n in waiting.items() if name == key),
                warned=waiting.get((key, "warned"), 0),
                late=waiting.get((key, "late"), 0),
                serving=sum(key in rules.queues_of(agent) for agent in present),
            )
            for key, queue in rules.queues.items()
        ]
        return Team(members=members, queues=queues)

    async def revoke(self, call: Call) -> None:
        await revoking.revoke(call.services, call.request.match_info["id"], call.staff)
