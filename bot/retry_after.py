"""What an answer's headers say of when to come again (RFC 9110, 10.2.3). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, from a number of them or from a date; None when there is neither."""
    told = headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return float(told)
    until = _date(told)
    if until is None:
        return None
    # By the sender's own clock, if it says what time it has.
    at = _date(headers.get("Date", "")) or datetime.now(timezone.utc)
    return max(0.0, (until - at).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)
