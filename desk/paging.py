"""Cursors: where the next page of a list starts, opaque to whoever carries them."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

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
        found = base64.urlsafe_b64decode(padded.encode()).decode().split("\n")
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
        moment = datetime.fromisoformat(found[0])
    except ValueError as error:
        raise InvalidInput("cursor", "'cursor' is not one this list gave out.") from error
    if moment.tzinfo is None:
        raise InvalidInput("cursor", "'cursor' is not one this list gave out.")
    return moment, found[1]
