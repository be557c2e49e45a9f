"""The survey as the widget shows it: a panel with both questions and room for a comment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.clock import now
from bot.conversation import Conversation, State
from bot.errors import Conflict, InvalidInput, NotFound
from bot.events import Event
from bot.messages import channel_of
from bot.ownership import lock_conversation
from bot.records import Survey
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.survey import IN_A_PANEL, PRESSED_WITHIN
from bot.text import clean_or_empty

LONGEST_COMMENT = 2_000


@dataclass(frozen=True, slots=True)
class PanelAnswer:
    """What the customer chose or wrote since the last one; None is what they did not touch.
    `done`: they want to be asked no more, whether or not they answered."""

    csat: int | None = None
    effort: int | None = None
    comment: str | None = None
    done: bool = False


async def open_panel(uow: UnitOfWork, conversation: Conversation, *, at: datetime) -> Survey | None:
    """The survey that the widget is to show with this conversation now."""
    if conversation.state is not State.RESOLVED:
        return None  # they have moved on
    survey = await uow.surveys.current(conversation.id)
    if survey is None or channel_of(survey.channel) != IN_A_PANEL:
        return None
    is_over = survey.closed_at is not None or at >= survey.asked_at + PRESSED_WITHIN
    return None if is_over else survey


async def answer_in_panel(
    services: Services, conversation_id: str, survey_id: str, answer: PanelAnswer
) -> None:
    """Keep what was answered; said again, the same changes nothing. Raises NotFound for a survey of
    another conversation, Conflict for one that is over."""
    comment = clean_or_empty(answer.comment or "", field="comment")
    if len(comment) > LONGEST_COMMENT:
        raise InvalidInput(
            "comment", f"'comment' must have at most {LONGEST_COMMENT:,} characters."
        )
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        survey = await uow.surveys.get(survey_id)
        if survey is None or survey.conversation_id != conversation.id:
            raise NotFound("There is no such survey.")
        at = now()
        if at >= survey.asked_at + PRESSED_WITHIN:
            raise Conflict("This survey is over.", code="survey_over")
        says = answer.csat is not None or answer.effort is not None or comment != ""
        await uow.surveys.update(
            replace(
                survey,
                csat=answer.csat or survey.csat,
                effort=answer.effort or survey.effort,
                comment=comment or survey.comment,
                answered_at=survey.answered_at or (at if says else None),
                closed_at=survey.closed_at or (at if answer.done else None),
            )
        )
    await services.bus.publish(Event("survey", conversation_id))
