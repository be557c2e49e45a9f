"""Views of the log in the API: each lead has their own."""

from __future__ import annotations

from bot import records, turn_views
from desk import turn_view_shapes as shapes
from desk.paging import Page
from desk.routes import Call, Route


def table() -> list[Route]:
    return [
        Route(
            "GET",
            "/turn-views",
            "lead",
            "The views of the log that you keep, by name",
            listed,
            query=Page,
            answer=shapes.TurnViews,
        ),
        Route(
            "POST",
            "/turn-views",
            "lead",
            "Keep a view of the log",
            add,
            body=shapes.NewTurnView,
            answer=shapes.TurnView,
            status=201,
        ),
        Route("DELETE", "/turn-views/{id}", "lead", "Delete one of yours", remove),
    ]


async def listed(call: Call) -> shapes.TurnViews:
    async with call.services.database.read() as uow:
        found = await uow.turn_views.of_user(call.staff.id)
    return shapes.TurnViews(items=[_shown(each) for each in found], next=None)


async def add(call: Call) -> shapes.TurnView:
    return _shown(
        await turn_views.add(call.services, call.staff, call.body.name, call.body.filters)
    )


async def remove(call: Call) -> None:
    await turn_views.remove(call.services, call.staff, call.request.match_info["id"])


def _shown(view: records.TurnView) -> shapes.TurnView:
    return shapes.TurnView(id=view.id, name=view.name, filters=view.filters)
