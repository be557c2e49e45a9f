"""What libraries say of their work stays out of the log: some of them write a message's text or a
row's values, and whoever looks for a fault turns the whole log up. Rasa's are quiet already."""

from __future__ import annotations

import logging

# Each passes what it handles to its log on its lower levels.
TALKATIVE = (
    *("aiohttp", "aiosqlite", "asyncio", "asyncpg", "engineio", "redis"),
    *("socketio", "sqlalchemy", "urllib3"),
)


def quieten() -> None:
    """Let them say only what went wrong, whatever the level of the log is."""
    for name in TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
