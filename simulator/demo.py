"""Credentials for simulated providers, so that a demo has every channel switched on."""

from __future__ import annotations

from hashlib import sha256

from simulator.base import Block

# Each provider listens on a port of its own, this far above the server's, where little else is.
FIRST_PORT = 10_001
CHANNELS = ("twilio", "whatsapp", "facebook", "instagram", "telegram", "slack")
HIGHEST_PORT = 65_535


def simulated(secret: str, port: int) -> dict[str, Block]:
    """A block for each channel of a server on this port. Secrets are derived from the server's own,
    so that nobody else can sign for these providers."""

    def key(purpose: str) -> str:
        return sha256(f"simulated {purpose}:{secret}".encode()).hexdigest()

    meta = {"verify": key("verify"), "secret": key("app"), "page-access-token": key("page")}
    blocks: dict[str, dict[str, str]] = {
        "twilio": {
            "account_sid": f"AC{key('account')[:32]}",
            "auth_token": key("auth")[:32],
            "twilio_number": "+15005550006",
        },
        "whatsapp": {
            "phone_number_id": "105005550006",
            "access_token": key("access"),
            "app_secret": key("app")[:32],
            "verify_token": key("verify"),
            "display_number": "+1 500 555 0007",
        },
        "facebook": meta,
        "instagram": meta,
        "telegram": {
            "access_token": f"105005:{key('bot')[:35]}",
            "secret_token": key("webhook"),
            "bot_name": "warmline_demo_bot",
        },
        "slack": {
            "slack_token": f"xoxb-{key('token')}",
            "slack_signing_secret": key("signing")[:32],
        },
    }
    return {
        channel: {**blocks[channel], "api_url": f"http://127.0.0.1:{_port(port, number)}"}
        for number, channel in enumerate(CHANNELS)
    }


def _port(port: int, number: int) -> int:
    wanted = port + FIRST_PORT + number
    return wanted if wanted <= HIGHEST_PORT else port - FIRST_PORT - number
