"""Sums of money as customers write them: `£12.50`, `12,50 euros`, `20 quid`, `50p`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_WRITTEN = re.compile(
    r"(?<![\w.,])(?<!\w-)(?P<minus>[-−–]\s?|\bminus\s+)?(?P<sign>[£$€])?\s?(?P<inner>[-−–])?"  # noqa: RUF001
    r"(?P<number>\d{1,9}(?:[.,]\d{1,9})*)"
    r"(?:\s?(?P<after>[£$€])|\s?(?P<word>pounds?|quid|gbp|pence|p|euros?|eur|dollars?|usd)(?!\w)|(?![\w%]))",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_CURRENCIES = {"£": "GBP", "$": "USD", "€": "EUR"}
_BY_LETTER = {"p": "GBP", "q": "GBP", "g": "GBP", "e": "EUR", "d": "USD", "u": "USD"}


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum as it was written; `currency` is None for a bare number."""

    value: Decimal
    currency: str | None

    @property
    def is_exact(self) -> bool:
        """Whether it can be paid: no fractions of a penny."""
        return self.value == self.value.quantize(Decimal("0.01"))


def amounts_in(text: str) -> list[Amount]:
    """The sums in the text, in their order; a bare number may mean anything."""
    found = (_amount(match) for match in _WRITTEN.finditer(text))
    return [amount for amount in found if amount is not None]


def as_text(value: Decimal) -> str:
    """`59.90`, as changes hold it."""
    return str(value.quantize(Decimal("0.01")))


def _amount(match: re.Match[str]) -> Amount | None:
    number, word = match["number"], (match["word"] or "").lower()
    if _THOUSANDS.fullmatch(number):
        number = number.replace(",", "")
    elif _DECIMAL_COMMA.fullmatch(number):
        number = number.replace(",", ".")
    elif not _PLAIN.fullmatch(number):
        return None
    value = Decimal(number)
    if word in ("p", "pence"):
        value /= 100
    if match["minus"] or match["inner"]:
        value = -value
    sign = match["sign"] or match["after"] or ""
    currency = _CURRENCIES.get(sign) or (_BY_LETTER[word[0]] if word else None)
    return Amount(value, currency)
