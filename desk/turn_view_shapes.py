"""What the API says of the views of the log that leads keep."""

from __future__ import annotations

from pydantic import BaseModel, Extra, Field, StrictStr

_FILTERS = "As after the '?' in the address of /console/turns, such as outcome=misunderstood"


class NewTurnView(BaseModel):
    name: StrictStr
    filters: StrictStr = Field(description=_FILTERS)

    class Config:
        extra = Extra.forbid


class TurnView(BaseModel):
    id: str
    name: str
    filters: str = Field(description=_FILTERS)


class TurnViews(BaseModel):
    items: list[TurnView]
    next: str | None
