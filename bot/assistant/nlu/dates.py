"""Days as customers write them: "yesterday", "last Friday", "3 days ago", "12 March", 12/03/2026.

Numbers are read day first, as in the United Kingdom, unless that is no date.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NUMBERS = {word: number for number, word in enumerate(COUNTED, 1)} | {
    "a": 1,
    "an": 1,
    "a couple of": 2,
    "couple of": 2,
}
UNITS = {"day": 1, "week": 7, "month": 30}
OFFSETS = {
    "the day before yesterday": -2,
    "yesterday": -1,
    "today": 0,
    "tonight": 0,
    "tomorrow": 1,
    "the day after tomorrow": 2,
}
_COUNT = "|".join(sorted(NUMBERS, key=len, reverse=True))
_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
DATE_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<word>{'|'.join(sorted(OFFSETS, key=len, reverse=True))})\b",
        rf"\b(?P<count>\d{{1,3}}|{_COUNT}) (?P<unit>day|week|month)s? ago\b",
        rf"\bin (?P<ahead>\d{{1,3}}|{_COUNT}) (?P<unit>day|week|month)s?\b",
        rf"\b(?:(?P<way>last|next|this|on) )?(?P<weekday>{'|'.join(DAYS)})\b",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})\b"
        r"(?:,? (?P<year>20\d\d))?",
        rf"\b(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year>20\d\d))?",
        r"(?<![\d/.-])(?P<day>\d{1,2})[/.-](?P<number>\d{1,2})[/.-](?P<year>(?:20)?\d\d)(?![\d/.-])",
        r"(?<![\d/-])(?P<year>20\d\d)-(?P<number>\d\d)-(?P<day>\d\d)(?![\d/-])",
    )
)


def resolve_date(match: re.Match[str], today: date) -> date | None:
    """The day a match of DATE_PATTERNS means, seen from `today`; None when there is no such day."""
    parts = match.groupdict()
    if parts.get("word"):
        return today + timedelta(days=OFFSETS[parts["word"].lower()])
    if parts.get("unit"):
        count = (parts.get("count") or parts.get("ahead") or "").lower()
        days = (int(count) if count.isdigit() else NUMBERS[count]) * UNITS[parts["unit"].lower()]
        return today + timedelta(days=-days if parts.get("count") else days)
    if parts.get("weekday"):
        ahead = (DAYS.index(parts["weekday"].lower()) - today.weekday()) % 7
        if (parts["way"] or "").lower() == "last":
            return today + timedelta(days=ahead - 7)
        return today + timedelta(
            days=ahead or 7 if (parts["way"] or "").lower() == "next" else ahead
        )
    return _calendar(parts, today)


def _calendar(parts: dict[str, str | None], today: date) -> date | None:
    day = int(parts["day"] or 0)
    name = parts.get("month")
    month = MONTHS.index(name[:3].lower()) + 1 if name else int(parts.get("number") or 0)
    written = parts.get("year")
    year = today.year if not written else int(written) + (2000 if len(written) == 2 else 0)
    for one, other in ((day, month), (month, day)):
        try:
            found = date(year, other, one)
        except ValueError:
            continue
        if not written and found > today + timedelta(days=183):
            return found.replace(year=year - 1) if (other, one) != (2, 29) else None
        return found
    return None
