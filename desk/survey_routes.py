"""Surveys in the API: the widget's answers, and what leads read of all of them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from pydantic import BaseModel, Extra, Field, StrictBool, StrictStr, root_validator

from bot.errors import NotFound
from bot.privacy.consent import require_consent
from bot.rating import HIGHEST, LOWEST
from bot.store.surveys import Figures, SurveyFilter
from bot.survey_panel import PanelAnswer, answer_in_panel
from desk import satisfaction_shapes as shapes
from desk import views
from desk.paging import Page, decode_moment, encode_moment
from desk.routes import Call, Route
from desk.survey_views import facts_of
from desk.widget_thread import CHANNEL, find_conversation


class SurveyAnswer(BaseModel):
    """What the customer chose or wrote since the last one. `done`: the panel was closed."""

    survey: StrictStr
    csat: int | None = Field(default=None, ge=LOWEST, le=HIGHEST)
    effort: int | None = Field(default=None, ge=LOWEST, le=HIGHEST)
    comment: StrictStr | None = None
    done: StrictBool = False


class Wanted(BaseModel):
    """Both days are included, in UTC."""

    since: date | None = None
    until: date | None = None
    agent: str | None = Field(default=None, description="A user's id")
    channel: str | None = None
    queue: str | None = None

    @root_validator(skip_on_failure=True)
    def _in_order(cls, values: dict[str, date | None]) -> dict[str, date | None]:  # noqa: N805
        since, until = values["since"], values["until"]
        if since is not None and until is not None and since > until:
            raise ValueError("'since' is after 'until'")
        return values


class FiguresQuery(Wanted):
    class Config:
        extra = Extra.forbid


class SurveyPage(Page, Wanted):
    answered: bool | None = None


def table() -> list[Route]:
    return [
        Route(
            "GET",
            "/surveys",
            "lead",
            "What customers were asked after a chat, newest first",
            surveys,
            query=SurveyPage,
            answer=shapes.Surveys,
        ),
        Route(
            "GET",
            "/surveys/figures",
            "lead",
            "How satisfied customers are: by day, agent, channel and queue",
            figures,
            query=FiguresQuery,
            answer=shapes.Satisfaction,
        ),
    ]


def widget_table() -> list[Route]:
    return [
        Route("POST", "/widget/survey", "customer", "Answer a survey", answer, body=SurveyAnswer),
    ]


async def answer(call: Call) -> None:
    wanted: SurveyAnswer = call.body
    await require_consent(call.services, CHANNEL, call.customer.address)
    async with call.services.database.read() as uow:
        conversation = await find_conversation(uow, call.customer)
    if conversation is None:
        raise NotFound("There is no such survey.")
    said = PanelAnswer(wanted.csat, wanted.effort, wanted.comment, wanted.done)
    await answer_in_panel(call.services, conversation.id, wanted.survey, said)


async def surveys(call: Call) -> shapes.Surveys:
    query: SurveyPage = call.query
    before = decode_moment(query.cursor)
    async with call.services.database.read() as uow:
        rows = await uow.surveys.page(
            _filter(query, answered=query.answered), before=before, limit=query.limit
        )
        names = await views.people(uow, (row.customer_id for row in rows))
    items = [
        shapes.ListedSurvey(
            **facts_of(row),
            id=row.id,
            conversation_id=row.conversation_id,
            customer=names.customer(row.customer_id),
            agent=names.agent(row.agent_id),
            channel=row.channel,
            queue=row.queue,
        )
        for row in rows
    ]
    full = len(rows) == query.limit
    following = encode_moment(rows[-1].asked_at, rows[-1].id) if full else None
    return shapes.Surveys(items=items, next=following)


async def figures(call: Call) -> shapes.Satisfaction:
    wanted = _filter(call.query)
    queues = call.services.rules.queues
    async with call.services.database.read() as uow:
        total = await uow.surveys.total(wanted)
        days = await uow.surveys.figures(wanted, by="day")
        agents = await uow.surveys.figures(wanted, by="agent_id")
        channels = await uow.surveys.figures(wanted, by="channel")
        of_queues = await uow.surveys.figures(wanted, by="queue")
        names = await views.people(uow, ())
    return shapes.Satisfaction(
        total=shapes.Figures(**_measures(total)),
        days=[shapes.DayFigures(day=each.of.isoformat(), **_measures(each)) for each in days],
        agents=[
            shapes.AgentFigures(agent=names.agent(each.of), **_measures(each)) for each in agents
        ],
        channels=[shapes.ChannelFigures(channel=each.of, **_measures(each)) for each in channels],
        queues=[
            shapes.QueueFigures(
                queue=each.of,
                # It may have left the file meanwhile.
                name=queues[each.of].name if each.of in queues else each.of,
                **_measures(each),
            )
            for each in of_queues
        ],
    )


def _filter(query: Wanted, *, answered: bool | None = None) -> SurveyFilter:
    return SurveyFilter(query.since, query.until, query.agent, query.channel, query.queue, answered)


def _measures(figures: Figures) -> dict[str, Any]:
    measures = asdict(figures)
    del measures["of"]
    return measures
