"""How Meta signs what its channels send."""

from __future__ import annotations

import hashlib
import hmac


def signed(body: bytes, secret: str) -> dict[str, str]:
    """The headers of a request with this body: the signature covers its bytes as they are."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={digest}"}
