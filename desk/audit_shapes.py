"""The audit log as the API shows it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from desk.shapes import Person


class AuditEntry(BaseModel):
    """`by` is the person; null for other actors: `operator`, who runs commands, or `bot`, Warmline
    by itself. `details` hold ids, numbers and names of settings."""

    id: str
    action: str
    subject: str
    actor: str
    by: Person | None
    conversation_id: str | None
    details: dict[str, Any]
    created_at: str


class Audit(BaseModel):
    items: list[AuditEntry]
    next: str | None


class AuditActions(BaseModel):
    """The actions among the newest lines, to choose from."""

    items: list[str]
