"""What may hold a customer's words outside the database and the models: files of ours that are made
again when they are needed, and the mails of the demo's shop."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from bot.learning.conflict_search import FILE as CONFLICTS

EXPORTS = "exports"  # in the data folder, while one is being given out
_MAILBOX = "shop.db"  # the demo's shop; no other shop's data are ours
_BUSY_SECONDS = 30.0


def clear_caches(data_dir: Path, project: Path) -> None:
    """Delete what was found in training data, exports that were not fetched, and Rasa's cache."""
    (data_dir / CONFLICTS).unlink(missing_ok=True)
    rasa = Path(os.environ.get("RASA_CACHE_DIRECTORY") or project / ".rasa" / "cache")
    for folder in (data_dir / EXPORTS, rasa):
        shutil.rmtree(folder, ignore_errors=True)


def forget_mails(data_dir: Path, references: Sequence[str], emails: Sequence[str]) -> int:
    """Delete what the demo's shop mailed to them, which is read in our own mailbox; how many."""
    path = data_dir / _MAILBOX
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        count = 0
        for column, values in (("customer", references), ("to_address", emails)):
            for value in values:
                sql = f"DELETE FROM mails WHERE {column} = ?"  # noqa: S608  (one of these two)
                count += connection.execute(sql, (value,)).rowcount
        if count:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return count
