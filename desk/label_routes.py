"""Labels in the API: what leads say logged messages are about."""

from __future__ import annotations

from pydantic import BaseModel, Extra, StrictInt, StrictStr

from bot.labelling import label_turns, undo
from desk.routes import Call, Route


class Span(BaseModel):
    """Characters of the message from `start` to before `end`."""

    start: StrictInt
    end: StrictInt
    entity: StrictStr


class OneLabel(BaseModel):
    """`intent` null: the message is skipped, there is nothing to learn from it."""

    intent: StrictStr | None
    entities: list[Span] = []

    class Config:
        extra = Extra.forbid


class ManyLabels(BaseModel):
    turn_ids: list[StrictStr]
    intent: StrictStr | None

    class Config:
        extra = Extra.forbid


class Labelled(BaseModel):
    """`batch` undoes it."""

    batch: str
    labelled: int


def table() -> list[Route]:
    return [
        Route(
            "POST",
            "/turns/{id}/label",
            "lead",
            "Say what a message is about",
            label,
            body=OneLabel,
            answer=Labelled,
        ),
        Route(
            "POST",
            "/labels",
            "lead",
            "Say it of up to 200 messages at once",
            label_many,
            body=ManyLabels,
            answer=Labelled,
        ),
        Route("DELETE", "/labels/{batch}", "lead", "Take back what was given in one go", take_back),
    ]


async def label(call: Call) -> Labelled:
    wanted: OneLabel = call.body
    turn_id = call.request.match_info["id"]
    spans = [span.dict() for span in wanted.entities]
    batch = await label_turns(call.services, call.staff, [turn_id], wanted.intent, spans)
    return Labelled(batch=batch, labelled=1)


async def label_many(call: Call) -> Labelled:
    wanted: ManyLabels = call.body
    batch = await label_turns(call.services, call.staff, wanted.turn_ids, wanted.intent)
    return Labelled(batch=batch, labelled=len(set(wanted.turn_ids)))


async def take_back(call: Call) -> None:
    await undo(call.services, call.staff, call.request.match_info["batch"])
