"""Slack: people write to the app in direct messages, or call it in channels.

Contract: Slack, "Verifying requests from Slack", `chat.postMessage` and "Rate limits".
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from bot.errors import NotAllowed, NotFound, NotNow
from bot.messages import (
    Attachment,
    Delivery,
    InboundMessage,
    Limit,
    Media,
    OutboundMessage,
    Receipt,
    WebhookAnswer,
    WebhookRequest,
)
from connectors.base import (
    Block,
    api_url,
    check_block,
    check_proof,
    json_object,
    leave_out,
    require,
)
from connectors.fields import LeftOut, mapping, mappings
from connectors.http import ProviderClient
from connectors.media import download, origin
from connectors.slack import blocks, events, presses
from connectors.slack.answers import result
from connectors.slack.message import message_id, place

SIGNATURE = "X-Slack-Signature"
TIMESTAMP = "X-Slack-Request-Timestamp"
TOLERANCE_SECONDS = 300
# Our own reference goes with a message as metadata; other apps may read it, and learn nothing.
EVENT_TYPE = "warmline_message"
PAGE = 200  # messages; Slack recommends no more
MOST_PAGES = 5


class SlackConnector:
    """An app of one workspace. Nothing tells whether a message was read."""

    name = "slack"
    delivery: Delivery = "push"
    repeatable = False
    # One a second in a channel, "several hundred messages a minute" in the workspace: 300.
    limit: Limit | None = Limit(messages_a_second=5, burst=10)

    def __init__(self, *, token: str, signing_secret: str, api_url: str) -> None:
        self._secret = signing_secret.encode()
        self._headers = {"Authorization": f"Bearer {token}"}
        self._methods = f"{api_url}/api"
        self._hosts = ("files.slack.com", ".slack-files.com", origin(api_url))
        self._client = ProviderClient()

    @classmethod
    def from_credentials(cls, block: Block) -> SlackConnector:
        keys = {"slack_token": str, "slack_signing_secret": str, "api_url": str}
        check_block(cls.name, block, keys)
        return cls(
            token=require(cls.name, block, "slack_token"),
            signing_secret=require(cls.name, block, "slack_signing_secret"),
            api_url=api_url(cls.name, block, "https://slack.com"),
        )

    def verify(self, request: WebhookRequest) -> None:
        at = request.headers.get(TIMESTAMP, "")
        signed = b"v0:%b:%b" % (at.encode("utf-8", "replace"), request.body)
        expected = hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
        check_proof(request.headers.get(SIGNATURE), f"v0={expected}")
        if not at.isdecimal() or abs(time.time() - int(at)) > TOLERANCE_SECONDS:
            raise NotAllowed("The request was not signed just now.", code="stale")

    def parse(self, request: WebhookRequest) -> list[InboundMessage]:
        content = _content(request.body)
        if content.get("type") == "event_callback":
            return events.messages(self.name, content)
        if content.get("type") == "block_actions":
            return presses.messages(self.name, content)
        if content.get("type") != "url_verification":
            leave_out(self.name, "type")
        return []

    def answer(self, request: WebhookRequest) -> WebhookAnswer | None:
        """Slack takes a new address for its events only from whoever repeats its challenge."""
        content = _content(request.body)
        challenge = content.get("challenge")
        if content.get("type") == "url_verification" and isinstance(challenge, str):
            return WebhookAnswer(challenge)
        return None

    async def send(self, outbound: OutboundMessage) -> Receipt:
        room, thread = place(outbound.address)
        content = blocks.rendered(outbound)
        content["channel"] = room
        if thread:
            content["thread_ts"] = thread
        payload = {"reference": outbound.reference}
        content["metadata"] = {"event_type": EVENT_TYPE, "event_payload": payload}
        url = f"{self._methods}/chat.postMessage"
        answer = await self._client.post(url, json=content, headers=self._headers)
        return _receipt(room, result(answer))

    def parts(self, outbound: OutboundMessage) -> Sequence[OutboundMessage]:
        return blocks.parts(outbound)

    async def look(self, outbound: OutboundMessage) -> Receipt | None:
        """The message among the newest of its channel, or in its thread.

        An app that may hear of messages may read them again. One that is only told when it is
        called may not: then nothing is found out, and the message stays unknown.
        """
        room, thread = place(outbound.address)
        method = "conversations.replies" if thread else "conversations.history"
        query = {"channel": room, "limit": str(PAGE), "include_all_metadata": "true"}
        if thread:
            query["ts"] = thread
        for _ in range(MOST_PAGES):
            url = f"{self._methods}/{method}"
            page = result(await self._client.get(url, query=query, headers=self._headers))
            if not isinstance(page.get("messages"), list):
                raise NotNow("unreadable_answer")
            for message in mappings(page["messages"]):
                if _reference(message) == outbound.reference:
                    return _receipt(room, message)
            cursor = mapping(page.get("response_metadata")).get("next_cursor")
            if not cursor:
                return None
            query["cursor"] = str(cursor)
        raise NotNow("too_far_back")

    async def fetch(self, attachment: Attachment) -> Media:
        if attachment.reference is None:
            raise NotFound("Slack did not say where the attachment is.")
        return await download(
            self._client, attachment.reference, hosts=self._hosts, headers=self._headers
        )

    async def aclose(self) -> None:
        await self._client.aclose()


def _content(body: bytes) -> Mapping[str, Any]:
    """An event is JSON; what somebody presses comes as JSON in a field of a form."""
    if body.startswith(b"payload="):
        form = parse_qs(body.decode("utf-8", "replace"))
        body = form.get("payload", [""])[0].encode()
    return json_object(body)


def _receipt(room: str, message: Mapping[str, Any]) -> Receipt:
    try:
        return Receipt("sent", provider_id=message_id(room, message.get("ts")))
    except LeftOut:
        return Receipt("sent")


def _reference(message: Mapping[str, Any]) -> object:
    metadata = mapping(message.get("metadata"))
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    return mapping(metadata.get("event_payload")).get("reference")
