"""The JSON of drift: whether customers write otherwise than in the weeks before."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

Measure = Literal["volume", "confidence", "refused", "share"]


class Range(BaseModel):
    low: float
    high: float


class DriftDay(BaseModel):
    """A day in UTC: how many messages the bot read to answer them, the mean confidence of their
    likeliest requests and the share refused; `expected` is by the weeks before the last 7 full
    days."""

    day: str
    messages: int
    confidence: float | None
    refused: float | None
    expected: dict[Measure, Range]


class DriftChange(BaseModel):
    """The last `days` full days beside the weeks before; of the volume both are messages in all.
    `p` is corrected for everything tested, and null where too little was written to say."""

    measure: Measure
    days: int
    now: float | None
    before: float | None
    p: float | None
    is_alarm: bool


class DriftMover(BaseModel):
    """An intent in the last 7 full days and before: its share of all messages; and of those whose
    likeliest request it is, the mean confidence and the share refused."""

    intent: str
    messages_now: int
    messages_before: int
    now: dict[Measure, float]
    before: dict[Measure, float]
    p: dict[Measure, float]
    alarms: list[Measure]


class OwnExamples(BaseModel):
    """What the live model says of its own examples, each as if it had not seen it."""

    examples: int
    confidence: float
    refused: float
    accuracy: float


class Drift(BaseModel):
    """`since` is when the log begins, and `weeks` how many whole weeks before the last 7 full
    days are compared with: none while there are not two. Those 7 days begin at `movers_since`.
    `is_alarm`: something changed."""

    today: str
    since: str | None
    weeks: int
    is_alarm: bool
    days: list[DriftDay]
    changes: list[DriftChange]
    movers: list[DriftMover]
    movers_since: str | None
    model: str
    own_examples: OwnExamples | None
