"""What the API says of a snooze, and takes for one."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field


class Snooze(BaseModel):
    """Since when its agent has put a conversation off, and until when: None for until the customer
    writes, which ends any."""

    at: str
    until: str | None


class SnoozeFor(BaseModel):
    """How long to put it off."""

    until: datetime | None = Field(
        default=None, description="ISO 8601, in UTC unless it names a zone; none: until they write"
    )
