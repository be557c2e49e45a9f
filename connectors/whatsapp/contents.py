"""The kinds of messages customers send on WhatsApp, each read for what it says.

A reader is given the message as far as it is alike for all kinds, and raises LeftOut for a shape it
does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.errors import InvalidInput
from bot.messages import Attachment, AttachmentKind, InboundMessage
from connectors.base import json_object
from connectors.fields import (
    LeftOut,
    degrees,
    identifier,
    identifier_or_none,
    label,
    mapping,
    mappings,
    words,
)
from connectors.text import chosen

Content = Mapping[str, Any]
Reader = Callable[[InboundMessage, Content], InboundMessage]
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


def _with_text(said: InboundMessage, value: object) -> InboundMessage:
    text = words(value).strip()
    if not text:
        raise LeftOut("empty")
    return replace(said, text=text)


def _text(said: InboundMessage, message: Content) -> InboundMessage:
    said = _with_text(said, mapping(message.get("text")).get("body"))
    return replace(said, choice=chosen(said.text))


def _media(said: InboundMessage, message: Content) -> InboundMessage:
    content = mapping(message.get(message["type"]))
    attachment = Attachment(
        _MEDIA[message["type"]],
        identifier(content.get("id")),
        content_type=identifier_or_none(content.get("mime_type")),
        name=label(content.get("filename")),
    )
    return replace(said, text=words(content.get("caption")).strip(), attachments=(attachment,))


def _location(said: InboundMessage, message: Content) -> InboundMessage:
    place = mapping(message.get("location"))
    latitude = degrees(place.get("latitude"), 90)
    longitude = degrees(place.get("longitude"), 180)
    if latitude is None or longitude is None:
        raise LeftOut("location")
    name = ", ".join(filter(None, (label(place.get("name")), label(place.get("address")))))
    attachment = Attachment("location", name=label(name), latitude=latitude, longitude=longitude)
    return replace(said, attachments=(attachment,))


def _contacts(said: InboundMessage, message: Content) -> InboundMessage:
    """A card's name and numbers: without these it says nothing to an agent."""
    cards = []
    for contact in mappings(message.get("contacts")):
        name = label(mapping(contact.get("name")).get("formatted_name"))
        numbers = [label(phone.get("phone")) for phone in mappings(contact.get("phones"))]
        shown = label(", ".join(filter(None, (name, *numbers))))
        cards.append(Attachment("contact", name=shown))
    if not cards:
        raise LeftOut("contacts")
    return replace(said, attachments=tuple(cards))


def _reaction(said: InboundMessage, message: Content) -> InboundMessage:
    reaction = mapping(message.get("reaction"))
    about = identifier(reaction.get("message_id"))
    return replace(said, kind="reaction", about=about, text=label(reaction.get("emoji")) or "")


def _edit(said: InboundMessage, message: Content) -> InboundMessage:
    edit = mapping(message.get("edit"))
    about = identifier(edit.get("original_message_id"))
    written = mapping(edit.get("message"))
    content = mapping(written.get(words(written.get("type"))))
    text = content.get("body") or content.get("caption")
    return _with_text(replace(said, kind="edit", about=about), text)


def _revoke(said: InboundMessage, message: Content) -> InboundMessage:
    about = identifier(mapping(message.get("revoke")).get("original_message_id"))
    return replace(said, kind="deletion", about=about)


def _pressed(said: InboundMessage, title: object, payload: object) -> InboundMessage:
    return _with_text(replace(said, payload=identifier(payload, LONGEST_PAYLOAD)), title)


def _template_button(said: InboundMessage, message: Content) -> InboundMessage:
    button = mapping(message.get("button"))
    return _pressed(said, button.get("text"), button.get("payload"))


def _interactive(said: InboundMessage, message: Content) -> InboundMessage:
    interactive = mapping(message.get("interactive"))
    kind = words(interactive.get("type"))
    reply = mapping(interactive.get(kind))
    if kind in ("button_reply", "list_reply"):
        return _pressed(said, reply.get("title"), reply.get("id"))
    if kind == "nfm_reply":
        return _with_text(said, _form(reply))
    raise LeftOut("interactive")


def _form(reply: Content) -> object:
    """A filled-in form, a line for each field."""
    try:
        answers = json_object(words(reply.get("response_json")).encode())
    except InvalidInput:
        answers = {}
    lines = [
        f"{key}: {value}"
        for key, value in answers.items()
        if isinstance(value, (str, int, float)) and key != "flow_token"
    ]
    return "\n".join(lines) or reply.get("body")


def _order(said: InboundMessage, message: Content) -> InboundMessage:
    """A basket, a line for each product."""
    order = mapping(message.get("order"))
    lines = [words(order.get("text"))]
    for item in mappings(order.get("product_items")):
        product, quantity = label(item.get("product_retailer_id")), item.get("quantity")
        if product and isinstance(quantity, (int, float)):
            lines.append(f"{quantity} x {product}")
    return _with_text(said, "\n".join(lines))


def _unsupported(said: InboundMessage, message: Content) -> InboundMessage:
    """Something we are not shown, such as a poll: the customer still waits for an answer to it."""
    kind = label(mapping(message.get("unsupported")).get("type"))
    if kind in _NOTHING_SAID:
        raise LeftOut("unsupported")
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
