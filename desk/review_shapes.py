"""The JSON of the review inbox."""

from __future__ import annotations

from pydantic import BaseModel

from desk.shapes.turn import GivenLabel, Turn


class ReviewItem(BaseModel):
    """A message to label, with all that say the same: `turn_ids` are at most 200 of the `waiting`
    ones, the shown one first, and `alike` a few of their other wordings. `fate` is what the
    customer made of the answer, `wrap_up_intent` what an agent said that they wanted."""

    turn: Turn
    turn_ids: list[str]
    waiting: int
    fate: str | None
    wrap_up_intent: str | None
    alike: list[str]


class Inbox(BaseModel):
    items: list[ReviewItem]
    next: str | None


class WrongRate(BaseModel):
    """Of the randomly chosen answers that were judged, how many were wrong; `low` and `high` hold
    the true rate with 95 % confidence, and `accepted` is what handoff.yml accepts."""

    risk_class: str
    judged: int
    wrong: int
    low: float
    high: float
    accepted: float


class Standing(BaseModel):
    """Of `pairs` messages that two leads labelled, `kappa` is how far they agreed at first; null
    while these are too few. `disagreements` are what stands now."""

    waiting: int
    labelled_today: int
    intents: list[str]
    entities: list[str]
    rates: list[WrongRate]
    pairs: int
    disagreements: int
    kappa: float | None


class Disagreement(BaseModel):
    turn: Turn
    labels: list[GivenLabel]


class Disagreements(BaseModel):
    items: list[Disagreement]
    next: str | None
