"""The log: text for people, or one JSON object a line for what collects it.

Our lines are an event and its key=value pairs. Both formats come from the same calls, so that the
one cannot say what the other does not; a library that wants its fields apart would have every call
written anew.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import datetime, timezone
from types import TracebackType
from typing import Any

from bot.clock import iso
from bot.operations.log_context import known
from bot.settings import LogFormat

TEXT = "%(asctime)s %(levelname)s %(message)s"
OURS = ("bot", "desk", "connectors", "actions", "warmline")
_LINE = re.compile(r"([a-z][a-z0-9_]*)((?: [a-z][a-z0-9_]*=.*)?)", re.DOTALL)
# A value ends where the next key begins: paths and problems hold spaces.
_PAIR = re.compile(r" ([a-z][a-z0-9_]*)=(.*?)(?= [a-z][a-z0-9_]*=|$)", re.DOTALL)
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?")


def configure(log_format: LogFormat, level: int) -> None:
    """Write to standard error. `level` is for our own lines: what libraries say below a warning
    may hold what customers wrote, as Rasa's does."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if log_format == "json" else logging.Formatter(TEXT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(level)


class JsonLines(logging.Formatter):
    """One object a line: time, level, logger and event, what the line is about, and its pairs."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, timezone.utc)
        line: dict[str, Any] = {
            **known(),
            **_said(record.getMessage()),
            "time": iso(at),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, stack = record.exc_info
            line |= {"error": kind.__name__, "stack": _places(stack)}
        first = ("time", "level", "logger", "event")
        ordered = {**{key: line[key] for key in first}, **line}
        return json.dumps(ordered, ensure_ascii=False)


def _said(message: str) -> dict[str, Any]:
    ours = _LINE.fullmatch(message)
    if ours is None:
        return {"event": "message", "message": message}  # a library's own words
    pairs = {key: _value(key, value) for key, value in _PAIR.findall(ours[2])}
    return {**pairs, "event": ours[1]}


def _value(key: str, text: str) -> str | float:
    """Numbers as such, but for ids, which may only look like one."""
    if key.endswith("id") or not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)


def _places(stack: TracebackType | None) -> list[str]:
    """Where it happened. What the error itself says may hold anything, and stays out."""
    return [f"{at.filename}:{at.lineno} {at.name}" for at in traceback.extract_tb(stack)]
