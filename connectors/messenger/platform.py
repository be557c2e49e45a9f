"""Meta's Messenger Platform: one kind of webhook and one Send API for Messenger and for Instagram.

Contract: Meta's Messenger Platform, "Send API Reference", "Quick Replies", "Sender Actions" and
"Message Tags"; Instagram Messaging, "Send a Message".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar

from bot.errors import NotFound
from bot.messages import (
    Attachment,
    Delivery,
    InboundMessage,
    Limit,
    Media,
    OutboundMessage,
    Receipt,
    ReceiptUpdate,
    WebhookAnswer,
    WebhookRequest,
)
from connectors.base import Block, api_url, check_block, json_object, require
from connectors.http import Answer, ProviderClient, accepted
from connectors.media import download, origin
from connectors.messenger import events
from connectors.messenger.attachments import MEDIA_HOSTS
from connectors.messenger.errors import receipt
from connectors.meta import check_signature, handshake
from connectors.text import Measure, numbered, parted, shortened, split

Channel = TypeVar("Channel", bound="MessengerPlatformConnector")
VERSION = "v23.0"
# How long after a customer wrote anybody may answer, and how long a person may.
REPLY_WITHIN = timedelta(hours=24)
AGENT_REPLIES_WITHIN = timedelta(days=7)
MOST_QUICK_REPLIES = 13
LONGEST_TITLE = 20
LONGEST_PAYLOAD = 1_000


@dataclass(frozen=True, slots=True)
class Surface:
    """What tells the platform's channels apart.

    `subject` is the `object` of its webhooks, `account` the key of credentials.yml for our account
    on it, `longest` the most that a text has by `measure`. `metadata`: an echo brings back the
    reference that a message was sent with.
    """

    subject: str
    account: str
    longest: int
    measure: Measure
    metadata: bool


class MessengerPlatformConnector:
    """The customers of one page, or of one Instagram account."""

    name: str
    surface: Surface
    delivery: Delivery = "push"
    repeatable = False
    # "Rate limits": the Send API takes 300 texts a second, but a page that sends more than 40, and
    # an Instagram account with more than 72,000 (an hour's, as we read it), can send nothing for a
    # while. Twenty at once and twenty more are 40 in a second; twenty a second are 72,000 an hour.
    limit: Limit | None = Limit(messages_a_second=20, burst=20)

    window = AGENT_REPLIES_WITHIN

    def __init__(
        self, *, verify: str, secret: str, token: str, api: str, receives: str | None
    ) -> None:
        self.receives = receives
        self._verify_token = verify
        self._secret = secret
        self._url = f"{api}/{VERSION}/me/messages"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._media_hosts = (*MEDIA_HOSTS, origin(api))
        self._client = ProviderClient()

    @classmethod
    def from_credentials(cls: type[Channel], block: Block) -> Channel:
        keys = ("verify", "secret", "page-access-token", "api_url", cls.surface.account)
        check_block(cls.name, block, dict.fromkeys(keys, str))
        return cls(
            verify=require(cls.name, block, "verify"),
            secret=require(cls.name, block, "secret"),
            token=require(cls.name, block, "page-access-token"),
            api=api_url(cls.name, block, "https://graph.facebook.com"),
            receives=block.get(cls.surface.account) or None,
        )

    def verify(self, request: WebhookRequest) -> None:
        if self.answer(request) is None:
            check_signature(request, self._secret)

    def answer(self, request: WebhookRequest) -> WebhookAnswer | None:
        return handshake(request, self._verify_token)

    def parse(self, request: WebhookRequest) -> list[InboundMessage]:
        if request.method == "GET":
            return []
        return events.messages(self.name, self.surface.subject, json_object(request.body))

    def receipts(self, request: WebhookRequest) -> list[ReceiptUpdate]:
        if request.method == "GET":
            return []
        return events.receipts(self.surface.subject, json_object(request.body))

    def parts(self, outbound: OutboundMessage) -> Sequence[OutboundMessage]:
        if not _have_room(outbound):
            written = numbered(outbound.text, outbound.buttons)
            outbound = replace(outbound, text=written, buttons=())
        texts = split(outbound.text, self.surface.longest, measure=self.surface.measure)
        if outbound.image and texts != [""]:
            texts = ["", *texts]  # a picture is a message of its own
        return parted(outbound, texts)

    async def send(self, outbound: OutboundMessage) -> Receipt:
        allowed = _allowed(outbound)
        if allowed is None:
            return Receipt("held", reason="window_closed")
        message = _content(outbound)
        if self.surface.metadata:
            message["metadata"] = outbound.reference
        answer = await self._post({"message": message, **allowed}, outbound.address)
        return receipt(answer, prefix=type(self).name)

    async def show_typing(self, address: str, external_id: str) -> None:
        for action in ("mark_seen", "typing_on"):
            accepted(await self._post({"sender_action": action}, address))

    async def fetch(self, attachment: Attachment) -> Media:
        if attachment.reference is None:
            raise NotFound("The platform does not let us have what was sent.")
        return await download(self._client, attachment.reference, hosts=self._media_hosts)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _post(self, content: dict[str, Any], address: str) -> Answer:
        body = {"recipient": {"id": address}, **content}
        return await self._client.post(self._url, json=body, headers=self._headers)


def _allowed(outbound: OutboundMessage) -> dict[str, str] | None:
    """What a message is sent as, None when the platform would not take it now."""
    if outbound.heard_at is None:
        return None
    ago = datetime.now(timezone.utc) - outbound.heard_at
    if ago < REPLY_WITHIN:
        return {"messaging_type": "RESPONSE"}
    if ago < AGENT_REPLIES_WITHIN and outbound.author == "agent":
        return {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    return None


def _have_room(outbound: OutboundMessage) -> bool:
    """Whether the buttons can be quick replies.

    A title that is too long is shown by its beginning: it is still pressed, which is easier than to
    write a number. Two that begin alike could not be told apart, and are numbered.
    """
    titles = [shortened(button.title, LONGEST_TITLE) for button in outbound.buttons]
    payloads = [button.payload for button in outbound.buttons]
    return (
        len(titles) <= MOST_QUICK_REPLIES
        and len(set(titles)) == len(titles)
        and all(title.strip() for title in titles)
        and all(0 < len(payload) <= LONGEST_PAYLOAD for payload in payloads)
        and bool(outbound.text.strip() or outbound.image)  # they are shown below something
    )


def _content(outbound: OutboundMessage) -> dict[str, Any]:
    content: dict[str, Any] = {"text": outbound.text}
    if outbound.image:
        content = {"attachment": {"type": "image", "payload": {"url": outbound.image}}}
    if outbound.buttons:
        content["quick_replies"] = [
            {
                "content_type": "text",
                "title": shortened(button.title, LONGEST_TITLE),
                "payload": button.payload,
            }
            for button in outbound.buttons
        ]
    return content
