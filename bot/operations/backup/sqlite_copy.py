"""A copy of a SQLite database while it is served, and back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.errors import SetupError

NAME = "database.sqlite"
BESIDE = ("-wal", "-shm")


def copy(source: Path, to: Path) -> None:
    """SQLite's own online back-up, in one step: one moment's state, and nobody waits for it."""
    with closing(sqlite3.connect(source)) as served, closing(sqlite3.connect(to)) as target:
        served.backup(target, pages=-1)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, without another beside it
    check(to)


def check(path: Path) -> None:
    """Raise SetupError unless SQLite finds the file sound."""
    try:
        with closing(sqlite3.connect(path)) as opened:
            (answer,) = opened.execute("PRAGMA quick_check").fetchone()
    except sqlite3.DatabaseError:
        answer = "unreadable"
    if answer != "ok":
        cure = "Restore the newest back-up that is sound, or mend it with `sqlite3 .recover`."
        raise SetupError("the database is damaged", where=str(path), cure=cure)


def put(copied: Path, at: Path) -> None:
    """In place of what is there; the caller keeps other processes off."""
    at.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    for suffix in BESIDE:
        at.with_name(at.name + suffix).unlink(missing_ok=True)
    part = at.with_name(f"{at.name}.part")
    part.touch(mode=0o600)
    shutil.copyfile(copied, part)
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.rename(at)
