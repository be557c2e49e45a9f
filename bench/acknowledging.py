"""The `warmline` command with one channel more: a webhook that only acknowledges.

    python -m bench.acknowledging serve --port 8080

Every channel that Warmline has today answers inline or over a socket; a provider that pushes, such
as a messenger, gets its 2xx after the commit, and the turn runs afterwards. This is such a channel,
for `bench.webhooks` alone. Its replies go nowhere.
"""

from __future__ import annotations

from bot.cli import main
from bot.messages import Delivery, InboundMessage, Limit, OutboundMessage, Receipt, WebhookRequest
from connectors import CONNECTORS
from connectors.base import Block, check_block, json_object

CHANNEL = "bench"


class AcknowledgingConnector:
    """`{"id", "sender", "text"}` in; replies are accepted at once, as by a provider nearby."""

    name = CHANNEL
    delivery: Delivery = "push"
    repeatable = True
    limit: Limit | None = None

    @classmethod
    def from_credentials(cls, block: Block) -> AcknowledgingConnector:
        check_block(cls.name, block, {})
        return cls()

    def verify(self, request: WebhookRequest) -> None:
        """Whoever reaches the loopback address may."""

    def parse(self, request: WebhookRequest) -> list[InboundMessage]:
        content = json_object(request.body)
        return [InboundMessage(self.name, content["sender"], content["id"], content["text"])]

    async def send(self, outbound: OutboundMessage) -> Receipt:
        return Receipt("sent")


if __name__ == "__main__":
    CONNECTORS[CHANNEL] = AcknowledgingConnector.from_credentials
    main()
