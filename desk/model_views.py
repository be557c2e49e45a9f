"""From a model's record to the shapes of the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.clock import iso, iso_or_none
from bot.learning.replay_report import with_texts
from bot.records import Model
from desk import model_shapes as shapes
from desk.views.names import People


def listed(row: Model, names: People) -> shapes.ListedModel:
    return shapes.ListedModel(**_facts(row, names))


def detail(row: Model, names: People, texts: Mapping[str, str]) -> shapes.ModelDetail:
    """`texts` are those of the turns that its report lists."""
    return shapes.ModelDetail(
        **_facts(row, names),
        sha256=row.sha256,
        size=row.size,
        data_sha256=row.data_sha256,
        card=row.card,
        report=with_texts(row.report, texts) if row.report else None,
    )


def _facts(row: Model, names: People) -> dict[str, Any]:
    return {
        "id": row.id,
        "state": row.state,
        "made_from": row.made_from,
        "started_at": iso(row.started_at),
        "started_by": names.agent(row.started_by),
        "finished_at": iso_or_none(row.finished_at),
        "step": row.step,
        "share": row.share,
        "lessons": shapes.Lessons(**row.lessons) if row.lessons else None,
        "figures": _figures(row.card) if row.card else None,
        "gate_passed": row.gate_passed,
        "error": row.error,
        "promoted_at": iso_or_none(row.promoted_at),
        "promoted_by": names.agent(row.promoted_by),
        "reason": row.reason,
        "previous": row.previous,
        "recalled_at": iso_or_none(row.recalled_at),
    }


def _figures(card: dict[str, Any]) -> shapes.CardFigures:
    promises = card["thresholds"].values()
    messages = sum(promise["messages"] for promise in promises)
    # A class for which nothing can be promised answers nothing.
    answered = sum(each["answered"] for each in promises if each["confidence"] is not None)
    return shapes.CardFigures(
        examples=card["data"]["examples"],
        intents=card["data"]["intents"],
        accuracy=card["unseen_examples"]["accuracy"],
        calibration_error=card["unseen_examples"]["calibration_error"],
        coverage=answered / messages if messages else 0.0,
    )
