"""Saved views of the log in the API."""

from __future__ import annotations

from pydantic import BaseModel, Extra, StrictStr

from bot.clock import new_id, now
from bot.errors import Conflict, InvalidInput, NotFound
from bot.store.saved_views import SavedView
from bot.text import label
from desk.paging import Page
from desk.routes import Call, Route

MOST_VIEWS = 50
LONGEST_NAME, LONGEST_QUERY = 80, 1000


class ViewIn(BaseModel):
    """`query` is the address of the log from after the question mark."""

    name: StrictStr
    query: StrictStr

    class Config:
        extra = Extra.forbid


class View(BaseModel):
    id: str
    name: str
    query: str


class Views(BaseModel):
    items: list[View]
    next: str | None


def table() -> list[Route]:
    return [
        Route("GET", "/views", "lead", "Your saved views", views, query=Page, answer=Views),
        Route(
            "POST",
            "/views",
            "lead",
            "Save a view, in place of the one of that name",
            save,
            body=ViewIn,
            answer=View,
            status=201,
        ),
        Route("DELETE", "/views/{id}", "lead", "Delete one of your views", delete),
    ]


async def views(call: Call) -> Views:
    async with call.services.database.read() as uow:
        rows = await uow.saved_views.of(call.staff.id)
    return Views(items=[View(id=row.id, name=row.name, query=row.query) for row in rows], next=None)


async def save(call: Call) -> View:
    wanted: ViewIn = call.body
    name = label(wanted.name)
    if name is None or len(name) > LONGEST_NAME:
        raise InvalidInput("name", f"'name' must have 1 to {LONGEST_NAME} characters.")
    if len(wanted.query) > LONGEST_QUERY:
        raise InvalidInput("query", f"'query' must have at most {LONGEST_QUERY} characters.")
    view = SavedView(new_id(), call.staff.id, name, wanted.query, now())
    async with call.services.database.write() as uow:
        known = await uow.saved_views.of(call.staff.id)
        if len(known) >= MOST_VIEWS and name not in {one.name for one in known}:
            raise Conflict(f"You have {MOST_VIEWS} views. Delete one first.", code="too_many_views")
        await uow.saved_views.put(view)
    return View(id=view.id, name=view.name, query=view.query)


async def delete(call: Call) -> None:
    async with call.services.database.write() as uow:
        if not await uow.saved_views.delete(call.request.match_info["id"], of=call.staff.id):
            raise NotFound("There is no such view of yours.")
