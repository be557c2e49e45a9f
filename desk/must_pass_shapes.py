"""What the API says of must-pass examples."""

from __future__ import annotations

from pydantic import BaseModel, Field, StrictStr

from desk.shapes import Person


class MustPass(BaseModel):
    """A message that every candidate has to serve as `intent`."""

    id: str
    text: str
    intent: str
    added_by: Person | None
    created_at: str


class MustPassExamples(BaseModel):
    items: list[MustPass]
    next: str | None


class NewMustPass(BaseModel):
    text: StrictStr
    intent: StrictStr = Field(description="An intent, or out_of_scope")
