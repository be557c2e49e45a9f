"""The shop's own server, told that a message waits for a customer who is not looking: it knows how
to wake their phone.

It gets no text: what is said stays between the customer's app and us.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from urllib.parse import urlsplit

from bot.errors import SetupError
from bot.messages import OutboundMessage
from connectors.base import Block
from connectors.http import ProviderClient, accepted_without_words

SHORTEST_SECRET = 32
CUSTOMER = "customer:"  # how the address of a customer whom the shop vouched for begins


class PushHook:
    """One URL of the shop's. `X-Warmline-Signature` is `sha256=` and the hex HMAC-SHA256, by the
    shared secret, of `X-Warmline-Timestamp`, a full stop and the body; `X-Warmline-Delivery` is the
    same on every retry."""

    def __init__(self, url: str, secret: str) -> None:
        self._url = url
        self._secret = secret.encode()
        self._client = ProviderClient()

    @classmethod
    def from_credentials(cls, block: Block) -> PushHook | None:
        url, secret = block.get("push_url"), block.get("push_secret")
        if url is None and secret is None:
            return None
        if url is None or urlsplit(url).scheme not in ("http", "https"):
            raise SetupError(
                "not an address",
                where="credentials.yml, key 'web.push_url'",
                cure="Name what is to be called, such as https://shop.example/chat-waiting.",
            )
        if secret is None or len(secret) < SHORTEST_SECRET:
            raise SetupError(
                f"missing, or shorter than {SHORTEST_SECRET} characters",
                where="credentials.yml, key 'web.push_secret'",
                cure="Use a random secret, known to the shop's server and to Warmline alone.",
            )
        return cls(url, secret)

    async def tell(self, outbound: OutboundMessage) -> bool:
        """Tell of a message; False where nobody could be woken. Raises as a send does."""
        if not outbound.address.startswith(CUSTOMER):
            return False  # a guest's browser: the shop knows no device of theirs
        body = json.dumps(
            {
                "type": "message_waiting",
                "customer": outbound.address.removeprefix(CUSTOMER),
                "message_id": outbound.id,
                "author": outbound.author,
            }
        )
        at = str(int(time.time()))
        signed = hmac.new(self._secret, f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Warmline-Timestamp": at,
            "X-Warmline-Signature": f"sha256={signed}",
            "X-Warmline-Delivery": outbound.id,
        }
        accepted_without_words(await self._client.post_text(self._url, body, headers=headers))
        return True

    async def aclose(self) -> None:
        await self._client.aclose()
