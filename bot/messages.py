"""What travels between a channel and the core: all that a connector needs to know of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

Verification = Literal["anyone", "known", "verified"]
ReceiptState = Literal["sent", "delivered", "held"]
Delivery = Literal["push", "pull"]
Progress = Literal["sent", "delivered", "read", "failed"]


@dataclass(frozen=True, slots=True)
class Button:
    """A quick reply: what the customer reads and what comes back when it is pressed."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class CustomerClaim:
    """Who the channel has proof the sender is, and the proof (`how`) in words for an agent."""

    reference: str | None = None
    name: str | None = None
    email: str | None = None
    verification: Verification = "anyone"
    how: str = "not verified"


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message of a customer as its channel delivered it.

    `external_id` is unique within the channel and the same on every retry. `payload` is what a
    pressed button sent; a customer's typed text is never a payload.
    """

    channel: str
    address: str
    external_id: str
    text: str
    payload: str | None = None
    claim: CustomerClaim = field(default_factory=CustomerClaim)


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """One message for a customer's address; `id` is the transcript's own message id."""

    id: str
    channel: str
    address: str
    author: Literal["bot", "agent", "system"]
    text: str
    buttons: Sequence[Button] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a send. `held`: nobody is connected; it is sent when they come back."""

    state: ReceiptState
    provider_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReceiptUpdate:
    """What a provider says later of a message it accepted; `error` is a short code of its own."""

    provider_id: str
    state: Progress
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """What a provider takes: so many messages a second on average, `burst` of them at once."""

    messages_a_second: float
    burst: int


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """An HTTP request of a provider, raw: signatures cover the bytes as they came."""

    method: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@runtime_checkable
class Connector(Protocol):
    """A channel. `push` channels are sent to; on `pull` channels the customer's side fetches.

    `repeatable`: the same message may be sent again when nobody knows whether it arrived.
    `limit` is the provider's for the whole channel, None where there is none.
    """

    name: str
    delivery: Delivery
    repeatable: bool
    limit: Limit | None

    async def send(self, outbound: OutboundMessage) -> Receipt:
        """Hand one message to the provider; raise on anything but acceptance.

        Raises Refused for good, NotNow when nothing was accepted and a later try may be. Whatever
        else it raises means what AnswerLost does: nobody knows whether the message arrived.
        """


@runtime_checkable
class ReconcilingConnector(Connector, Protocol):
    """A channel whose provider can be asked what became of a send whose answer was lost."""

    async def look(self, outbound: OutboundMessage) -> Receipt | None:
        """The receipt of this message, found by its id; None when it surely never arrived.

        Raises when the provider does not answer, or cannot know yet: then it is asked again.
        """


@runtime_checkable
class ClosingConnector(Connector, Protocol):
    """A channel that keeps something open until the program stops."""

    async def aclose(self) -> None:
        """Close it; nothing is sent any more."""


@runtime_checkable
class WebhookConnector(Connector, Protocol):
    """A channel whose provider posts to `/webhooks/{name}/webhook`."""

    def verify(self, request: WebhookRequest) -> None:
        """Raise NotAllowed unless the provider proves that the request is its own."""

    def parse(self, request: WebhookRequest) -> list[InboundMessage]:
        """Every customer message in the request; raise InvalidInput naming the broken field."""


@runtime_checkable
class ReceiptConnector(WebhookConnector, Protocol):
    """A channel whose provider also posts what became of messages it had accepted."""

    def receipts(self, request: WebhookRequest) -> list[ReceiptUpdate]:
        """Every receipt in the request, in any order; `parse` gets the same request."""


@runtime_checkable
class InlineConnector(WebhookConnector, Protocol):
    """A channel whose webhook answers with the replies themselves, as Rasa's REST channel does."""

    wait_seconds: float

    def render(self, address: str, replies: Sequence[OutboundMessage]) -> Any:
        """The JSON body that carries the replies."""


@runtime_checkable
class SessionConnector(Connector, Protocol):
    """A channel that reaches a customer only through a connection which one process holds."""

    def is_here(self, address: str) -> bool:
        """Whether this process holds the customer's connection."""
