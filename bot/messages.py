"""What travels between a channel and the core: all that a connector needs to know of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, runtime_checkable

Verification = Literal["anyone", "known", "verified"]
ReceiptState = Literal["sent", "delivered", "held"]
Delivery = Literal["push", "pull"]
Progress = Literal["sent", "delivered", "read", "failed"]
# What a customer does on a channel. Only a `message` has a turn; all of them are lines of the
# transcript. `opt_out`, `opt_in` and `help` are the words that a carrier wants obeyed.
InboundKind = Literal["message", "edit", "deletion", "reaction", "opt_out", "opt_in", "help"]
AttachmentKind = Literal["image", "audio", "video", "file", "sticker", "location", "contact"]


def channel_of(name: str) -> str:
    """The channel of an account: "whatsapp" of "whatsapp.outlet"."""
    return name.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Button:
    """A quick reply: what the customer reads and what comes back when it is pressed."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """What was sent beside words: where it is, never its bytes.

    `reference` is what its connector fetches it by (an id or a URL of the provider's), None when
    there is nothing to fetch. `size` is in bytes; `latitude` and `longitude` in degrees, of a
    location; `name` a file's, a place's or a contact's. `link` is where a customer opens what an
    agent sent them.
    """

    kind: AttachmentKind
    reference: str | None = None
    content_type: str | None = None
    name: str | None = None
    size: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """A fetched attachment; `content_type` is what the provider says it is."""

    content_type: str
    body: bytes


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
    """One thing a customer said or did, as its channel delivered it.

    `external_id` is unique within the channel and the same on every retry. `payload` is what a
    pressed button sent; a customer's typed text is never a payload. `choice` is the number that a
    customer typed where buttons are shown as numbered text, counted from 1.

    `about` is the external id of the message that an edit, a deletion or a reaction is about; an
    edit's text is the new one, a reaction's the emoji, and "" takes a reaction back. `answered`:
    the provider has answered already, as Twilio does opt-out words. `recipient` is the address of
    ours it was sent to, where a channel has several accounts.
    """

    channel: str
    address: str
    external_id: str
    text: str
    payload: str | None = None
    claim: CustomerClaim = field(default_factory=CustomerClaim)
    kind: InboundKind = "message"
    attachments: tuple[Attachment, ...] = ()
    choice: int | None = None
    about: str | None = None
    answered: bool = False
    recipient: str | None = None


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """One message for a customer's address; `id` is the transcript's own message id.

    `image` is the URL of a picture to show above the text. `heard_at` is when the customer last
    wrote from this address, for channels that may be written to only for so long after it.
    `part` counts what a PartingConnector made of a message, from 0.
    """

    id: str
    channel: str
    address: str
    author: Literal["bot", "agent", "system"]
    text: str
    buttons: Sequence[Button] = ()
    image: str | None = None
    heard_at: datetime | None = None
    part: int = 0

    @property
    def reference(self) -> str:
        """What to call this message, or this part of one, at the provider."""
        return f"{self.id}.{self.part}" if self.part else self.id


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a send. `held`: it cannot be sent now, and is when the customer comes back; or
    when they write again, if there is a `reason`, a short code."""

    state: ReceiptState
    provider_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ReceiptUpdate:
    """What a provider says later of a message it accepted; `error` is a short code of its own.

    `reference` is what we called the message, where the provider says it again: it tells that a
    message whose answer was lost has arrived.
    """

    provider_id: str
    state: Progress
    error: str | None = None
    recipient: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """What a provider takes: so many messages a second on average, `burst` of them at once."""

    messages_a_second: float
    burst: int


@dataclass(frozen=True, slots=True)
class Reach:
    """How a customer gets to a channel: what people call it, the address of ours that they write
    to, and a link that opens it with a text ready to be sent; None where it has no such thing."""

    name: str
    address: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """An HTTP request of a provider, raw: signatures cover the bytes as they came."""

    method: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class WebhookAnswer:
    """What a provider wants to read in the 2xx."""

    body: str
    content_type: str = "text/plain"


@runtime_checkable
class Connector(Protocol):
    """A channel. `push` channels are sent to; on `pull` channels the customer's side fetches.

    `name` is the channel's, or `CHANNEL.ACCOUNT` for a further account of one: whoever reads
    credentials.yml sets it. `repeatable`: the same message may be sent again when nobody knows
    whether it arrived. `limit` is the provider's for the whole channel, None where there is none.
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
        """The receipt of this message, found by its reference; None when it surely never arrived.

        Raises when the provider does not answer, or cannot know yet: then it is asked again.
        """


@runtime_checkable
class PartingConnector(Connector, Protocol):
    """A channel whose provider takes less at once than a message may hold."""

    def parts(self, outbound: OutboundMessage) -> Sequence[OutboundMessage]:
        """The message as one or several that the provider takes, in order, with `part` counted
        from 0; the same each time it is asked. Each is sent, and looked for, on its own."""


@runtime_checkable
class WindowedConnector(Connector, Protocol):
    """A channel where what an agent writes goes out only for so long after the customer wrote."""

    window: timedelta


@runtime_checkable
class TypingConnector(Connector, Protocol):
    """A channel that can show that an answer is being written."""

    async def show_typing(self, address: str, external_id: str) -> None:
        """Show it to this address, whose newest message is called so; it may fail."""


@runtime_checkable
class ReachableConnector(Connector, Protocol):
    """A channel that customers can be told to go on at."""

    def reach(self, code: str) -> Reach:
        """How to get there and send this code as a message: nothing but the code, or Telegram's
        "/start CODE"."""


@runtime_checkable
class MediaConnector(Connector, Protocol):
    """A channel whose customers send pictures and files."""

    async def fetch(self, attachment: Attachment) -> Media:
        """The attachment's bytes, from the provider's own hosts alone; raise TooLarge for more than
        we read, NotFound when the provider no longer has it, NotNow when it does not answer."""


@runtime_checkable
class ClosingConnector(Connector, Protocol):
    """A channel that keeps something open until the program stops."""

    async def aclose(self) -> None:
        """Close it; nothing is sent any more."""


@runtime_checkable
class CallbackConnector(Connector, Protocol):
    """A channel whose provider is told, with each message, where to report what became of it.

    Whoever wires it sets `callback_url` to the channel's own webhook.
    """

    callback_url: str | None


@runtime_checkable
class WebhookConnector(Connector, Protocol):
    """A channel whose provider posts to `/webhooks/{name}/webhook`."""

    def verify(self, request: WebhookRequest) -> None:
        """Raise NotAllowed unless the provider proves that the request is its own."""

    def parse(self, request: WebhookRequest) -> list[InboundMessage]:
        """Everything that customers said or did in the request; raise InvalidInput when it cannot
        be read at all.

        In a request that is the provider's own, what is of an unknown kind or shape is left out
        with a line in the log: refused, it would come again for ever.
        """


@runtime_checkable
class AnsweringConnector(WebhookConnector, Protocol):
    """A channel whose provider wants something of its own in the answer, as handshakes do."""

    def answer(self, request: WebhookRequest) -> WebhookAnswer | None:
        """The answer to a request that was verified; None for the usual one."""


@runtime_checkable
class AcknowledgingConnector(WebhookConnector, Protocol):
    """A channel whose provider wants to be called back once a request was taken in."""

    async def acknowledge(self, request: WebhookRequest) -> None:
        """Tell it; nothing depends on whether it hears."""


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
class AccountConnector(WebhookConnector, Protocol):
    """A channel that may have several accounts behind one webhook.

    `receives` is what `recipient` says in the requests for this account, None when it is not known.
    """

    receives: str | None


@runtime_checkable
class SessionConnector(Connector, Protocol):
    """A channel that reaches a customer only through a connection which one process holds."""

    def is_here(self, address: str) -> bool:
        """Whether this process holds the customer's connection."""
