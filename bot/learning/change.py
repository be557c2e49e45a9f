"""What writing lessons into a project changes, to be reviewed before it is."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.learning.lesson import LeftOut


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file by its path in the project, as it was (None: not there) and as it will be."""

    path: str
    before: str | None
    after: str

    @property
    def diff(self) -> str:
        """The change as a unified diff, which `git apply` and `patch -p1` take."""
        lines = difflib.unified_diff(
            (self.before or "").splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            "/dev/null" if self.before is None else f"a/{self.path}",
            f"b/{self.path}",
        )
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in lines
        )


@dataclass(frozen=True, slots=True)
class Conflict:
    """A labelled text that the project has as an example of another intent, in `where`."""

    text: str
    intent: str
    other: str
    where: str
    turn_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """The files that change, how many examples each intent gets, and what is not written."""

    files: tuple[ChangedFile, ...]
    counts: Mapping[str, int]
    new_intents: tuple[str, ...]
    skipped: tuple[LeftOut, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def diff(self) -> str:
        return "".join(file.diff for file in self.files)


class Reasons:
    """Why labelled messages are left out, each reason once."""

    def __init__(self, known: Iterable[LeftOut] = ()) -> None:
        self._turns = {one.reason: list(one.turn_ids) for one in known}

    def add(self, reason: str, turn_ids: Iterable[str]) -> None:
        self._turns.setdefault(reason, []).extend(turn_ids)

    def all(self) -> tuple[LeftOut, ...]:
        return tuple(LeftOut(reason, tuple(ids)) for reason, ids in self._turns.items() if ids)
