"""Instagram's direct messages, to an account that a Facebook page is linked with.

They are sent with the page's token. The account with a login of its own, at another host, is
another contract.
"""

from __future__ import annotations

from connectors.messenger.platform import MessengerPlatformConnector, Surface
from connectors.text import utf8


class InstagramConnector(MessengerPlatformConnector):
    """`instagram_id` is the account's, which `entry[].id` of its webhooks says; not the page's."""

    name = "instagram"
    surface = Surface(
        subject="instagram",
        account="instagram_id",
        longest=1_000,
        measure=utf8,
        metadata=False,
    )
