"""What libraries say of their work stays out of the log: some of them write a message's text or a
row's values, and whoever looks for a fault turns the whole log up. Rasa's are quiet already."""

from __future__ import annotations

import logging
import time

# Each passes what it handles to its log on its lower levels.
TALKATIVE = (
    *("aiohttp", "aiosqlite", "asyncio", "asyncpg", "engineio", "redis"),
    *("socketio", "sqlalchemy", "urllib3"),
)
# Each writes an error with what a stranger sent, or with a trace, as often as one is sent.
CARELESS = ("engineio.server", "socketio.server")
ONCE_IN_SECONDS = 60.0


class Short(logging.Filter):
    """Lets one line through a minute: that there was an error, and of what kind."""

    def __init__(self) -> None:
        super().__init__()
        self._quiet_until = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        at = time.monotonic()
        if at < self._quiet_until:
            return False
        self._quiet_until = at + ONCE_IN_SECONDS
        kind = record.exc_info[0] if record.exc_info else None
        record.msg, record.args = "library_failed error=%s", (kind.__name__ if kind else "none",)
        record.exc_info = record.exc_text = None
        return True


_SHORT = Short()


def quieten() -> None:
    """Let them say only what went wrong, whatever the level of the log is."""
    for name in TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
    for name in CARELESS:
        logger = logging.getLogger(name)
        logger.setLevel(logging.ERROR)
        logger.addFilter(_SHORT)
