"""What the shop's programs report: something a customer just did."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web
from pydantic import BaseModel, ConstrainedStr, Extra, Field, StrictStr, validator

from bot.records import SignalKind
from bot.signal_report import LONGEST_ABOUT, Whose, report
from desk import shapes, views
from desk.paging import in_utc
from desk.routes import Call, Route

REPEATED = 200


class Reference(ConstrainedStr):
    """The shop's own name for a customer."""

    strict = True
    min_length = 1
    max_length = 200


class CustomersAddress(BaseModel):
    """Where the customer writes from, as the channel names it."""

    channel: StrictStr = Field(min_length=1, max_length=40)
    address: StrictStr = Field(min_length=1, max_length=400)

    class Config:
        extra = Extra.forbid


class NewSignal(BaseModel):
    customer: Reference | CustomersAddress = Field(
        description="The shop's own reference, or the address they write from on a channel"
    )
    kind: SignalKind
    at: datetime | None = Field(default=None, description="RFC 3339; now, when it is left out")
    about: StrictStr | None = Field(
        default=None,
        max_length=LONGEST_ABOUT,
        description="An order's number, a SKU or a page's path",
    )
    id: StrictStr | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="The same id again for the same customer changes nothing",
    )

    class Config:
        extra = Extra.forbid

    @validator("at", pre=True)
    def _is_text(cls, moment: object) -> object:  # noqa: N805
        """Pydantic would take a number for seconds, or milliseconds, or neither."""
        if moment is not None and not isinstance(moment, str):
            raise ValueError("must be a text such as 2026-06-05T14:30:00Z")
        return moment

    @validator("at")
    def _has_zone(cls, moment: datetime | None) -> datetime | None:  # noqa: N805
        if moment is not None and moment.tzinfo is None:
            raise ValueError("needs its time zone, as in 2026-06-05T14:30:00Z")
        return in_utc(moment) if moment is not None else None


def table() -> list[Route]:
    return [
        Route(
            "POST",
            "/signals",
            "program",
            "Report what a customer just did; 200 when it was reported before",
            report_signal,
            body=NewSignal,
            answer=shapes.Signal,
            status=202,
            repeated=REPEATED,
            scope="signals",
        )
    ]


async def report_signal(call: Call) -> web.Response:
    wanted: NewSignal = call.body
    whose = wanted.customer
    signal, is_new = await report(
        call.services,
        Whose.reference(whose) if isinstance(whose, str) else Whose(whose.channel, whose.address),
        wanted.kind,
        at=wanted.at,
        about=wanted.about,
        signal_id=wanted.id,
    )
    text = views.signal(signal).json()
    return web.json_response(text=text, status=202 if is_new else REPEATED)
