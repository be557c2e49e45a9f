"""Cursors: where the next page of a list starts, opaque to whoever carries them."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timezone

from pydantic import BaseModel, Extra, Field

from bot.errors import InvalidInput

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200


class Page(BaseModel):
    """Every list takes these."""

    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=LARGEST_LIMIT)
    cursor: str | None = None

    class Config:
        extra = Extra.forbid


def encode(*parts: str) -> str:
    """A cursor that holds these parts."""
    return base64.urlsafe_b64encode("\n".join(parts).encode()).decode().rstrip("=")


def decode(cursor: str | None, parts: int) -> list[str] | None:
    """The parts, or None without a cursor; raise InvalidInput for one we did not make."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        found = base64.b64decode(padded, b"-_", validate=True).decode().split("\n")
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise InvalidInput("cursor", "'cursor' is not one this list gave out.") from error
    if len(found) != parts:
        raise InvalidInput("cursor", "'cursor' is not one this list gave out.")
    return found


def encode_moment(moment: datetime, row_id: str) -> str:
    return encode(moment.isoformat(), row_id)


def decode_moment(cursor: str | None) -> tuple[datetime, str] | None:
    found = decode(cursor, 2)
    if found is None:
        return None
    try:
        return in_utc(datetime.fromisoformat(found[0])), found[1]
    except ValueError as error:
        raise InvalidInput("cursor", "'cursor' is not one this list gave out.") from error


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC, which a time without a zone is in; raise ValueError for one that
    lies outside the years there are."""
    try:
        aware = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
        return aware.astimezone(timezone.utc)
    except OverflowError as error:
        raise ValueError("the date is out of range") from error
