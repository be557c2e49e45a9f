"""Which calls leave a line in the audit log: all that change something, but for those named."""

from __future__ import annotations

from bot.records import AuditFilter
from bot.services import Services
from desk.routes import Route

# What customers do stands in their own conversation; this is about everybody else.
SEEN = "says what is on somebody's screen at this moment, and changes nothing"
UNAUDITED = {
    ("POST", "/conversations/{id}/typing"): SEEN,
    ("DELETE", "/conversations/{id}/mentions"): SEEN,
    ("PUT", "/me/presence"): "is about oneself, many times a day, and seen by all while it holds",
    ("POST", "/conversations/{id}/suggestions/{suggestion_id}/insert"): "fills a draft",
    ("POST", "/signals"): "reports what customers did in the shop; it is gone in a day",
    ("POST", "/conflicts"): "looks at the project's files, and changes nothing",
}


async def newest_line_of(services: Services, user_id: str) -> str | None:
    """The id of the newest line of this person's."""
    async with services.database.read() as uow:
        found = await uow.audit_log.page(AuditFilter(by=user_id), before=None, limit=1)
    return found[0].id if found else None


def should_leave_a_line(route: Route) -> bool:
    """Whether it changes something in somebody's name who is no customer."""
    changes = route.method != "GET" and route.audience not in ("customer", "anyone")
    return changes and (route.method, route.path) not in UNAUDITED
