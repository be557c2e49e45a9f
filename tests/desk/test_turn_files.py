"""Logged turns as files."""

from __future__ import annotations

import csv
import io
import json

from desk.shapes import GivenLabel, LoggedTurn
from desk.turn_files import COLUMNS, HEAD, as_csv, as_jsonl


def logged(text: str) -> LoggedTurn:
    return LoggedTurn(
        id="t1",
        conversation_id="v1",
        message_id="m1",
        text=text,
        intent="get_refund",
        confidence=0.5,
        ranking=[],
        entities=[],
        outcome="answered",
        reason=None,
        actions=["action_x"],
        channel="web",
        model=None,
        created_at="2026-01-01T00:00:00Z",
        duration_ms=8.5,
        labels=[GivenLabel(by="Ada", intent="get_refund"), GivenLabel(by="Jo", intent=None)],
    )


def cells(text: str) -> dict[str, str]:
    written = HEAD.removeprefix("\ufeff") + as_csv([logged(text)])
    (row,) = csv.DictReader(io.StringIO(written, newline=""))
    return row


def test_a_spreadsheet_runs_nothing_of_a_customers() -> None:
    for text in ("=1+1", "+49", "-2", "@SUM(A1)", "\tx", "\rx"):
        assert cells(text)["text"] == f"'{text}"
    assert cells('a "b", c\nd =1')["text"] == 'a "b", c\nd =1'


def test_every_column_is_filled_in_order() -> None:
    row = cells("hello")
    assert tuple(row) == COLUMNS
    assert row["labels"] == "Ada: get_refund; Jo: skipped"
    assert (row["confidence"], row["reason"], row["actions"]) == ("0.5", "", "action_x")


def test_a_turn_is_a_line_of_json() -> None:
    turns = [logged("a\nb"), logged("ü")]
    lines = as_jsonl(turns).splitlines()
    assert [json.loads(line) for line in lines] == [json.loads(turn.json()) for turn in turns]
