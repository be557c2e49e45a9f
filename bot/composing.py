"""Showing a customer on a messaging channel that an answer is being written."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from bot.jobs import Jobs
from bot.messages import Connector, TypingConnector

log = logging.getLogger(__name__)
LONGEST_SECONDS = 5.0  # by then the answer itself is there


class Composing:
    """Tells the channels that can show it. The widget and the desk hear of it from the bus."""

    def __init__(self, connectors: Mapping[str, Connector], jobs: Jobs) -> None:
        self._connectors = {
            name: connector
            for name, connector in connectors.items()
            if isinstance(connector, TypingConnector)
        }
        self._jobs = jobs

    def show(self, channel: str, address: str | None, external_id: str | None) -> None:
        """Show it beside whatever else is done; nothing waits for it or fails with it."""
        connector = self._connectors.get(channel)
        if connector is not None and address is not None and external_id is not None:
            self._jobs.start(_show(connector, address, external_id))


async def _show(connector: TypingConnector, address: str, external_id: str) -> None:
    try:
        await asyncio.wait_for(connector.show_typing(address, external_id), LONGEST_SECONDS)
    except Exception as error:
        log.info("typing_not_shown channel=%s error=%s", connector.name, type(error).__name__)
