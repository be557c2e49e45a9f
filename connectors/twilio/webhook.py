"""What Twilio posts: what customers wrote, what became of our messages, and the proof of both.

Contract: Twilio's "Webhooks security", "Twilio's request to your incoming message webhook URL" and
"Track the message status of outbound messages". Fields are added without notice.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from bot.errors import NotAllowed
from bot.messages import (
    Attachment,
    InboundMessage,
    Progress,
    ReceiptUpdate,
    WebhookRequest,
)
from connectors.base import check_proof, json_object, leave_out
from connectors.fields import degrees, identifier_or_none, label, words
from connectors.media import kind_of
from connectors.text import chosen
from connectors.twilio import keywords

Fields = Mapping[str, str]

LONGEST_URL = 1000
MOST_MEDIA = 10  # in one message
_PORTS = {"https": 443, "http": 80}
_RECEIVED = frozenset({"", "received", "receiving"})
_PROGRESS: Mapping[str, Progress] = {
    "accepted": "sent",
    "scheduled": "sent",
    "queued": "sent",
    "sending": "sent",
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
_CARDS = frozenset({"text/vcard", "text/x-vcard", "text/directory"})


def check_signature(request: WebhookRequest, token: str) -> None:
    """Raise NotAllowed unless Twilio signed the URL it called, and with it every field of the form.

    Of a JSON body only the hash is signed: it is in the URL.
    """
    covered = ""
    if _is_json(request):
        query = dict(parse_qsl(urlsplit(request.url).query))
        check_proof(query.get("bodySHA256"), hashlib.sha256(request.body).hexdigest())
    elif request.method == "POST":
        covered = "".join(name + value for name, value in sorted(set(_pairs(request))))
    sent = request.headers.get("X-Twilio-Signature", "").encode(errors="replace")
    expected = [_signature(url + covered, token) for url in _as_called(request.url)]
    if not any(hmac.compare_digest(sent, signature) for signature in expected):
        raise NotAllowed("The signature does not match.", code="signature")


def fields(request: WebhookRequest) -> Fields:
    """The request's fields, which are the same in a form, in JSON and in the query of a GET."""
    if not _is_json(request):
        return dict(_pairs(request))
    content = json_object(request.body)
    return {
        name: str(value) for name, value in content.items() if isinstance(value, (str, int, float))
    }


def inbound(channel: str, sent: Fields) -> InboundMessage | None:
    """What a customer wrote; None for a receipt, and for what is neither."""
    if _status(sent) not in _RECEIVED:
        return None
    sid, address = _sid(sent), identifier_or_none(sent.get("From"))
    text, attachments = words(sent.get("Body")), _attachments(sent)
    if not sid or not address or not (text.strip() or attachments):
        leave_out(channel, "not_a_message")
        return None
    payload = sent.get("ButtonPayload") or None
    told = keywords.obeyed(sent.get("OptOutType", ""))
    # A button that reads "Cancel" is pressed for what it says there.
    kind = told or ("message" if payload else keywords.kind(text))
    return InboundMessage(
        channel=channel,
        address=address,
        external_id=sid,
        text=text,
        payload=payload,
        kind=kind,
        attachments=attachments,
        choice=chosen(text) if kind == "message" else None,
        answered=told is not None,
        recipient=identifier_or_none(sent.get("To")),
    )


def receipt(channel: str, sent: Fields) -> ReceiptUpdate | None:
    """What became of a message of ours; None when it is no receipt."""
    status, sid = _status(sent), _sid(sent)
    if status in _RECEIVED:
        return None
    if status not in _PROGRESS or not sid:
        leave_out(channel, "receipt")
        return None
    return ReceiptUpdate(
        provider_id=sid,
        state=_PROGRESS[status],
        error=identifier_or_none(sent.get("ErrorCode")),
        recipient=identifier_or_none(sent.get("From")),
    )


def _is_json(request: WebhookRequest) -> bool:
    return "json" in request.headers.get("Content-Type", "").lower()


def _pairs(request: WebhookRequest) -> list[tuple[str, str]]:
    form = urlsplit(request.url).query
    if request.method == "POST":
        form = request.body.decode(errors="replace")
    return parse_qsl(form, keep_blank_values=True)


def _as_called(url: str) -> list[str]:
    """The URL as it is configured, and with the port left out or the usual one put in: behind a
    proxy nobody knows which of the two Twilio called."""
    parts = urlsplit(url)
    bare = re.sub(r":\d*$", "", parts.netloc)
    other = bare if bare != parts.netloc else f"{bare}:{_PORTS.get(parts.scheme, 443)}"
    return [url, url.replace(f"//{parts.netloc}", f"//{other}", 1)]


def _signature(signed: str, token: str) -> bytes:
    mac = hmac.new(token.encode(), signed.encode(errors="replace"), hashlib.sha1)
    return base64.b64encode(mac.digest())


def _sid(sent: Fields) -> str | None:
    names = ("MessageSid", "SmsSid", "SmsMessageSid")
    return identifier_or_none(next(filter(None, map(sent.get, names)), None))


def _status(sent: Fields) -> str:
    return (sent.get("MessageStatus") or sent.get("SmsStatus") or "").lower()


def _attachments(sent: Fields) -> tuple[Attachment, ...]:
    found = [_media(sent, number) for number in range(MOST_MEDIA)]
    place = _place(sent)
    return tuple(each for each in (*found, place) if each is not None)


def _media(sent: Fields, number: int) -> Attachment | None:
    url = identifier_or_none(sent.get(f"MediaUrl{number}"), LONGEST_URL)
    if url is None:
        return None
    content_type = sent.get(f"MediaContentType{number}", "").lower()
    return Attachment(
        "contact" if content_type in _CARDS else kind_of(content_type),
        reference=url,
        content_type=identifier_or_none(content_type),
    )


def _place(sent: Fields) -> Attachment | None:
    latitude = degrees(_decimal(sent, "Latitude"), 90)
    longitude = degrees(_decimal(sent, "Longitude"), 180)
    if latitude is None or longitude is None:
        return None
    name = label(sent.get("Label")) or label(sent.get("Address"))
    return Attachment("location", name=name, latitude=latitude, longitude=longitude)


def _decimal(sent: Fields, name: str) -> float | None:
    try:
        return float(sent.get(name, ""))
    except ValueError:
        return None
