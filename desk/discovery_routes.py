"""The leads' part of the API: finding what the bot does not know."""

from __future__ import annotations

from pydantic import BaseModel, Extra, Field

from bot.auditing import audit
from bot.clock import now
from bot.errors import InvalidInput, NotFound
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
        after = _place(query.cursor)
        async with call.services.database.read() as uow:
            if await uow.discoveries.get(cluster_id) is None:
                raise NotFound("There is no such cluster. Another search may have replaced it.")
            members = await uow.discoveries.members([cluster_id])
        rest = [member for member in members if member.place > after]
        places = list(dict.fromkeys(member.place for member in rest))
        shown = set(places[: query.limit])
        return shapes.ClusterMessages(
            items=views.folded([member for member in rest if member.place in shown]),
            next=encode(str(max(shown))) if len(places) > len(shown) else None,
        )

    async def dismiss(self, call: Call) -> None:
        cluster_id = call.request.match_info["cluster_id"]
        async with call.services.database.write() as uow:
            if await uow.discoveries.get(cluster_id) is None:
                raise NotFound("There is no such cluster. Another search may have replaced it.")
            await uow.discoveries.dismiss(cluster_id, by=call.staff.id, at=now())
            await audit(uow, "cluster.dismissed", cluster_id, by=call.staff.id)
        await call.services.bus.publish(Event("discovery", ""))


def _place(cursor: str | None) -> int:
    """The last place of the page above."""
    found = decode(cursor, 1)
    if found is None:
        return -1
    try:
        return int(found[0])
    except ValueError as error:
        raise InvalidInput("cursor", "'cursor' is not one this list gave out.") from error
