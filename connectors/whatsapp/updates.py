"""What Meta posts of a WhatsApp number: what customers did, and what became of our messages.

Contract: WhatsApp Business Platform, webhooks of the field `messages`.

A customer's address is their business-scoped user id. Since April 2026 that is in every message,
while the telephone number is missing from those of people who took a username: keyed on the number,
one person would be two customers from one message to the next. A number is the address only where
an older message holds nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.messages import CustomerClaim, InboundMessage, Progress, ReceiptUpdate
from connectors.base import leave_out
from connectors.whatsapp.contents import (
    READERS,
    Content,
    identifier,
    label,
    object_at,
    objects_at,
)

_STATES: Mapping[str, Progress] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
}


def messages_in(channel: str, content: Content) -> list[InboundMessage]:
    """Everything customers did, in the order it is in."""
    found = []
    for change in _changes(content):
        if not _is_of_messages(change):
            leave_out(channel, "field")
            continue
        value = object_at(change, "value")
        people = _people(value)
        for message in objects_at(value, "messages"):
            read = _message(channel, message, people, _recipient(value))
            if isinstance(read, InboundMessage):
                found.append(read)
            else:
                leave_out(channel, read)
        for _ in objects_at(value, "errors"):
            leave_out(channel, "error")
    return found


def receipts_in(channel: str, content: Content) -> list[ReceiptUpdate]:
    """Every receipt; what is said of messages in groups is none, for we send none there."""
    return [
        ReceiptUpdate(
            provider_id,
            state,
            error=_error(status),
            recipient=_recipient(value),
            reference=identifier(status.get("biz_opaque_callback_data")),
        )
        for change in _changes(content)
        if _is_of_messages(change)
        for value in (object_at(change, "value"),)
        for status in objects_at(value, "statuses")
        if (provider_id := identifier(status.get("id")))
        and (state := _STATES.get(identifier(status.get("status")) or ""))
        and status.get("recipient_type") != "group"
    ]


def _changes(content: Content) -> list[Content]:
    entries = objects_at(content, "entry")
    return [change for entry in entries for change in objects_at(entry, "changes")]


def _is_of_messages(change: Content) -> bool:
    return bool(change.get("field", "messages") == "messages")


def _people(value: Content) -> dict[str, Content]:
    """Who the messages are from, by user id and by number; under "" whoever is the only one."""
    contacts = objects_at(value, "contacts")
    people = {"": contacts[0]} if len(contacts) == 1 else {}
    for contact in contacts:
        for key in ("user_id", "wa_id"):
            name = identifier(contact.get(key))
            if name is not None:
                people[name] = contact
    return people


def _message(
    channel: str, message: Content, people: Mapping[str, Content], recipient: str | None
) -> InboundMessage | str:
    """What the customer did, or a code for why it is left out."""
    external_id = identifier(message.get("id"))
    address, name = _sender(message, people)
    reader = READERS.get(identifier(message.get("type")) or "")
    if external_id is None:
        return "id"
    if address is None:
        return "sender"
    if "group_id" in message:
        return "group"  # an answer would go to one of its members alone
    if reader is None:
        return "kind"
    said = InboundMessage(
        channel=channel,
        address=address,
        external_id=external_id,
        text="",
        claim=CustomerClaim(name=name, how="WhatsApp account"),
        recipient=recipient,
    )
    return reader(said, message) or "content"


def _sender(message: Content, people: Mapping[str, Content]) -> tuple[str | None, str | None]:
    """The address and the name of who sent a message."""
    user_id, number = identifier(message.get("from_user_id")), identifier(message.get("from"))
    person = people.get(user_id or number or "", {})
    known_as = identifier(person.get("user_id")), number, identifier(person.get("wa_id"))
    address = user_id or next(filter(None, known_as), None)
    return address, label(object_at(person, "profile").get("name"))


def _recipient(value: Content) -> str | None:
    return identifier(object_at(value, "metadata").get("phone_number_id"))


def _error(status: Content) -> str | None:
    code = next((error.get("code") for error in objects_at(status, "errors")), None)
    return f"whatsapp_{code}" if isinstance(code, int) else None
