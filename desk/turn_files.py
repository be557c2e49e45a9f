"""Logged turns as files: CSV for spreadsheets, JSON lines for programs. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from desk.csv_rows import MARK, rows, safe
from desk.shapes import GivenLabel, LoggedTurn

COLUMNS = (
    *("id", "created_at", "conversation_id", "channel", "text", "intent", "confidence"),
    *("outcome", "reason", "labels", "entities", "actions", "model", "duration_ms"),
)


def as_csv(turns: Iterable[LoggedTurn]) -> str:
    """The rows, without the head."""
    return rows([_cell(turn, name) for name in COLUMNS] for turn in turns)


def as_jsonl(turns: Iterable[LoggedTurn]) -> str:
    """One a line, as the API answers it."""
    return "".join(turn.json(ensure_ascii=False) + "\n" for turn in turns)


def _cell(turn: LoggedTurn, name: str) -> str | float | None:
    if name == "labels":
        return safe("; ".join(_said(label) for label in turn.labels))
    if name == "entities":
        return safe("; ".join(f"{one.entity}={one.value}" for one in turn.entities))
    if name == "actions":
        return safe("; ".join(turn.actions))
    value: str | float | None = getattr(turn, name)
    return safe(value) if isinstance(value, str) else value


def _said(label: GivenLabel) -> str:
    return f"{label.by}: {label.intent or 'skipped'}"


HEAD = MARK + rows([COLUMNS])
