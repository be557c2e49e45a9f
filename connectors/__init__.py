"""The channels there are: one file each, one line each in CONNECTORS."""

from __future__ import annotations

from collections.abc import Callable

from bot.messages import Connector
from connectors.base import Block
from connectors.facebook import FacebookConnector
from connectors.instagram import InstagramConnector
from connectors.rest import RestConnector
from connectors.socketio import SocketIOConnector
from connectors.web import WebConnector

CONNECTORS: dict[str, Callable[[Block], Connector]] = {
    "facebook": FacebookConnector.from_credentials,
    "instagram": InstagramConnector.from_credentials,
    "rest": RestConnector.from_credentials,
    "socketio": SocketIOConnector.from_credentials,
    "web": WebConnector.from_credentials,
}
