"""Providers that run here: they send signed webhooks and take messages, as the real ones do."""

from __future__ import annotations

from collections.abc import Callable

from simulator.base import Block, Provider
from simulator.messenger import Instagram, Messenger
from simulator.slack import Slack
from simulator.telegram import Telegram
from simulator.twilio import Twilio
from simulator.whatsapp import WhatsApp

PROVIDERS: dict[str, Callable[[Block, str], Provider]] = {
    "facebook": Messenger,
    "instagram": Instagram,
    "slack": Slack,
    "telegram": Telegram,
    "twilio": Twilio,
    "whatsapp": WhatsApp,
}
