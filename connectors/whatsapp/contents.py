"""The kinds of messages customers send on WhatsApp, each read for what it says.

A reader is given the message as far as it is alike for all kinds, and returns None for a shape it
does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.errors import InvalidInput
from bot.messages import Attachment, AttachmentKind, InboundMessage
from connectors.base import json_object
from connectors.text import chosen, shortened

Content = Mapping[str, Any]
Reader = Callable[[InboundMessage, Content], InboundMessage | None]
LONGEST_ID = 200
LONGEST_PAYLOAD = 256
_MEDIA: Mapping[str, AttachmentKind] = {
    "image": "image",
    "audio": "audio",
    "video": "video",
    "document": "file",
    "sticker": "sticker",
}
# Of what WhatsApp does not hand over, these say nothing that wants an answer.
_NOTHING_SAID = frozenset({"keep_in_chat", "pin", "poll_update", "reaction"})


def identifier(value: object, longest: int = LONGEST_ID) -> str | None:
    """The value, if it can be an id or an address."""
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        return None
    return value if value.isprintable() and not value.isspace() else None


def label(value: object) -> str | None:
    """A name to show, without what cannot be shown or stored."""
    if not isinstance(value, str):
        return None
    visible = "".join(part for part in value if part.isprintable() or part == "\u200d")
    return shortened(visible.strip(), LONGEST_ID) or None


def object_at(content: Content, key: str) -> Content:
    """The object under a key; an empty one where there is none."""
    value = content.get(key)
    return value if isinstance(value, dict) else {}


def objects_at(content: Content, key: str) -> list[Content]:
    """The objects of the list under a key."""
    value = content.get(key)
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _words(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _with_text(said: InboundMessage, text: str) -> InboundMessage | None:
    return replace(said, text=text) if text else None


def _text(said: InboundMessage, message: Content) -> InboundMessage | None:
    text = _words(object_at(message, "text").get("body"))
    return _with_text(replace(said, choice=chosen(text)), text)


def _media(said: InboundMessage, message: Content) -> InboundMessage | None:
    content = object_at(message, message["type"])
    reference = identifier(content.get("id"))
    if reference is None:
        return None
    attachment = Attachment(
        _MEDIA[message["type"]],
        reference,
        content_type=identifier(content.get("mime_type")),
        name=label(content.get("filename")),
    )
    return replace(said, text=_words(content.get("caption")), attachments=(attachment,))


def _location(said: InboundMessage, message: Content) -> InboundMessage | None:
    place = object_at(message, "location")
    latitude, longitude = _degrees(place, "latitude", 90), _degrees(place, "longitude", 180)
    if latitude is None or longitude is None:
        return None
    name = ", ".join(filter(None, (label(place.get("name")), label(place.get("address")))))
    attachment = Attachment("location", name=label(name), latitude=latitude, longitude=longitude)
    return replace(said, attachments=(attachment,))


def _degrees(place: Content, key: str, most: int) -> float | None:
    value = place.get(key)
    return float(value) if isinstance(value, (int, float)) and -most <= value <= most else None


def _contacts(said: InboundMessage, message: Content) -> InboundMessage | None:
    """A card's name and numbers: without these it says nothing to an agent."""
    cards = []
    for contact in objects_at(message, "contacts"):
        name = label(object_at(contact, "name").get("formatted_name"))
        numbers = [label(phone.get("phone")) for phone in objects_at(contact, "phones")]
        shown = label(", ".join(filter(None, (name, *numbers))))
        cards.append(Attachment("contact", name=shown))
    return replace(said, attachments=tuple(cards)) if cards else None


def _reaction(said: InboundMessage, message: Content) -> InboundMessage | None:
    reaction = object_at(message, "reaction")
    about = identifier(reaction.get("message_id"))
    if about is None:
        return None
    return replace(said, kind="reaction", about=about, text=label(reaction.get("emoji")) or "")


def _edit(said: InboundMessage, message: Content) -> InboundMessage | None:
    edit = object_at(message, "edit")
    about = identifier(edit.get("original_message_id"))
    written = object_at(edit, "message")
    content = object_at(written, identifier(written.get("type")) or "")
    text = _words(content.get("body") or content.get("caption"))
    return replace(said, kind="edit", about=about, text=text) if about and text else None


def _revoke(said: InboundMessage, message: Content) -> InboundMessage | None:
    about = identifier(object_at(message, "revoke").get("original_message_id"))
    return replace(said, kind="deletion", about=about) if about else None


def _pressed(said: InboundMessage, title: object, payload: object) -> InboundMessage | None:
    sent = identifier(payload, LONGEST_PAYLOAD)
    return _with_text(replace(said, payload=sent), _words(title)) if sent else None


def _template_button(said: InboundMessage, message: Content) -> InboundMessage | None:
    button = object_at(message, "button")
    return _pressed(said, button.get("text"), button.get("payload"))


def _interactive(said: InboundMessage, message: Content) -> InboundMessage | None:
    interactive = object_at(message, "interactive")
    kind = identifier(interactive.get("type")) or ""
    reply = object_at(interactive, kind)
    if kind in ("button_reply", "list_reply"):
        return _pressed(said, reply.get("title"), reply.get("id"))
    return _with_text(said, _form(reply)) if kind == "nfm_reply" else None


def _form(reply: Content) -> str:
    """A filled-in form, a line for each field."""
    try:
        answers = json_object(str(reply.get("response_json")).encode(errors="replace"))
    except InvalidInput:
        answers = {}
    lines = [
        f"{key}: {value}"
        for key, value in answers.items()
        if isinstance(value, (str, int, float)) and key != "flow_token"
    ]
    return _words("\n".join(lines) or reply.get("body"))


def _order(said: InboundMessage, message: Content) -> InboundMessage | None:
    """A basket, a line for each product."""
    order = object_at(message, "order")
    lines = [_words(order.get("text"))]
    for item in objects_at(order, "product_items"):
        product, quantity = label(item.get("product_retailer_id")), item.get("quantity")
        if product and isinstance(quantity, (int, float)):
            lines.append(f"{quantity} x {product}")
    return _with_text(said, _words("\n".join(lines)))


def _unsupported(said: InboundMessage, message: Content) -> InboundMessage | None:
    """Something we are not shown, such as a poll: the customer still waits for an answer to it."""
    kind = label(object_at(message, "unsupported").get("type"))
    if kind in _NOTHING_SAID:
        return None
    return replace(said, attachments=(Attachment("file", name=kind or "unsupported"),))


READERS: Mapping[str, Reader] = {
    **dict.fromkeys(_MEDIA, _media),
    "button": _template_button,
    "contacts": _contacts,
    "edit": _edit,
    "interactive": _interactive,
    "location": _location,
    "order": _order,
    "reaction": _reaction,
    "revoke": _revoke,
    "text": _text,
    "unsupported": _unsupported,
}
