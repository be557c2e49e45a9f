"""The channels there are: a file or a folder each, one line each in CONNECTORS."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.errors import SetupError
from bot.messages import Connector, WebhookConnector
from connectors.base import Block
from connectors.facebook import FacebookConnector
from connectors.instagram import InstagramConnector
from connectors.rest import RestConnector
from connectors.slack.connector import SlackConnector
from connectors.socketio import SocketIOConnector
from connectors.telegram.connector import TelegramConnector
from connectors.twilio.connector import TwilioConnector
from connectors.web import WebConnector
from connectors.whatsapp.connector import WhatsAppConnector

CONNECTORS: dict[str, Callable[[Block], Connector]] = {
    "facebook": FacebookConnector.from_credentials,
    "instagram": InstagramConnector.from_credentials,
    "rest": RestConnector.from_credentials,
    "slack": SlackConnector.from_credentials,
    "socketio": SocketIOConnector.from_credentials,
    "telegram": TelegramConnector.from_credentials,
    "twilio": TwilioConnector.from_credentials,
    "web": WebConnector.from_credentials,
    "whatsapp": WhatsAppConnector.from_credentials,
}


def connected(blocks: Mapping[str, Block]) -> dict[str, Connector]:
    """A connector for each block of credentials.yml, by its name: a channel, or CHANNEL.ACCOUNT for
    a further account of one. Raises SetupError naming the broken key."""
    connectors = {}
    for name, block in blocks.items():
        channel, _, account = name.partition(".")
        try:
            connector = CONNECTORS[channel](block)
        except SetupError as error:
            # It names the channel's keys, not knowing of its accounts.
            where = error.where.replace(f"'{channel}.", f"'{name}.") if account else error.where
            raise SetupError(error.problem, where=where, cure=error.cure) from error
        if account and not isinstance(connector, WebhookConnector):
            raise SetupError(
                "this channel has one account",
                where=f"credentials.yml, key '{name}'",
                cure=f"Name it '{channel}', once.",
            )
        connector.name = name
        connectors[name] = connector
    return connectors
