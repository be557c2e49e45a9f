"""The values that a shop's JSON is made of, each taken only in the one form the contract names.

A number where an amount's text belongs, a day without its century or a moment without its zone may
mean two things, and which one was meant would be a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import ConstrainedInt, ConstrainedStr

# Systems that have no date say their first one: 0001-01-01, 1900-01-01, 1970-01-01.
FIRST_YEAR, LAST_YEAR = 1990, 2100
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:00)", re.ASCII)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")

Check = Callable[[Any], Any]
D = TypeVar("D", bound=date)


class Line(ConstrainedStr):
    """A text in one line, which any database and any page can hold."""

    strict = True
    max_length = 200

    @classmethod
    def __get_validators__(cls) -> Generator[Check, None, None]:
        yield from super().__get_validators__()
        yield cls._printable

    @classmethod
    def _printable(cls, text: str) -> str:
        if _UNPRINTABLE.search(text):
            raise ValueError("holds characters that are no text")
        return text


class Name(Line):
    """What something is called: never empty."""

    min_length = 1


class Reference(Name):
    """The shop's own key of something."""

    max_length = 100


class Fact(Line):
    """What is said of a product."""

    max_length = 2_000


class WebAddress(Line):
    """Where a page is: in full, or as a path of the site that the customer is on."""

    max_length = 1_000
    regex = re.compile(r"^(?:https?://\S|/)\S*$")


class Currency(ConstrainedStr):
    """By ISO 4217."""

    strict = True
    max_length = 3
    regex = re.compile(r"^[A-Z]{3}$")


class Quantity(ConstrainedInt):
    """How many of something somebody has: at least one."""

    strict = True
    ge = 1
    le = 100_000


class Count(ConstrainedInt):
    """How many there are, perhaps none."""

    strict = True
    ge = 0
    le = 1_000_000_000


class Percent(ConstrainedInt):
    """How much of a price is taken off."""

    strict = True
    ge = 1
    le = 100


class Amount(Decimal):
    """Money as a text such as `59.90`: a JSON number would go through binary fractions."""

    _written = re.compile(r"\d{1,9}(?:\.\d{1,3})?", re.ASCII)

    @classmethod
    def __get_validators__(cls) -> Iterator[Check]:
        yield cls._read

    @classmethod
    def __modify_schema__(cls, schema: dict[str, Any]) -> None:
        schema.update(type="string", pattern=f"^{cls._written.pattern}$", examples=["59.90"])

    @classmethod
    def _read(cls, told: object) -> Decimal:
        if not isinstance(told, str) or not cls._written.fullmatch(told):
            raise ValueError("is no amount such as 59.90, as a text")
        return Decimal(told)


class Day(date):
    """A day as `2026-06-05`."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Check]:
        yield cls._read

    @classmethod
    def __modify_schema__(cls, schema: dict[str, Any]) -> None:
        schema.update(type="string", format="date", examples=["2026-06-05"])

    @classmethod
    def _read(cls, told: object) -> date:
        if not isinstance(told, str) or not _DAY.fullmatch(told):
            raise ValueError("is no day such as 2026-06-05")
        return _likely(_existing(date.fromisoformat, told))


class Moment(datetime):
    """A moment as `2026-06-05T14:30:00Z`, by RFC 3339 and in UTC."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Check]:
        yield cls._read

    @classmethod
    def __modify_schema__(cls, schema: dict[str, Any]) -> None:
        schema.update(type="string", format="date-time", examples=["2026-06-05T14:30:00Z"])

    @classmethod
    def _read(cls, told: object) -> datetime:
        found = _MOMENT.fullmatch(told) if isinstance(told, str) else None
        if found is None:
            raise ValueError("is no moment such as 2026-06-05T14:30:00Z")
        day, time, fraction = found.groups()
        # Some systems count nanoseconds; Python counts microseconds.
        written = f"{day}T{time}.{(fraction or '').ljust(6, '0')[:6]}+00:00"
        return _likely(_existing(datetime.fromisoformat, written))


def _existing(read: Callable[[str], D], written: str) -> D:
    try:
        return read(written)
    except ValueError:
        # Python's own message quotes what was written.
        raise ValueError("is in no calendar") from None


def _likely(day: D) -> D:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("is a date of another age")
    return day
