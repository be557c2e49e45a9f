"""The chat widget's channel: the widget reads the transcript itself, by sequence number."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from bot.errors import SetupError
from bot.messages import Delivery, Limit, OutboundMessage, Receipt
from connectors.base import Block, check_block
from connectors.push_hook import PushHook

SHORTEST_SECRET = 32
SHORTEST_KEY_BITS = 2048


class WebConnector:
    """`sites` may embed the widget; the shop's own customer tokens are signed with
    `customer_secret`, or with the private key of `customer_public_key`. With a `push` hook the shop
    hears of what waits for customers who are away."""

    name = "web"
    repeatable = True
    limit: Limit | None = None

    def __init__(
        self,
        *,
        sites: Sequence[str],
        customer_secret: str | None,
        customer_public_key: str | None = None,
        push: PushHook | None = None,
    ) -> None:
        self.delivery: Delivery = "push" if push else "pull"
        self._push = push
        self.sites = tuple(sites)
        self.customer_secret = customer_secret
        self.customer_public_key = customer_public_key

    @classmethod
    def from_credentials(cls, block: Block) -> WebConnector:
        texts = ("customer_secret", "customer_public_key", "push_url", "push_secret")
        check_block("web", block, {"sites": list, **dict.fromkeys(texts, str)})
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
        return cls(
            sites=sites,
            customer_secret=secret,
            customer_public_key=public_key,
            push=PushHook.from_credentials(block),
        )

    async def send(self, outbound: OutboundMessage) -> Receipt:
        """The widget fetches by itself, as soon as it is told of the message or comes back; what it
        has not shown after a while is sent here."""
        if self._push is None or not await self._push.tell(outbound):
            return Receipt("held")
        return Receipt("sent")

    async def aclose(self) -> None:
        if self._push is not None:
            await self._push.aclose()


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
