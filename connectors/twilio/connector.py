"""Twilio's Programmable Messaging: text messages, and pictures where the network takes them.

Contract: Twilio's Messages resource, API version 2010-04-01; what it posts is in webhook.py.
"""

from __future__ import annotations

import ipaddress
import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp

from bot.errors import AnswerLost, NotFound, SetupError
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
from connectors.base import Block, api_url, check_block, require
from connectors.fields import words
from connectors.http import ProviderClient
from connectors.media import download, origin
from connectors.text import numbered, parted, split, utf16
from connectors.twilio import webhook
from connectors.twilio.codes import taken
from connectors.twilio.search import found
from connectors.twilio.segments import segments

log = logging.getLogger(__name__)

API = "https://api.twilio.com"
# Where Twilio's API sends who fetches media: its own network, or the storage behind it.
MEDIA_HOSTS = (
    "api.twilio.com",
    ".twiliocdn.com",
    "s3.amazonaws.com",
    "s3-external-1.amazonaws.com",
)
MOST_CHARACTERS = 1600  # of UTF-16: Twilio counts an emoji as two
# A long number sends one segment a second to North America. Twilio queues what comes faster, for
# hours, but would then send the answer to the next customer after all of it: so few wait there.
ONE_NUMBER = Limit(messages_a_second=1, burst=10)
# A service spreads its messages over the numbers in its pool, which we do not know; Twilio has one
# number send ten a second to most countries.
MANY_NUMBERS = Limit(messages_a_second=10, burst=20)
_NUMBER = re.compile(r"\+[1-9][0-9]{1,14}")
_SERVICE = re.compile(r"MG[0-9A-Za-z]+")
MOST_REMEMBERED = 10_000


class TwilioConnector:
    """One telephone number of an account at Twilio, or one of its messaging services."""

    name = "twilio"
    delivery: Delivery = "push"
    repeatable = False  # Twilio has nothing by which it would know a message again
    callback_url: str | None = None

    def __init__(self, *, account_sid: str, auth_token: str, sender: str, api_url: str) -> None:
        is_number = sender.startswith("+")
        self.limit: Limit | None = ONE_NUMBER if is_number else MANY_NUMBERS
        self.receives = sender if is_number else None
        self._sender = {"From" if is_number else "MessagingServiceSid": sender}
        self._token = auth_token
        self._api = api_url
        self._url = f"{api_url}/2010-04-01/Accounts/{account_sid}/Messages.json"
        self._headers = {"Authorization": aiohttp.BasicAuth(account_sid, auth_token).encode()}
        self._client = ProviderClient()
        self._accepted: dict[str, str] = {}  # Twilio's ids, and which message of ours each is

    @classmethod
    def from_credentials(cls, block: Block) -> TwilioConnector:
        keys = ("account_sid", "auth_token", "twilio_number", "api_url")
        check_block(cls.name, block, dict.fromkeys(keys, str))
        sender = require(cls.name, block, "twilio_number")
        if not _NUMBER.fullmatch(sender) and not _SERVICE.fullmatch(sender):
            raise SetupError(
                "neither a telephone number nor a messaging service",
                where=f"credentials.yml, key '{cls.name}.twilio_number'",
                cure="Write the number with its country code, such as '+15005550006', or the SID of"
                " the messaging service, which begins with MG.",
            )
        return cls(
            account_sid=require(cls.name, block, "account_sid"),
            auth_token=require(cls.name, block, "auth_token"),
            sender=sender,
            api_url=api_url(cls.name, block, API),
        )

    def reach(self, code: str) -> Reach:
        if self.receives is None:
            return Reach("SMS")  # a service has many numbers, and we know none of them
        return Reach("SMS", self.receives, f"sms:{self.receives}?body={quote(code)}")

    def verify(self, request: WebhookRequest) -> None:
        webhook.check_signature(request, self._token)

    def parse(self, request: WebhookRequest) -> list[InboundMessage]:
        message = webhook.inbound(self.name, webhook.fields(request))
        return [message] if message else []

    def receipts(self, request: WebhookRequest) -> list[ReceiptUpdate]:
        receipt = webhook.receipt(self.name, webhook.fields(request))
        return [receipt] if receipt else []

    def answer(self, request: WebhookRequest) -> WebhookAnswer:
        """Twilio would send to the customer whatever else it was answered."""
        return WebhookAnswer("<Response/>", "text/xml")

    def parts(self, outbound: OutboundMessage) -> Sequence[OutboundMessage]:
        text = _body(outbound)
        if utf16(text) <= MOST_CHARACTERS:
            return [outbound]
        # The buttons are in the text by now.
        texts = split(text, MOST_CHARACTERS, measure=utf16)
        return parted(replace(outbound, buttons=()), texts)

    async def send(self, outbound: OutboundMessage) -> Receipt:
        body = _body(outbound)
        form = {"To": outbound.address, **self._sender, "Body": body}
        if outbound.image:
            form["MediaUrl"] = outbound.image
        if self.callback_url and can_call(self._api, self.callback_url):
            form["StatusCallback"] = self.callback_url
        answer = await self._client.post(self._url, form=form, headers=self._headers)
        sid = words(taken(answer).get("sid"))
        if not sid:
            raise AnswerLost("unreadable_answer")
        self._remember(sid, outbound)
        if not outbound.image:
            log.info("sms_segments channel=%s segments=%d", self.name, segments(body))
        return Receipt("sent", provider_id=sid)

    async def look(self, outbound: OutboundMessage) -> Receipt | None:
        sid = found(outbound.id, _body(outbound), await self._sent_to(outbound))
        if sid is None:
            return None
        self._remember(sid, outbound)
        return Receipt("sent", provider_id=sid)

    async def fetch(self, attachment: Attachment) -> Media:
        url = attachment.reference or ""
        # Our credentials go to the first host: that is the API alone.
        if not url.startswith((f"{API}/", f"{origin(self._api)}/")):
            raise NotFound("The attachment is not at Twilio's API.")
        hosts = (*MEDIA_HOSTS, origin(self._api))
        return await download(self._client, url, hosts=hosts, headers=self._headers)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _sent_to(self, outbound: OutboundMessage) -> list[dict[str, Any]]:
        """What Twilio has from us for this number, less what this process knows as another message.

        Newest first, and more than anybody is sent while we look. Not asked for by the day it was
        sent: what still waits at Twilio has none.
        """
        query = {"To": outbound.address, "PageSize": "1000"}
        answer = await self._client.get(self._url, query=query, headers=self._headers)
        (sender,) = self._sender.values()
        return [
            message
            for message in taken(answer)["messages"]
            if sender in (message.get("from"), message.get("messaging_service_sid"))
            and self._accepted.get(message["sid"], outbound.reference) == outbound.reference
        ]

    def _remember(self, sid: str, outbound: OutboundMessage) -> None:
        self._accepted[sid] = outbound.reference
        if len(self._accepted) > MOST_REMEMBERED:
            del self._accepted[next(iter(self._accepted))]


def _body(outbound: OutboundMessage) -> str:
    return numbered(outbound.text, outbound.buttons).strip()


def can_call(api: str, url: str) -> bool:
    """Whether the API reaches the URL: Twilio refuses a message whose callback it does not, and one
    that is simulated here reaches what is here."""
    return _is_public(url) or not _is_public(api)


def _is_public(url: str) -> bool:
    """Whether others can reach it, as far as its host tells."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host
