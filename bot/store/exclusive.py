"""One serving process for one SQLite file, held by a lock that vanishes with the process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import URL

from bot.errors import SetupError
from bot.store.unusable import shown, unusable


@contextmanager
def held_alone(url: URL) -> Iterator[None]:
    """Keep every other serving process off this file; raise SetupError when one has it.

    The lock is the system's, on a file beside the database: however the process ends, it is gone.
    The file itself stays, since a deleted one could be locked by two at once.
    """
    # Links are followed, or two names of one database would be two locks.
    path = Path(f"{Path(url.database or '').resolve()}.lock")
    try:
        file = path.open("a+", encoding="ascii")
    except OSError as error:
        raise unusable(url, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise SetupError(
                f"another Warmline (process {file.read().strip()}) serves this database",
                where=f"WARMLINE_DATABASE_URL ({shown(url)})",
                cure="Stop that one, or use PostgreSQL, which several processes may share.",
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
