"""Must-pass examples in the API: leads read, add and remove them."""

from __future__ import annotations

from bot import must_pass_list
from bot.clock import iso
from bot.records import MustPass
from desk import must_pass_shapes as shapes
from desk import views
from desk.paging import Page
from desk.routes import Call, Route
from desk.views.names import People


def table() -> list[Route]:
    return [
        Route(
            "GET",
            "/must-pass",
            "lead",
            "What every candidate has to get right, in the order of adding",
            examples,
            query=Page,
            answer=shapes.MustPassExamples,
        ),
        Route(
            "POST",
            "/must-pass",
            "lead",
            "Add one",
            add,
            body=shapes.NewMustPass,
            answer=shapes.MustPass,
            status=201,
        ),
        Route("DELETE", "/must-pass/{id}", "lead", "Take one out", remove),
    ]


async def examples(call: Call) -> shapes.MustPassExamples:
    async with call.services.database.read() as uow:
        found = await uow.must_pass.all()
        names = await views.people(uow, ())
    return shapes.MustPassExamples(items=[_shown(each, names) for each in found], next=None)


async def add(call: Call) -> shapes.MustPass:
    example = await must_pass_list.add(
        call.services, call.body.text, call.body.intent, by=call.staff.id
    )
    async with call.services.database.read() as uow:
        return _shown(example, await views.people(uow, ()))


async def remove(call: Call) -> None:
    await must_pass_list.remove(call.services, call.request.match_info["id"], by=call.staff.id)


def _shown(example: MustPass, names: People) -> shapes.MustPass:
    return shapes.MustPass(
        id=example.id,
        text=example.text,
        intent=example.intent,
        added_by=names.agent(example.added_by),
        created_at=iso(example.created_at),
    )
