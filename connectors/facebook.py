"""Messenger: the conversations of a Facebook page."""

from __future__ import annotations

from urllib.parse import quote

from bot.messages import Reach
from connectors.messenger.platform import MessengerPlatformConnector, Surface


class FacebookConnector(MessengerPlatformConnector):
    """`page_id` is the page's, which `entry[].id` of its webhooks says."""

    name = "facebook"
    surface = Surface(
        subject="page",
        account="page_id",
        longest=2_000,
        measure=len,
        metadata=True,
    )

    def reach(self, code: str) -> Reach:
        """A link opens the conversation; the code is to be typed."""
        return Reach(
            "Messenger", url=f"https://m.me/{quote(self.receives)}" if self.receives else None
        )
