"""What the simulated channels of Meta share: how it signs what they send."""

from __future__ import annotations

import hashlib
import hmac

from simulator.base import Provider, ProviderRequest


def signed(body: bytes, secret: str) -> dict[str, str]:
    """The headers of a request with this body: the signature covers its bytes as they are."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={digest}"}


class MetaProvider(Provider):
    """A channel of Meta's; `signed_with` is the key of credentials.yml for the app's secret."""

    signed_with: str

    def sign(
        self,
        body: bytes,
        *,
        content_type: str = "application/json",
        method: str = "POST",
        query: str = "",
    ) -> ProviderRequest:
        headers: dict[str, str] = {}
        if method != "GET":  # the handshake proves itself by the verify token in its query
            headers = {**signed(body, self._block[self.signed_with]), "Content-Type": content_type}
        return ProviderRequest(method, self._webhook(query), headers, body)
