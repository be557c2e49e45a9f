"""Logged turns as files: CSV for spreadsheets, JSON lines for programs. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from desk.shapes import GivenLabel, LoggedTurn

COLUMNS = (
    *("id", "created_at", "conversation_id", "channel", "text", "intent", "confidence"),
    *("outcome", "reason", "labels", "entities", "actions", "model", "duration_ms"),
)
# What a spreadsheet would run instead of showing it (OWASP, CSV injection).
_RUN = ("=", "+", "-", "@", "\t", "\r")
_MARK = "\ufeff"  # without it, Excel reads UTF-8 as something else


def as_csv(turns: Iterable[LoggedTurn]) -> str:
    """The rows, without the head."""
    return _rows([_cell(turn, name) for name in COLUMNS] for turn in turns)


def as_jsonl(turns: Iterable[LoggedTurn]) -> str:
    """One a line, as the API answers it."""
    return "".join(turn.json(ensure_ascii=False) + "\n" for turn in turns)


def _cell(turn: LoggedTurn, name: str) -> str | float | None:
    if name == "labels":
        return _safe("; ".join(_said(label) for label in turn.labels))
    if name == "entities":
        return _safe("; ".join(f"{one.entity}={one.value}" for one in turn.entities))
    if name == "actions":
        return _safe("; ".join(turn.actions))
    value: str | float | None = getattr(turn, name)
    return _safe(value) if isinstance(value, str) else value


def _said(label: GivenLabel) -> str:
    return f"{label.by}: {label.intent or 'skipped'}"


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_RUN) else text


def _rows(rows: Iterable[Sequence[str | float | None]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()


HEAD = _MARK + _rows([COLUMNS])
