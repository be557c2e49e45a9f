"""Messenger: the conversations of a Facebook page."""

from __future__ import annotations

from connectors.messenger_platform import MessengerPlatformConnector, Surface


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
