"""One line of what `warmline doctor` found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.errors import SetupError

Level = Literal["ok", "warning", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is so, and how to mend it: only what is ok has no cure. Neither ever holds a secret."""

    level: Level
    says: str
    cure: str = ""


def ok(says: str) -> Finding:
    return Finding("ok", says)


def warning(says: str, *, cure: str) -> Finding:
    return Finding("warning", says, cure)


def problem(says: str, *, cure: str) -> Finding:
    return Finding("problem", says, cure)


def refused(error: SetupError) -> Finding:
    """What would keep the server from starting, in the words that it would say itself."""
    return Finding("problem", f"{error.where}: {error.problem}", error.cure)
