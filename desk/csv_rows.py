"""Rows as CSV for spreadsheets. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | float | None
# What a spreadsheet would run instead of showing it (OWASP, CSV injection).
_RUN = ("=", "+", "-", "@", "\t", "\r")
MARK = "\ufeff"  # without it, Excel reads UTF-8 as something else


def rows(cells: Iterable[Sequence[Cell]]) -> str:
    """One line each."""
    written = io.StringIO()
    csv.writer(written).writerows(cells)
    return written.getvalue()


def safe(text: str) -> str:
    """The text as a cell that is shown and not run."""
    return f"'{text}" if text.startswith(_RUN) else text
