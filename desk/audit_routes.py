"""The leads' part of the API: who changed what, as pages and as a file."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from datetime import datetime

from aiohttp import web
from pydantic import BaseModel, Extra, Field, validator

from bot.clock import iso, now
from bot.records import AuditEntry, AuditFilter
from bot.services import Services
from desk import audit_shapes as shapes
from desk import views
from desk.csv_rows import MARK, rows, safe
from desk.paging import Page, decode, encode, in_utc
from desk.routes import Call, Route

log = logging.getLogger(__name__)

AT_ONCE = 500  # lines of a file that are in memory at a time
COLUMNS = ("id", "created_at", "actor", "by", "action", "subject", "conversation_id", "details")


class Wanted(BaseModel):
    """What the log is narrowed to."""

    by: str | None = Field(default=None, description="A user's id, or operator, or bot")
    action: str | None = Field(
        default=None,
        description="Actions by commas; what stands before the dot stands for all of that kind",
    )
    conversation_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @validator("since", "until")
    def _aware(cls, moment: datetime | None) -> datetime | None:  # noqa: N805
        """A time without a zone is taken as UTC."""
        return in_utc(moment) if moment is not None else None

    def filter(self) -> AuditFilter:
        return AuditFilter(
            by=self.by,
            actions=tuple(filter(None, (self.action or "").split(","))),
            conversation_id=self.conversation_id,
            since=self.since,
            until=self.until,
        )


class AuditPage(Page, Wanted):
    pass


class AuditFile(Wanted):
    class Config:
        extra = Extra.forbid


def table() -> list[Route]:
    return [
        Route(
            "GET",
            "/audit",
            "lead",
            "Who changed what, newest first",
            audit,
            query=AuditPage,
            answer=shapes.Audit,
        ),
        Route(
            "GET",
            "/audit/actions",
            "lead",
            "The actions to filter by",
            actions,
            answer=shapes.AuditActions,
        ),
        Route(
            "GET",
            "/audit/export.csv",
            "lead",
            "All lines that the filters leave, for a spreadsheet",
            export_csv,
            query=AuditFile,
            is_file=True,
        ),
        Route(
            "GET",
            "/audit/export.jsonl",
            "lead",
            "The same for programs, a line a line",
            export_jsonl,
            query=AuditFile,
            is_file=True,
        ),
    ]


async def audit(call: Call) -> shapes.Audit:
    query: AuditPage = call.query
    before = decode(query.cursor, 1)
    found = await _page(
        call.services, query.filter(), before=before[0] if before else None, limit=query.limit
    )
    following = encode(found[-1].id) if len(found) == query.limit else None
    return shapes.Audit(items=found, next=following)


async def actions(call: Call) -> shapes.AuditActions:
    async with call.services.database.read() as uow:
        return shapes.AuditActions(items=await uow.audit_log.actions())


async def export_csv(call: Call) -> web.StreamResponse:
    return await _send(call, "csv", "text/csv")


async def export_jsonl(call: Call) -> web.StreamResponse:
    return await _send(call, "jsonl", "application/jsonl")


async def _send(call: Call, ending: str, kind: str) -> web.StreamResponse:
    """The file while it is being read, so that a log of any length takes no memory."""
    name = f"audit-{now().date().isoformat()}.{ending}"
    response = web.StreamResponse(headers={"Content-Disposition": f'attachment; filename="{name}"'})
    response.content_type, response.charset = kind, "utf-8"
    query: AuditFile = call.query
    batches = _batches(call.services, query.filter())
    # What cannot be read at all is refused as anywhere; afterwards it is too late for that.
    nothing: list[shapes.AuditEntry] = []
    first = await anext(batches, nothing)
    await response.prepare(call.request)
    written = _as_csv if ending == "csv" else _as_jsonl
    head = MARK + rows([COLUMNS]) if ending == "csv" else ""
    try:
        await response.write((head + written(first)).encode())
        async for batch in batches:
            await response.write(written(batch).encode())
    except ConnectionError:
        pass  # whoever asked has gone
    except Exception as error:
        log.error("audit_not_exported error=%s", type(error).__name__)
        # Without its end the browser does not take the file for whole.
        if call.request.transport is not None:
            call.request.transport.abort()
    return response


async def _batches(
    services: Services, wanted: AuditFilter
) -> AsyncIterator[list[shapes.AuditEntry]]:
    """Newest first. Each is read by itself: an export holds no transaction open for minutes."""
    before: str | None = None
    while True:
        found = await _page(services, wanted, before=before, limit=AT_ONCE)
        if found:
            yield found
        if len(found) < AT_ONCE:
            return
        before = found[-1].id


async def _page(
    services: Services, wanted: AuditFilter, *, before: str | None, limit: int
) -> list[shapes.AuditEntry]:
    async with services.database.read() as uow:
        found = await uow.audit_log.page(wanted, before=before, limit=limit)
        names = await views.people(uow, ())
    return [_shown(entry, names) for entry in found]


def _shown(row: AuditEntry, names: views.People) -> shapes.AuditEntry:
    return shapes.AuditEntry(
        id=row.id,
        action=row.action,
        subject=row.subject,
        actor=row.actor,
        by=names.agent(row.user_id),
        conversation_id=row.conversation_id,
        details=dict(row.details),
        created_at=iso(row.created_at),
    )


def _as_csv(found: list[shapes.AuditEntry]) -> str:
    return rows([safe(_cell(entry, name)) for name in COLUMNS] for entry in found)


def _cell(entry: shapes.AuditEntry, name: str) -> str:
    if name == "by":
        return entry.by.name if entry.by else ""
    if name == "details":
        return json.dumps(entry.details, ensure_ascii=False) if entry.details else ""
    return str(getattr(entry, name) or "")


def _as_jsonl(found: list[shapes.AuditEntry]) -> str:
    return "".join(entry.json(ensure_ascii=False) + "\n" for entry in found)
