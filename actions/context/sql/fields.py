"""The values of one row, each checked for what cannot be true before anybody hears it.

An error names the column and never the value, which may be a customer's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, timezone
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, TypeVar

from actions.context.errors import ShopUnavailable

_CENT = Decimal("0.01")
_FAR_FROM_A_CENT = 1e-6
Amounts = Literal["cents", "units"]
Code = TypeVar("Code", bound=str)


class Fields:
    """One row; `where` says which SELECT it came from, `amounts` how its money is written."""

    __slots__ = ("_amounts", "_row", "_where")

    def __init__(self, where: str, row: Mapping[str, Any], amounts: Amounts) -> None:
        self._where = where
        self._row = row
        self._amounts = amounts

    def has(self, column: str) -> bool:
        """Whether there is anything in it."""
        value = self._row[column]
        return value is not None and value != ""

    def text(self, column: str) -> str:
        """Something to read; a whole number, as keys often are, is one."""
        value = self._row[column]
        if isinstance(value, str) and value.strip():
            return value
        if type(value) is int:
            return str(value)
        raise self.wrong(column, "holds no text")

    def text_or_none(self, column: str) -> str | None:
        """The same, or None where there is nothing."""
        return self.text(column) if self.has(column) else None

    def code(self, column: str, known: Mapping[str, Code]) -> Code:
        """One of the interface's own codes."""
        value = self._row[column]
        if isinstance(value, str) and value in known:
            return known[value]
        raise self.wrong(column, f"holds none of: {', '.join(known)}")

    def currency(self, column: str) -> str:
        """Three capitals, as ISO 4217 has them."""
        value = self._row[column]
        if isinstance(value, str) and len(value) == 3 and value.isalpha() and value.isupper():
            return value
        raise self.wrong(column, "holds no currency's code, such as GBP")

    def amount(self, column: str) -> Decimal:
        """Money in the currency's unit, to the cent."""
        amount = self._cents(column) if self._amounts == "cents" else self._units(column)
        if amount < 0:
            raise self.wrong(column, "holds a negative amount")
        return amount

    def whole(self, column: str, *, least: int = 0) -> int:
        """A whole number that is not too small."""
        value = _whole(self._row[column])
        if value is not None and value >= least:
            return value
        raise self.wrong(column, f"holds no whole number from {least} on")

    def flag(self, column: str) -> bool:
        """Yes or no; SQLite says 1 and 0."""
        value = self._row[column]
        if value in (0, 1):
            return bool(value)
        raise self.wrong(column, "holds neither true nor false (1 nor 0)")

    def moment(self, column: str) -> datetime:
        """A point in time, taken for UTC where it names no zone."""
        value = self._row[column]
        try:
            at = datetime.fromisoformat(value.replace("Z", "+00:00")) if _is_text(value) else value
        except ValueError:
            at = None
        if not isinstance(at, datetime):
            raise self.wrong(column, "holds no date and time (as 2026-06-05 14:30:00)")
        return at.astimezone(timezone.utc) if at.tzinfo else at.replace(tzinfo=timezone.utc)

    def day(self, column: str) -> date:
        """A day."""
        value = self._row[column]
        try:
            day = date.fromisoformat(value) if _is_text(value) else value
        except ValueError:
            day = None
        if not isinstance(day, date) or isinstance(day, datetime):
            raise self.wrong(column, "holds no day (as 2026-06-05)")
        return day

    def day_or_none(self, column: str) -> date | None:
        """The same, or None where there is nothing."""
        return self.day(column) if self.has(column) else None

    def _cents(self, column: str) -> Decimal:
        cents = _whole(self._row[column])
        if cents is not None:
            return Decimal(cents).scaleb(-2)
        raise self.wrong(column, "holds no amount in whole cents")

    def _units(self, column: str) -> Decimal:
        value = self._row[column]
        if isinstance(value, float) and math.isfinite(value):  # what SQLite makes of decimals
            cents = round(value, 2)
            value = str(cents if abs(cents - value) < _FAR_FROM_A_CENT else value)
        if isinstance(value, bool) or not isinstance(value, (Decimal, int, str)):
            raise self.wrong(column, "holds no amount")
        try:
            exact = Decimal(value)
            amount = exact.quantize(_CENT)
        except InvalidOperation:
            raise self.wrong(column, "holds no amount") from None
        if amount != exact:  # nor is a NaN what it is
            raise self.wrong(column, "holds an amount with less than a cent")
        return amount

    def wrong(self, column: str, what: str) -> ShopUnavailable:
        """The error of a column that holds what cannot be true."""
        return self.lie(f"column '{column}' {what}")

    def lie(self, what: str) -> ShopUnavailable:
        """The error of a row, or several, that cannot be true."""
        return ShopUnavailable(f"{self._where}: {what}; correct the shop's data, or the SELECT")


def _whole(value: object) -> int | None:
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _is_text(value: object) -> bool:
    return isinstance(value, str)
