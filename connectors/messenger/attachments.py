"""What comes beside the words on Messenger and Instagram: media, places, and things shared.

Contract: Meta's Messenger Platform, "messages Webhook Event Reference". Every field may be missing:
for what the platform cannot show to us there is only the mark that something was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.messages import Attachment, AttachmentKind
from connectors.fields import degrees, label, mapping, mappings, words

# Where Meta keeps what people sent, and pictures of what they shared.
MEDIA_HOSTS = (".fbcdn.net", ".fbsbx.com", ".cdninstagram.com")
_KINDS: Mapping[str, AttachmentKind] = {
    "image": "image",
    "audio": "audio",
    "video": "video",
    "file": "file",
    "sticker": "sticker",
}


def attached(message: Mapping[str, Any]) -> tuple[tuple[Attachment, ...], str]:
    """A message's attachments, and in words what it shares that is no file: links and products."""
    # A sticker is told of twice until September 2026, as an image and as a sticker.
    found: dict[Attachment, None] = {}
    lines: list[str] = []
    for given in mappings(message.get("attachments")):
        attachment = _media(given) or _place(given) or _shared_media(given)
        if attachment:
            found[attachment] = None
        else:
            lines += _shared_lines(given)
    if not found and not lines and (message.get("is_unsupported") or message.get("attachments")):
        found[Attachment("file")] = None
    return tuple(found), "\n".join(lines)


def _media(given: Mapping[str, Any]) -> Attachment | None:
    payload = mapping(given.get("payload"))
    kind = _KINDS.get("sticker" if "sticker_id" in payload else words(given.get("type")))
    url = words(payload.get("url"))
    return Attachment(kind, reference=url) if kind and url else None


def _place(given: Mapping[str, Any]) -> Attachment | None:
    at = mapping(mapping(given.get("payload")).get("coordinates"))
    latitude, longitude = degrees(at.get("lat"), 90), degrees(at.get("long"), 180)
    if latitude is None or longitude is None:
        return None
    name = label(_title(given))
    return Attachment("location", name=name, latitude=latitude, longitude=longitude)


def _shared_media(given: Mapping[str, Any]) -> Attachment | None:
    """A story or a post: a picture or a video, which the platform does not say."""
    url = _url(given)
    try:
        is_media = (urlsplit(url).hostname or "").endswith(MEDIA_HOSTS)
    except ValueError:
        return None
    return Attachment("file", reference=url, name=label(_title(given))) if is_media else None


def _shared_lines(given: Mapping[str, Any]) -> list[str]:
    product = mapping(mapping(given.get("payload")).get("product"))
    titles = [words(element.get("title")) for element in mappings(product.get("elements"))]
    return [line for line in (_title(given), _url(given), *titles) if line]


def _title(given: Mapping[str, Any]) -> str:
    return words(mapping(given.get("payload")).get("title")) or words(given.get("title"))


def _url(given: Mapping[str, Any]) -> str:
    return words(mapping(given.get("payload")).get("url")) or words(given.get("url"))
