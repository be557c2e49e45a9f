"""A seeded demo shop for tests to copy, made anew before it is of another time than they are."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from actions.context.demo import seed

# Its customers looked at a page some minutes ago, which is forgotten after half an hour.
FRESH = timedelta(minutes=5)


@dataclass(slots=True)
class DemoShop:
    """Shops in `folder`, a file each; none is changed once somebody was given it."""

    folder: Path
    _made: list[datetime] = field(default_factory=list)

    def path(self) -> Path:
        """A shop as of today, and of minutes ago at most. Making one takes a second."""
        at = datetime.now(timezone.utc)
        if not self._made or at - self._made[-1] > FRESH or at.date() != self._made[-1].date():
            self._made.append(at)
            # In a thread: where this is called, a loop may be running.
            with ThreadPoolExecutor(1) as aside:
                aside.submit(asyncio.run, seed(self._url)).result()
        return self._file

    @property
    def _file(self) -> Path:
        return self.folder / f"shop{len(self._made)}.db"

    @property
    def _url(self) -> str:
        return f"sqlite+aiosqlite:///{self._file}"
