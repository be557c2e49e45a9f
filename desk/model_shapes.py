"""The JSON of models: what was trained, what is live, and who decided."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from bot.records import ModelState
from desk.shapes import Person


class Lessons(BaseModel):
    """How many different texts a candidate learns from labels, how many more it is judged by, and
    how many intents are new to it."""

    taught: int
    held_out: int
    new_intents: int


class CardFigures(BaseModel):
    """What the model's own card says: shares from 0 to 1. `coverage` is how many messages may be
    answered at the accepted wrong rates."""

    examples: int
    intents: int
    accuracy: float
    calibration_error: float
    coverage: float


class ListedModel(BaseModel):
    """`step` and `share` (from 0 to 1) are of a training that is under way; `error` says why it
    cannot be used; `gate_passed` is null where nothing was compared; `previous` was live before it;
    `reason` is why it was promoted or gone back to; one that is `recalled_at` some time had learnt
    from messages that were erased then, and becomes live no more."""

    id: str
    state: ModelState
    made_from: str | None
    started_at: str
    started_by: Person | None
    finished_at: str | None
    step: str | None
    share: float | None
    lessons: Lessons | None
    figures: CardFigures | None
    gate_passed: bool | None
    error: str | None
    promoted_at: str | None
    promoted_by: Person | None
    reason: str | None
    previous: str | None
    recalled_at: str | None


class Models(BaseModel):
    """`live` and `training` are there whatever page is asked for."""

    live: ListedModel | None
    training: ListedModel | None
    items: list[ListedModel]
    next: str | None


class ModelDetail(ListedModel):
    """`card` is what its training stored with it, `report` how it compared with the model that was
    live then, with the words of the turns that it lists; null where the customer deleted them."""

    sha256: str | None
    size: int | None
    data_sha256: str | None
    card: dict[str, Any] | None
    report: dict[str, Any] | None
