"""The chat widget's channel: the widget reads the transcript itself, by sequence number."""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import SetupError
from bot.messages import Delivery, Limit, OutboundMessage, Receipt
from connectors.base import Block, check_block

SHORTEST_SECRET = 32


class WebConnector:
    """`sites` may embed the widget; `customer_secret` signs the shop's own customer tokens."""

    name = "web"
    delivery: Delivery = "pull"
    repeatable = True
    limit: Limit | None = None

    def __init__(self, *, sites: Sequence[str], customer_secret: str | None) -> None:
        self.sites = tuple(sites)
        self.customer_secret = customer_secret

    @classmethod
    def from_credentials(cls, block: Block) -> WebConnector:
        check_block("web", block, {"sites": list, "customer_secret": str})
        sites = block.get("sites", [])
        for site in sites:
            if not isinstance(site, str) or not site.startswith(("http://", "https://")):
                raise SetupError(
                    f"'{site}' is not a site",
                    where="credentials.yml, key 'web.sites'",
                    cure="List origins such as https://shop.example or http://localhost:*.",
                )
        secret = block.get("customer_secret")
        if secret is not None and len(secret) < SHORTEST_SECRET:
            raise SetupError(
                f"shorter than {SHORTEST_SECRET} characters",
                where="credentials.yml, key 'web.customer_secret'",
                cure="Use a random secret, known to the shop's server and to Warmline alone.",
            )
        return cls(sites=sites, customer_secret=secret)

    async def send(self, outbound: OutboundMessage) -> Receipt:
        """The widget fetches by itself, as soon as it is told of the message or comes back."""
        return Receipt("held")
