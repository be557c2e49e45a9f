"""What more than one part of the wiring is made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256

from aiohttp import web

from bot.messages import (
    Connector,
)
from bot.notifying import Outside
from bot.settings import Settings
from bot.subscriptions import secret_of
from desk import (
    webhook_bodies,
)
from desk.edge.measuring import check_may_measure


def derived(secret: str, purpose: str) -> str:
    """A key of its own for each purpose, so that a token of one is nothing to another."""
    return sha256(f"{purpose}:{secret}".encode()).hexdigest()


def outside(settings: Settings) -> Outside:
    key = derived(settings.secret_key, "webhooks")
    return Outside(settings.webhook_reach, partial(secret_of, key), webhook_bodies.write)


def may_measure(settings: Settings) -> Callable[[web.Request], None]:
    return partial(check_may_measure, token=settings.metrics_token)


def pushed(connectors: Mapping[str, Connector]) -> list[str]:
    return [name for name, connector in connectors.items() if connector.delivery == "push"]
