"""The leads' figures in the API: what comes of contacts, and the contacts behind a figure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pydantic import BaseModel, Extra, Field, root_validator, validator

from bot.clock import now
from bot.errors import InvalidInput
from bot.insight.definitions import BY_NAME, FIGURES
from bot.insight.report import by_day, period_before, report
from bot.store.contacts import Wanted
from desk import insight_shapes as shapes
from desk import insight_views, views
from desk.paging import Page, decode_moment, encode_moment
from desk.routes import Call, Route

DAYS = 28  # without a period: four whole weeks, so that weekends weigh the same
LONGEST_DAYS = 366
EARLIEST = date(2000, 1, 1)


class Period(BaseModel):
    """Both days are included, in UTC; without them, the last 28 days. "" is: none."""

    since: date | None = None
    until: date | None = None
    channel: str | None = Field(default=None, max_length=40)
    intent: str | None = Field(default=None, max_length=200)
    model: str | None = Field(default=None, max_length=200)
    reason: str | None = Field(default=None, max_length=40)

    @validator("channel", "intent", "model", "reason")
    def _storable(cls, value: str | None) -> str | None:  # noqa: N805
        if value is not None and "\0" in value:
            raise ValueError("a NUL is in no name")
        return value

    @root_validator(skip_on_failure=True)
    def _in_order(cls, values: dict[str, date | None]) -> dict[str, date | None]:  # noqa: N805
        until = values["until"] or max(values["since"] or EARLIEST, now().date())
        if until < EARLIEST:
            raise ValueError(f"'until' is before {EARLIEST}")
        since = values["since"] or max(until - timedelta(days=DAYS - 1), EARLIEST)
        if since > until:
            raise ValueError("'since' is after 'until'")
        if since < EARLIEST:
            raise ValueError(f"'since' is before {EARLIEST}")
        if (until - since).days >= LONGEST_DAYS:
            raise ValueError(f"more than {LONGEST_DAYS} days: choose a later 'since'")
        return {**values, "since": since, "until": until}

    def wanted(self) -> Wanted:
        if self.since is None or self.until is None:
            raise ValueError("the validator fills in both days")
        return Wanted(self.since, self.until, self.channel, self.intent, self.model, self.reason)


class DaysQuery(Period):
    class Config:
        extra = Extra.forbid


class InsightQuery(DaysQuery):
    compare: Literal["previous", "none"] = "previous"


class ContactPage(Page, Period):
    figure: str = Field(default="contacts", description="Its name, as in the definitions")
    part: Literal["counted", "rest"] = Field(
        default="counted", description="What a share counts, or those it is of but does not count"
    )


def table() -> list[Route]:
    return [
        Route(
            "GET",
            "/insight",
            "lead",
            "What comes of contacts: all figures, and by channel, intent, model and reason",
            insight,
            query=InsightQuery,
            answer=shapes.Insight,
        ),
        Route(
            "GET",
            "/insight/days",
            "lead",
            "The figures of each day",
            days,
            query=DaysQuery,
            answer=shapes.Days,
        ),
        Route(
            "GET",
            "/insight/contacts",
            "lead",
            "The contacts behind a figure, newest first",
            contacts,
            query=ContactPage,
            answer=shapes.Contacts,
        ),
        Route(
            "GET",
            "/insight/definitions",
            "lead",
            "What each figure counts",
            definitions,
            answer=shapes.Definitions,
        ),
    ]


async def insight(call: Call) -> shapes.Insight:
    query: InsightQuery = call.query
    wanted = query.wanted()
    compare = query.compare == "previous"
    async with call.services.database.read() as uow:
        found = await report(uow, wanted, compare=compare)
        counted = await uow.contacts.share_cut()
    before = period_before(wanted) if compare else None
    groups = {
        f"{name}s": [insight_views.group(each) for each in slices]
        for name, slices in found.groups.items()
    }
    return shapes.Insight(
        since=wanted.since.isoformat(),
        until=wanted.until.isoformat(),
        previous_since=before.since.isoformat() if before else None,
        previous_until=before.until.isoformat() if before else None,
        counted=counted,
        figures=[insight_views.figure(each) for each in found.figures],
        **groups,
    )


async def days(call: Call) -> shapes.Days:
    query: DaysQuery = call.query
    async with call.services.database.read() as uow:
        found = await by_day(uow, query.wanted())
    return shapes.Days(items=[insight_views.day(each) for each in found])


async def contacts(call: Call) -> shapes.Contacts:
    query: ContactPage = call.query
    figure = BY_NAME.get(query.figure)
    if figure is None:
        known = ", ".join(BY_NAME)
        raise InvalidInput("figure", f"There is no figure '{query.figure}'. Known: {known}.")
    before = decode_moment(query.cursor)
    async with call.services.database.read() as uow:
        rows = await uow.contacts.behind(
            query.wanted(),
            figure,
            rest=query.part == "rest",
            before=before,
            limit=query.limit,
        )
        names = await views.people(uow, (row.customer_id for row in rows))
    full = len(rows) == query.limit
    following = encode_moment(rows[-1].started_at, rows[-1].id) if full else None
    return shapes.Contacts(
        items=[insight_views.listed(row, figure, names) for row in rows], next=following
    )


async def definitions(call: Call) -> shapes.Definitions:
    return shapes.Definitions(items=[insight_views.definition(each) for each in FIGURES])
