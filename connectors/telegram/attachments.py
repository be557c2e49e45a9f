"""What a Telegram message holds beside its text.

Contract: Telegram, "Bot API", type Message. A message holds one of these things, and some of them
under the name of something more general as well: the particular one is looked for first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.messages import Attachment, AttachmentKind
from connectors.fields import (
    count,
    degrees,
    identifier_or_none,
    label,
    mapping,
    mappings,
    words,
)
from connectors.media import kind_of

# What each is shown as, and its content type where Telegram does not tell.
_FILES: Mapping[str, tuple[AttachmentKind, str | None]] = {
    "animation": ("video", "video/mp4"),  # a document too
    "video": ("video", "video/mp4"),
    "video_note": ("video", "video/mp4"),
    "audio": ("audio", "audio/mpeg"),
    "voice": ("audio", "audio/ogg"),
    "sticker": ("sticker", "image/webp"),
    "document": ("file", None),
}


def attached(message: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """The message's attachment, if it has one that we know."""
    found = _found(message)
    return () if found is None else (found,)


def full_name(person: Mapping[str, Any]) -> str | None:
    """A user's or a contact's name, in one line."""
    name = f"{words(person.get('first_name'))} {words(person.get('last_name'))}"
    return label(" ".join(name.split()))


def _found(message: Mapping[str, Any]) -> Attachment | None:
    if "photo" in message:
        return _photo(message["photo"])
    if "venue" in message:  # a location too
        return _venue(mapping(message["venue"]))
    if "location" in message:
        return _location(mapping(message["location"]))
    if "contact" in message:
        return _contact(mapping(message["contact"]))
    for name, (kind, content_type) in _FILES.items():
        if name in message:
            return _file(mapping(message[name]), kind, content_type)
    return None


def _photo(value: object) -> Attachment | None:
    """The largest of the sizes that Telegram makes of a picture."""
    largest = max(mappings(value), key=lambda each: count(each.get("width")) or 0, default={})
    return _file(largest, "image", "image/jpeg")


def _file(
    file: Mapping[str, Any], kind: AttachmentKind, content_type: str | None
) -> Attachment | None:
    reference = identifier_or_none(file.get("file_id"))
    if reference is None:
        return None
    if file.get("is_animated"):
        content_type = "application/x-tgsticker"
    elif file.get("is_video"):
        content_type = "video/webm"
    told = identifier_or_none(file.get("mime_type"))
    return Attachment(
        # A picture may be sent as a file, so that it stays as it is.
        kind=kind_of(told or "") if kind == "file" else kind,
        reference=reference,
        content_type=told or content_type,
        name=label(file.get("file_name")) or label(file.get("emoji")),
        size=count(file.get("file_size")),
    )


def _venue(venue: Mapping[str, Any]) -> Attachment | None:
    name = ", ".join(filter(None, (words(venue.get("title")), words(venue.get("address")))))
    return _location(mapping(venue.get("location")), name=label(name))


def _location(location: Mapping[str, Any], *, name: str | None = None) -> Attachment | None:
    latitude = degrees(location.get("latitude"), 90)
    longitude = degrees(location.get("longitude"), 180)
    if latitude is None or longitude is None:
        return None
    return Attachment("location", name=name, latitude=latitude, longitude=longitude)


def _contact(contact: Mapping[str, Any]) -> Attachment | None:
    known = (full_name(contact), words(contact.get("phone_number")))
    name = label(", ".join(filter(None, known)))
    return Attachment("contact", name=name) if name else None
