"""The longest that any of our regular expressions takes on the worst texts we know of.

    uv run python -m bench.patterns

Each runs over texts as long as what is read of a message, made of what it looks for: a long run of
one character or one of its own words, with an end that does not fit. That none takes time that
doubles with each character is tested (tests/bot/test_patterns.py); this finds those that take the
square of a text's length.
"""

from __future__ import annotations

import argparse
import itertools
import re
import sys
import time

from rich.console import Console
from rich.table import Table

from bot.assistant.reply import READ_CHARACTERS
from tests.bot.patterns import all_patterns

SLOW_SECONDS = 0.5
WORD = re.compile(r"[a-z]{2,}", re.IGNORECASE)
RUNS = (" ", "a", "1", ".", "-", "a ", "1 ", "a.", "a@", "a-", "1,", "1.", "\n", "(", "no ", "é")
END = "\x00"


def worst(pattern: re.Pattern[str], characters: int) -> tuple[float, str]:
    """The longest search over one of the texts, and of what that text was a run."""
    words = [f"{word} " for word in dict.fromkeys(WORD.findall(pattern.pattern))][:6]
    found = (0.0, "")
    for run in itertools.chain(RUNS, words):
        text = (run * characters)[:characters] + END
        started = time.perf_counter()
        pattern.search(text)
        found = max(found, (time.perf_counter() - started, run))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--characters", type=int, default=READ_CHARACTERS)
    wanted = parser.parse_args()
    console = Console()
    once = {pattern: place for place, pattern in reversed(all_patterns().items())}
    measured = sorted(
        ((*worst(pattern, wanted.characters), place) for pattern, place in once.items()),
        reverse=True,
    )
    table = Table("seconds", "a run of", "where", title=f"{len(measured)} patterns")
    for seconds, run, place in measured[:15]:
        table.add_row(f"{seconds:.3f}", repr(run), place)
    console.print(table)
    sys.exit(1 if measured[0][0] > SLOW_SECONDS else 0)


if __name__ == "__main__":
    main()
