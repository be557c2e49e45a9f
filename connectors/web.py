"""The chat widget's channel: the widget reads the transcript itself, by sequence number."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from bot.errors import SetupError
from bot.messages import Delivery, Limit, OutboundMessage, Receipt
from connectors.base import Block, check_block

SHORTEST_SECRET = 32
SHORTEST_KEY_BITS = 2048


class WebConnector:
    """`sites` may embed the widget; the shop's own customer tokens are signed with
    `customer_secret`, or with the private key of `customer_public_key`."""

    name = "web"
    delivery: Delivery = "pull"
    repeatable = True
    limit: Limit | None = None

    def __init__(
        self,
        *,
        sites: Sequence[str],
        customer_secret: str | None,
        customer_public_key: str | None = None,
    ) -> None:
        self.sites = tuple(sites)
        self.customer_secret = customer_secret
        self.customer_public_key = customer_public_key

    @classmethod
    def from_credentials(cls, block: Block) -> WebConnector:
        known = {"sites": list, "customer_secret": str, "customer_public_key": str}
        check_block("web", block, known)
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
        public_key = block.get("customer_public_key")
        if public_key is not None:
            _check_public_key(public_key, secret)
        return cls(sites=sites, customer_secret=secret, customer_public_key=public_key)

    async def send(self, outbound: OutboundMessage) -> Receipt:
        """The widget fetches by itself, as soon as it is told of the message or comes back."""
        return Receipt("held")


def _check_public_key(text: str, secret: str | None) -> None:
    where = "credentials.yml, key 'web.customer_public_key'"
    if secret is not None:
        raise SetupError(
            "there is 'web.customer_secret' too", where=where, cure="Keep one of the two."
        )
    try:
        key = load_pem_public_key(text.encode())
    except ValueError as error:
        raise SetupError(
            "not a public key in PEM",
            where=where,
            cure="Paste all of the file that begins with -----BEGIN PUBLIC KEY-----.",
        ) from error
    if not isinstance(key, RSAPublicKey) or key.key_size < SHORTEST_KEY_BITS:
        raise SetupError(
            f"not an RSA key of at least {SHORTEST_KEY_BITS} bits",
            where=where,
            cure="Make one with `openssl genrsa -out private.pem 2048`.",
        )
