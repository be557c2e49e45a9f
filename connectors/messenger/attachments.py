"""What comes beside the words on Messenger and Instagram: media, places, and things shared.

Contract: Meta's Messenger Platform, "messages Webhook Event Reference". Every field may be missing:
for what the platform cannot show to us there is only the mark that something was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from bot.messages import Attachment, AttachmentKind

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
    kind = "sticker" if "sticker_id" in payload else given.get("type")
    url = payload.get("url")
    if not is_text(kind) or kind not in _KINDS or not is_text(url):
        return None
    return Attachment(_KINDS[kind], reference=url)


def _place(given: Mapping[str, Any]) -> Attachment | None:
    at = mapping(mapping(given.get("payload")).get("coordinates"))
    latitude, longitude = at.get("lat"), at.get("long")
    if not _is_degrees(latitude, 90) or not _is_degrees(longitude, 180):
        return None
    return Attachment("location", name=_title(given), latitude=latitude, longitude=longitude)


def _shared_media(given: Mapping[str, Any]) -> Attachment | None:
    """A story or a post: a picture or a video, which the platform does not say."""
    url = _url(given)
    try:
        is_media = url is not None and (urlsplit(url).hostname or "").endswith(MEDIA_HOSTS)
    except ValueError:
        return None
    return Attachment("file", reference=url, name=_title(given)) if is_media else None


def _shared_lines(given: Mapping[str, Any]) -> list[str]:
    product = mapping(mapping(given.get("payload")).get("product"))
    titles = [element.get("title") for element in mappings(product.get("elements"))]
    return [line for line in (_title(given), _url(given), *titles) if is_text(line)]


def _title(given: Mapping[str, Any]) -> str | None:
    return _first(mapping(given.get("payload")).get("title"), given.get("title"))


def _url(given: Mapping[str, Any]) -> str | None:
    return _first(mapping(given.get("payload")).get("url"), given.get("url"))


def _first(*values: object) -> str | None:
    return next((value for value in values if is_text(value)), None)


def _is_degrees(value: object, most: int) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and -most <= value <= most


def is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value)


def mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def mappings(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list; nothing where there is none."""
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []
