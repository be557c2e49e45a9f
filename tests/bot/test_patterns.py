"""No regular expression of ours can be made to run for ever by what a customer writes."""

from __future__ import annotations

import re

import pytest

from bot.assistant.wording import _listed
from tests.bot.machine import blows_up
from tests.bot.patterns import all_patterns

# Each takes twice as long with every further character of a text that almost fits.
EVIL = (
    r"(a+)+$",
    r"(a*)*b",
    r"(?:a|a)*$",
    r"(?:\w+\s?)*!",
    r"(?:[a-z]+|\d|[a-c]b?)*$",
    r"^(?:\d|\d\d)+$",
    r"(?=(?:x+x+)+y)x",
    r"(?i:(?:Ab|aB)+)!",
    r"(?:[^,]*,?)*;",
)
HARMLESS = (
    r"a+b+a+",
    r"(?:ab)*",
    r"(?:\w+\s)*!",
    r"[^\W\d_]+(?:['-][^\W\d_]+)*",
    r"\d{1,3}(?:,\d{3})*",
    r"(?:foo|bar)+",
    r"(?:a(?=b)b)*",
)


@pytest.mark.parametrize("pattern", EVIL)
def test_what_blows_up_is_found(pattern: str) -> None:
    assert blows_up(re.compile(pattern))


@pytest.mark.parametrize("pattern", HARMLESS)
def test_what_does_not_is_not_accused(pattern: str) -> None:
    assert not blows_up(re.compile(pattern))


def test_none_of_ours_blows_up() -> None:
    found = all_patterns()
    assert len(found) > 150, "they are looked for where they are"
    assert [place for place, pattern in found.items() if blows_up(pattern)] == []


def test_what_operators_write_in_the_rules_is_words_and_no_pattern() -> None:
    pattern = _listed(("su*", "(a+)+", "law*er", "x**"))
    assert not blows_up(pattern)
    assert pattern.search("I will sue, so suing it is")
    assert pattern.search("(a+)+")
    assert not pattern.search("lawyer")
