"""The JSON of one survey: as it stands beside its conversation, and as the widget shows it."""

from __future__ import annotations

from pydantic import BaseModel


class Survey(BaseModel):
    """What the customer was asked after the last chat that an agent resolved: `csat` is how
    satisfied they are and `effort` how easy it was, from 1 to 5, best."""

    asked_at: str
    answered_at: str | None
    csat: int | None
    effort: int | None
    comment: str | None


class WidgetSurvey(BaseModel):
    """The survey that the customer may answer now, with what they chose so far."""

    id: str
    csat: int | None
    effort: int | None
