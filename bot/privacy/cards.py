"""Numbers of payment cards in a text: by the brands' first digits and lengths, the check digit, and
the groups that such numbers are written in. Everything that a shop numbers otherwise stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from stdnum import iban

from bot.privacy.plain import Place, Text

CARD_REMOVED = "[card number removed]"
SHORTEST = 14

# What stands between two digits of one number, also the parts of an emoji's keycap.
_COMMON = r"\s.\-_/,·\u200c\u200d\ufe0f\u20e3"
# Times, scores and lists have these too: only groups as a card has them are parted so.
_SELDOM = r"*|:()\[\]='\u2019"
_RUN = re.compile(rf"(?<!\d)\d(?:[{_COMMON}{_SELDOM}]{{0,4}}\d){{{SHORTEST - 1},}}")
_ODD = re.compile(f"[{_SELDOM}]")
_GROUP = re.compile(r"\d+")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]){11,30}", re.IGNORECASE)
# Visa; Mastercard; Amex; Diners; JCB; Discover, UnionPay, Maestro and others; Mir and Troy.
_BRANDS = (
    (re.compile(r"4"), (19, 16)),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"30[0-5]|3095|3[689]"), (19, 16, 14)),
    (re.compile(r"35(?:2[89]|[3-8])"), (19, 18, 17, 16)),
    (re.compile(r"6|50|5[6-8]|8[12]"), (19, 18, 17, 16)),
    (re.compile(r"220[0-4]|9792"), (19, 18, 17, 16)),
)
_OTHER_GROUPS = frozenset({(4, 6, 5), (4, 6, 4), (4, 4, 5), (6, 10), (6, 13), (8, 11)})
_LONGEST_TELEPHONE = 15
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def without_cards(text: Text) -> Text:
    """The text with a marker for every card number."""
    return text.without(_cards(text.view), CARD_REMOVED)


def _cards(text: str) -> list[Place]:
    """Where the card numbers are. One that is a part of an IBAN is none."""
    found = [place for run in _RUN.finditer(text) for place in _in_run(text, run)]
    if not found:
        return []
    accounts = [each.span() for each in _IBAN.finditer(text) if _is_iban(each.group())]
    return [
        (start, end)
        for start, end in found
        if not any(first < end and start < last for first, last in accounts)
    ]


def _in_run(text: str, run: re.Match[str]) -> Iterator[Place]:
    """The same in digits that nothing else parts."""
    groups = [each.span() for each in _GROUP.finditer(text, run.start(), run.end())]
    digits = [int(each) for start, end in groups for each in text[start:end]]
    ends, total = {}, 0  # the group that ends after so many digits
    for place, (start, end) in enumerate(groups):
        total += end - start
        ends[total] = place
    first = at = 0
    while first < len(groups):
        start, _ = groups[first]
        last = _last(groups, digits, ends, first, at)
        if last is not None and not _fits(text, groups[first : last + 1]):
            last = None
        if last is not None:
            yield start, groups[last][1]
        for start, end in groups[first : (first if last is None else last) + 1]:
            at += end - start
            first += 1


def _last(
    groups: Sequence[tuple[int, int]],
    digits: Sequence[int],
    ends: dict[int, int],
    first: int,
    at: int,
) -> int | None:
    """The last group of the longest card number that begins with this one, which begins `at` this
    digit."""
    for length in _lengths(tuple(digits[at : at + 4])):
        last = ends.get(at + length)
        if last is not None and _checks(digits[at : at + length]):
            sizes = tuple(end - start for start, end in groups[first : last + 1])
            if _is_written_so(sizes):
                return last
    return None


@lru_cache(maxsize=10_000)
def _lengths(first_four: tuple[int, ...]) -> tuple[int, ...]:
    """How long a card number that begins so can be, the longest first."""
    begins = "".join(map(str, first_four))
    return next((lengths for brand, lengths in _BRANDS if brand.match(begins)), ())


def _checks(digits: Sequence[int]) -> bool:
    """Luhn's check digit; a library's own is made for any alphabet, and fifty times as slow."""
    return (sum(digits[-1::-2]) + sum(_DOUBLED[each] for each in digits[-2::-2])) % 10 == 0


def _is_written_so(sizes: tuple[int, ...]) -> bool:
    """In one piece, in pieces of one size of which the last may differ, in fours that were not all
    parted, or as the brand prints it."""
    *whole, _ = sizes
    alike = len(set(whole)) <= 1
    return alike or all(size % 4 == 0 for size in whole) or sizes in _OTHER_GROUPS


def _fits(text: str, groups: Sequence[Place]) -> bool:
    """Whether what stands before and between these groups is as at a card number."""
    sizes = [end - start for start, end in groups]
    between = {text[end:start] for (_, end), (start, _) in pairwise(groups)}
    if text[max(groups[0][0] - 1, 0)] == "+":
        # A telephone number has at most fifteen digits, and others may follow it.
        return len(groups) == 1 or (len(between) == 1 and sum(sizes) > _LONGEST_TELEPHONE)
    is_odd = any(_ODD.search(each) for each in between)
    return not is_odd or all(size % 4 == 0 for size in sizes[:-1]) or tuple(sizes) in _OTHER_GROUPS


def _is_iban(text: str) -> bool:
    # Words may follow it, which the expression takes for more of it.
    compact = "".join(text.split()).upper()
    figures = [str(int(each, 36)) for each in compact]
    country = "".join(figures[:4])
    return any(
        int("".join(figures[4:length]) + country) % 97 == 1 and iban.is_valid(compact[:length])
        for length in range(15, len(compact) + 1)
    )
