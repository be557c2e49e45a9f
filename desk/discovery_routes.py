"""The leads' part of the API: finding what the bot does not know."""

from __future__ import annotations

from pydantic import BaseModel, Extra, Field

from bot.clock import now
from bot.errors import NotFound
from bot.events import Event
from bot.jobs import Jobs
from bot.learning.discover import start_discovery
from desk import discovery_shapes as shapes
from desk import discovery_views as views
from desk.paging import Page, decode, encode
from desk.routes import Call, Route

LONGEST_DAYS = 365


class DiscoveryStart(BaseModel):
    days: int = Field(default=30, ge=1, le=LONGEST_DAYS, description="Back from now")

    class Config:
        extra = Extra.forbid


class DiscoveryRoutes:
    """`jobs` are what a stop of the server waits for."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def table(self) -> list[Route]:
        return [
            Route(
                "POST",
                "/discoveries",
                "lead",
                "Look for what the bot does not know; one search runs at a time",
                self.start,
                body=DiscoveryStart,
                answer=shapes.Discovery,
                status=202,
            ),
            Route(
                "GET",
                "/discoveries/current",
                "lead",
                "The current search, and the clusters found last",
                self.current,
                answer=shapes.Discovery,
            ),
            Route(
                "GET",
                "/clusters/{cluster_id}/messages",
                "lead",
                "A cluster's messages, the most typical first",
                self.messages,
                query=Page,
                answer=shapes.ClusterMessages,
            ),
            Route(
                "POST",
                "/clusters/{cluster_id}/dismiss",
                "lead",
                "Never show this cluster again, nor one like it",
                self.dismiss,
            ),
        ]

    async def start(self, call: Call) -> shapes.Discovery:
        wanted: DiscoveryStart = call.body
        await start_discovery(call.services, self._jobs, days=wanted.days, by=call.staff.id)
        return await self.current(call)

    async def current(self, call: Call) -> shapes.Discovery:
        async with call.services.database.read() as uow:
            return await views.discovery(uow, at=now())

    async def messages(self, call: Call) -> shapes.ClusterMessages:
        query: Page = call.query
        cluster_id = call.request.match_info["cluster_id"]
        after = decode(query.cursor, 1)
        async with call.services.database.read() as uow:
            if await uow.discoveries.get(cluster_id) is None:
                raise NotFound("There is no such cluster. Another search may have replaced it.")
            members = await uow.discoveries.members([cluster_id])
        folded = views.folded(members)
        start = 1 + next(
            (place for place, one in enumerate(folded) if after and one.turn_id == after[0]), -1
        )
        items = folded[start : start + query.limit]
        more = start + query.limit < len(folded)
        return shapes.ClusterMessages(items=items, next=encode(items[-1].turn_id) if more else None)

    async def dismiss(self, call: Call) -> None:
        cluster_id = call.request.match_info["cluster_id"]
        async with call.services.database.write() as uow:
            if await uow.discoveries.get(cluster_id) is None:
                raise NotFound("There is no such cluster. Another search may have replaced it.")
            await uow.discoveries.dismiss(cluster_id, by=call.staff.id, at=now())
        await call.services.bus.publish(Event("discovery", ""))
