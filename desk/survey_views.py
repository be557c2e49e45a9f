"""From a survey's record to the shapes of the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.clock import iso
from bot.conversation import Conversation
from bot.records import Survey
from bot.store.database import UnitOfWork
from bot.survey_panel import open_panel
from desk import survey_shapes as shapes


def facts_of(row: Survey) -> dict[str, Any]:
    """The fields of `shapes.Survey`, also for shapes that say more."""
    return {
        "asked_at": iso(row.asked_at),
        "answered_at": iso(row.answered_at) if row.answered_at else None,
        "csat": row.csat,
        "effort": row.effort,
        "comment": row.comment,
    }


async def latest(uow: UnitOfWork, conversation_id: str) -> shapes.Survey | None:
    """The conversation's newest survey."""
    row = await uow.surveys.latest(conversation_id)
    return shapes.Survey(**facts_of(row)) if row else None


async def panel(
    uow: UnitOfWork, conversation: Conversation, *, at: datetime
) -> shapes.WidgetSurvey | None:
    """What the widget is to show of it."""
    row = await open_panel(uow, conversation, at=at)
    return shapes.WidgetSurvey(id=row.id, csat=row.csat, effort=row.effort) if row else None
