"""What Meta's channels share: how a request is signed, and how a webhook is made known.

Contract: Meta's Webhooks from Meta, "Verification requests" and "Validating payloads".
"""

from __future__ import annotations

import hashlib
import hmac

from bot.errors import NotAllowed
from bot.messages import WebhookAnswer, WebhookRequest
from connectors.base import check_proof

SIGNATURE = "X-Hub-Signature-256"


def check_signature(request: WebhookRequest, secret: str) -> None:
    """Raise NotAllowed unless the bytes of the body are signed with the app's secret."""
    expected = hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
    check_proof(request.headers.get(SIGNATURE), f"sha256={expected}")


def handshake(request: WebhookRequest, token: str) -> WebhookAnswer | None:
    """The answer that makes this webhook known to Meta, which asks with a GET; None for a POST.

    Raises NotAllowed for a GET that does not hold the token: anybody could name us as their
    webhook otherwise.
    """
    if request.method != "GET":
        return None
    check_proof(request.query.get("hub.verify_token"), token)
    if request.query.get("hub.mode") != "subscribe":
        raise NotAllowed("Only a subscription is answered.", code="handshake")
    return WebhookAnswer(request.query.get("hub.challenge", ""))
