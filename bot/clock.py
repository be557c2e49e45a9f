"""Time and identifiers, the two things every row needs."""

from __future__ import annotations

from datetime import datetime, timezone

import uuid_utils


def now() -> datetime:
    """The present, aware, in UTC."""
    return datetime.now(timezone.utc)


def new_id() -> str:
    """A UUIDv7: unique, and in the order of making, so that an index on it stays compact."""
    return str(uuid_utils.uuid7())


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with `Z`, to the millisecond: how every time leaves this program."""
    text = moment.astimezone(timezone.utc).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def from_iso(text: str) -> datetime:
    """The moment that `iso` wrote."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def iso_or_none(moment: datetime | None) -> str | None:
    """The same, for what may not have happened."""
    return iso(moment) if moment else None
