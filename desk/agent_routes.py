"""Who serves what: an agent's own presence, the lead's settings, and the next in line."""

from __future__ import annotations

from pydantic import BaseModel, Field, StrictInt, StrictStr

from bot import agents, handoff, next_in_line
from bot.records import PresenceState
from desk import shapes, views
from desk.conversation_routes import detail_of
from desk.routes import Call, Route


class NewPresence(BaseModel):
    presence: PresenceState


class Serving(BaseModel):
    queues: list[StrictStr] = Field(
        default_factory=list, max_items=100, description="None are all of them"
    )
    skills: list[StrictStr] = Field(default_factory=list, max_items=100)
    capacity: StrictInt = Field(description="How many conversations `next` gives them at once")


class NewPriority(BaseModel):
    priority: shapes.ChosenPriority


def table() -> list[Route]:
    return [
        Route("GET", "/me/presence", "agent", "Am I there", presence, answer=shapes.Agent),
        Route(
            "PUT",
            "/me/presence",
            "agent",
            "Say whether I take new conversations",
            set_presence,
            body=NewPresence,
            answer=shapes.Agent,
        ),
        Route(
            "PUT",
            "/users/{id}/serving",
            "lead",
            "Say which queues an agent serves, with which skills, and how many at once",
            set_serving,
            body=Serving,
            answer=shapes.Agent,
        ),
        Route(
            "POST",
            "/handoffs/next",
            "agent",
            "Take the next customer whom I can serve",
            take_next,
            answer=shapes.ConversationDetail,
        ),
        Route(
            "POST",
            "/conversations/{id}/priority",
            "agent",
            "Serve somebody who waits sooner or later",
            prioritise,
            body=NewPriority,
            answer=shapes.ConversationDetail,
        ),
    ]


async def presence(call: Call) -> shapes.Agent:
    async with call.services.database.read() as uow:
        agent = await uow.agents.get(call.staff.id)
        return views.agent(agent, load=await uow.agents.load(call.staff.id))


async def set_presence(call: Call) -> shapes.Agent:
    await agents.set_presence(call.services, call.staff, call.body.presence)
    return await presence(call)


async def set_serving(call: Call) -> shapes.Agent:
    wanted: Serving = call.body
    agent = await agents.set_serving(
        call.services,
        call.request.match_info["id"],
        queues=wanted.queues,
        skills=wanted.skills,
        capacity=wanted.capacity,
        by=call.staff.id,
    )
    async with call.services.database.read() as uow:
        return views.agent(agent, load=await uow.agents.load(agent.user_id))


async def take_next(call: Call) -> shapes.ConversationDetail:
    return await detail_of(call.services, await next_in_line.take_next(call.services, call.staff))


async def prioritise(call: Call) -> shapes.ConversationDetail:
    conversation_id = call.request.match_info["id"]
    await handoff.prioritise(call.services, conversation_id, call.staff, call.body.priority)
    return await detail_of(call.services, conversation_id)
