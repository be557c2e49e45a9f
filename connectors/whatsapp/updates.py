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
from connectors.fields import (
    LeftOut,
    identifier,
    identifier_or_none,
    label,
    mapping,
    mappings,
    words,
)
from connectors.whatsapp.contents import READERS, Content

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
        value = mapping(change.get("value"))
        people = _people(value)
        for message in mappings(value.get("messages")):
            try:
                found.append(_message(channel, message, people, _recipient(value)))
            except LeftOut as why:
                leave_out(channel, str(why))
        for _ in mappings(value.get("errors")):
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
            reference=identifier_or_none(status.get("biz_opaque_callback_data")),
        )
        for change in _changes(content)
        if _is_of_messages(change)
        for value in (mapping(change.get("value")),)
        for status in mappings(value.get("statuses"))
        if (provider_id := identifier_or_none(status.get("id")))
        and (state := _STATES.get(words(status.get("status"))))
        and status.get("recipient_type") != "group"
    ]


def _changes(content: Content) -> list[Content]:
    entries = mappings(content.get("entry"))
    return [change for entry in entries for change in mappings(entry.get("changes"))]


def _is_of_messages(change: Content) -> bool:
    return bool(change.get("field", "messages") == "messages")


def _people(value: Content) -> dict[str, Content]:
    """Who the messages are from, by user id and by number; under "" whoever is the only one."""
    contacts = mappings(value.get("contacts"))
    people = {"": contacts[0]} if len(contacts) == 1 else {}
    for contact in contacts:
        for key in ("user_id", "wa_id"):
            name = identifier_or_none(contact.get(key))
            if name is not None:
                people[name] = contact
    return people


def _message(
    channel: str, message: Content, people: Mapping[str, Content], recipient: str | None
) -> InboundMessage:
    external_id = identifier(message.get("id"))
    address, name = _sender(message, people)
    reader = READERS.get(words(message.get("type")))
    if "group_id" in message:
        raise LeftOut("group")  # an answer would go to one of its members alone
    if reader is None:
        raise LeftOut("kind")
    said = InboundMessage(
        channel=channel,
        address=address,
        external_id=external_id,
        text="",
        claim=CustomerClaim(name=name, how="WhatsApp account"),
        recipient=recipient,
    )
    return reader(said, message)


def _sender(message: Content, people: Mapping[str, Content]) -> tuple[str, str | None]:
    """The address and the name of who sent a message."""
    user_id = identifier_or_none(message.get("from_user_id"))
    number = identifier_or_none(message.get("from"))
    person = people.get(user_id or number or "", {})
    known_as = (
        user_id,
        identifier_or_none(person.get("user_id")),
        number,
        identifier_or_none(person.get("wa_id")),
    )
    address = next(filter(None, known_as), None)
    if address is None:
        raise LeftOut("sender")
    return address, label(mapping(person.get("profile")).get("name"))


def _recipient(value: Content) -> str | None:
    return identifier_or_none(mapping(value.get("metadata")).get("phone_number_id"))


def _error(status: Content) -> str | None:
    code = next((error.get("code") for error in mappings(status.get("errors"))), None)
    return f"whatsapp_{code}" if isinstance(code, int) else None
