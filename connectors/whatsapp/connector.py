"""WhatsApp's Cloud API: messages out, within 24 hours of a customer's last one or as a template.

Contract: WhatsApp Business Platform, Cloud API v23.0. There is no way to ask what became of a
message, so one whose answer was lost stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote

from bot.errors import AnswerLost, NotFound, NotNow, Refused, SetupError
from bot.messages import (
    Attachment,
    Delivery,
    InboundMessage,
    Limit,
    Media,
    OutboundMessage,
    Reach,
    Receipt,
    ReceiptUpdate,
    WebhookAnswer,
    WebhookRequest,
)
from connectors.base import Block, api_url, check_block, json_object, require
from connectors.fields import mappings, words
from connectors.http import Answer, ProviderClient
from connectors.media import download, origin
from connectors.meta import check_signature, handshake
from connectors.whatsapp.errors import WINDOW_CLOSED, accept, error_code
from connectors.whatsapp.requests import free_request, parts, template_request
from connectors.whatsapp.updates import messages_in, receipts_in

API = "https://graph.facebook.com"
VERSION = "v23.0"
WINDOW = timedelta(hours=24)
MEDIA_HOSTS = (".fbsbx.com", ".fbcdn.net", ".whatsapp.net")
_TEMPLATE = re.compile(r"(?P<name>[a-z0-9_]{1,512})(/(?P<language>[a-z]{2,3}(_[A-Z]{2,3})?))?")
_KEYS = {
    "phone_number_id": str,
    "access_token": str,
    "app_secret": str,
    "verify_token": str,
    "template": str,
    "display_number": str,
    "api_url": str,
}


class WhatsAppConnector:
    """One WhatsApp number; `display_number` is what customers know it by.

    `template` has one parameter, the text, and is sent to a customer who may not be written to
    freely; without one such a message waits until they write.
    """

    name = "whatsapp"
    delivery: Delivery = "push"
    repeatable = False
    limit: Limit | None = Limit(messages_a_second=80, burst=80)
    window = WINDOW

    def __init__(
        self,
        *,
        phone_number_id: str,
        access_token: str,
        app_secret: str,
        verify_token: str,
        template: tuple[str, str] | None,
        display_number: str | None,
        api: str,
    ) -> None:
        self._display_number = display_number
        self.receives: str | None = phone_number_id
        self._app_secret = app_secret
        self._verify_token = verify_token
        self._template = template
        self._api = f"{api}/{VERSION}"
        self._messages = f"{self._api}/{quote(phone_number_id, safe='')}/messages"
        self._media_hosts = (*MEDIA_HOSTS, origin(api))
        self._headers = {"Authorization": f"Bearer {access_token}"}
        self._client = ProviderClient()

    @classmethod
    def from_credentials(cls, block: Block) -> WhatsAppConnector:
        check_block(cls.name, block, _KEYS)
        return cls(
            phone_number_id=require(cls.name, block, "phone_number_id"),
            access_token=require(cls.name, block, "access_token"),
            app_secret=require(cls.name, block, "app_secret"),
            verify_token=require(cls.name, block, "verify_token"),
            template=_template(block),
            display_number=block.get("display_number") or None,
            api=api_url(cls.name, block, API),
        )

    def reach(self, code: str) -> Reach:
        if self._display_number is None:
            return Reach("WhatsApp")
        digits = "".join(filter(str.isdigit, self._display_number))
        return Reach("WhatsApp", self._display_number, f"https://wa.me/{digits}?text={quote(code)}")

    def verify(self, request: WebhookRequest) -> None:
        if handshake(request, self._verify_token) is None:
            check_signature(request, self._app_secret)

    def answer(self, request: WebhookRequest) -> WebhookAnswer | None:
        return handshake(request, self._verify_token)

    def parse(self, request: WebhookRequest) -> list[InboundMessage]:
        return messages_in(self.name, _content(request))

    def receipts(self, request: WebhookRequest) -> list[ReceiptUpdate]:
        return receipts_in(self.name, _content(request))

    def parts(self, outbound: OutboundMessage) -> Sequence[OutboundMessage]:
        return parts(outbound)

    async def send(self, outbound: OutboundMessage) -> Receipt:
        if _may_be_written_to(outbound):
            answer = await self._post(free_request(outbound))
            if error_code(answer) != WINDOW_CLOSED:
                return _receipt(answer)
        if self._template is None:
            return Receipt("held", reason="window_closed")
        return _receipt(await self._post(template_request(outbound, *self._template)))

    async def show_typing(self, address: str, external_id: str) -> None:
        """It also marks the message as read: WhatsApp has the one only with the other."""
        asked = {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": external_id,
            "typing_indicator": {"type": "text"},
        }
        accept(await self._post(asked))

    async def fetch(self, attachment: Attachment) -> Media:
        """Where the bytes are is asked anew each time: Meta's URLs are good for five minutes."""
        if attachment.reference is None:
            raise NotFound("There is nothing to fetch.")
        url = f"{self._api}/{quote(attachment.reference, safe='')}"
        try:
            found = words(accept(await self._client.get(url, headers=self._headers)).get("url"))
        except Refused as error:
            raise NotFound("The provider no longer has the attachment.") from error
        except AnswerLost as error:
            raise NotNow(error.code) from error
        if not found:
            raise NotNow("unreadable_answer")
        return await download(self._client, found, hosts=self._media_hosts, headers=self._headers)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _post(self, content: Mapping[str, Any]) -> Answer:
        return await self._client.post(self._messages, json=content, headers=self._headers)


def _content(request: WebhookRequest) -> dict[str, Any]:
    """What Meta posts; a handshake holds nothing."""
    return {} if request.method == "GET" else json_object(request.body)


def _may_be_written_to(outbound: OutboundMessage) -> bool:
    """Whether the customer wrote so recently that anything may be sent."""
    heard_at = outbound.heard_at
    return heard_at is not None and datetime.now(timezone.utc) - heard_at < WINDOW


def _receipt(answer: Answer) -> Receipt:
    if error_code(answer) == WINDOW_CLOSED:
        return Receipt("held", reason="window_closed")
    taken = mappings(accept(answer).get("messages"))
    provider_id = words(taken[0].get("id")) if taken else ""
    if not provider_id:
        raise AnswerLost("unreadable_answer")
    return Receipt("sent", provider_id=provider_id)


def _template(block: Block) -> tuple[str, str] | None:
    text = block.get("template")
    if text is None:
        return None
    found = _TEMPLATE.fullmatch(text)
    if found is None:
        raise SetupError(
            "not the name of a template",
            where="credentials.yml, key 'whatsapp.template'",
            cure="Write its name, and its language unless that is 'en', as in 'shop_update/de'.",
        )
    return found["name"], found["language"] or "en"
