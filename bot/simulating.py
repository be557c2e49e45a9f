"""`warmline simulate CHANNEL`: a provider played on a terminal against a running server."""

from __future__ import annotations

from bot.credentials import load_credentials
from bot.errors import SetupError
from bot.messages import channel_of
from bot.settings import Settings
from connectors import CONNECTORS
from simulator import PROVIDERS
from simulator.base import listens_at
from simulator.demo import simulated
from simulator.play import play


async def simulate(settings: Settings, name: str, address: str | None) -> None:
    """Hold a conversation until the input ends. Raises SetupError naming what is missing."""
    if channel_of(name) not in PROVIDERS:
        raise SetupError(
            "this channel has no provider to play",
            where=f"channel '{name}'",
            cure=f"Channels with one: {', '.join(sorted(PROVIDERS))}.",
        )
    blocks = load_credentials(settings.credentials, CONNECTORS)
    block = blocks.get(name) or simulated(settings.secret_key, settings.port).get(name)
    if block is None or "api_url" not in block:
        raise SetupError(
            "it is the real provider's: there is no `api_url` here",
            where=f"{settings.credentials}, key '{name}'",
            cure="Add api_url: http://127.0.0.1:18090 for a trial, and start the server again.",
        )
    provider = PROVIDERS[channel_of(name)](block, f"{settings.public_url}/webhooks/{name}/webhook")
    await play(provider, address, *listens_at(block))
