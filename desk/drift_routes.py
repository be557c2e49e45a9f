"""The leads' part of the API: whether customers write otherwise than before."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Extra, Field

from bot.clock import now
from bot.learning.drift import Drift
from bot.learning.drift_watch import read_drift
from bot.learning.own_examples import own_examples
from desk import drift_shapes as shapes
from desk.routes import Call, Route

LONGEST_DAYS = 90


class DriftQuery(BaseModel):
    days: int = Field(default=28, ge=7, le=LONGEST_DAYS, description="To draw, today included")

    class Config:
        extra = Extra.forbid


class DriftRoutes:
    """`models` is the folder of the live model's file, or the file."""

    def __init__(self, models: Path) -> None:
        self._models = models

    def table(self) -> list[Route]:
        return [
            Route(
                "GET",
                "/drift",
                "lead",
                "Whether customers write otherwise than in the weeks before",
                self.drift,
                query=DriftQuery,
                answer=shapes.Drift,
            ),
        ]

    async def drift(self, call: Call) -> shapes.Drift:
        query: DriftQuery = call.query
        found = await read_drift(call.services.database, days=query.days)
        model = call.services.assistant.model
        own = await asyncio.to_thread(own_examples, self._models, model)
        return shapes.Drift(
            today=now().date().isoformat(),
            model=model,
            own_examples=shapes.OwnExamples(**asdict(own)) if own else None,
            **_facts(found),
        )


def _facts(drift: Drift | None) -> dict[str, Any]:
    if drift is None:
        return {
            "since": None,
            "weeks": 0,
            "is_alarm": False,
            "days": [],
            "changes": [],
            "movers": [],
            "movers_since": None,
        }
    return {
        "since": drift.first.isoformat(),
        "weeks": drift.weeks,
        "is_alarm": bool(drift.alarms),
        "days": [{**asdict(one), "day": one.day.isoformat()} for one in drift.days],
        "changes": [asdict(one) for one in drift.changes],
        "movers": [asdict(one) for one in drift.movers],
        "movers_since": drift.since.isoformat(),
    }
