"""The channels there are: one file each, one line each in CONNECTORS."""

from __future__ import annotations

from collections.abc import Callable

from bot.messages import Connector
from connectors.base import Block
from connectors.rest import RestConnector
from connectors.slack import SlackConnector
from connectors.socketio import SocketIOConnector
from connectors.telegram import TelegramConnector
from connectors.web import WebConnector

CONNECTORS: dict[str, Callable[[Block], Connector]] = {
    "rest": RestConnector.from_credentials,
    "slack": SlackConnector.from_credentials,
    "socketio": SocketIOConnector.from_credentials,
    "telegram": TelegramConnector.from_credentials,
    "web": WebConnector.from_credentials,
}
