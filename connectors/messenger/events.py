"""Reading what Messenger and Instagram post: a batch of entries, each with what happened on one
account of ours.

Contract: Meta's Messenger Platform, "Webhook Events Reference", and Instagram Messaging,
"Webhooks". Echoes are what our own side sent, this program or whoever uses the account's inbox;
what is on `standby` is for another app to answer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.messages import InboundMessage, ReceiptUpdate
from connectors.base import leave_out
from connectors.fields import LeftOut, identifier_or_none, mapping, mappings, words
from connectors.messenger.attachments import attached
from connectors.text import chosen

_RECEIPTS = ("delivery", "read")


@dataclass(frozen=True, slots=True)
class _Event:
    """One thing that happened; `sender` is "" when the platform does not say who, and `at` is when,
    as it was written."""

    sender: str
    account: str | None
    at: str
    content: Mapping[str, Any]

    def part(self, name: str) -> Mapping[str, Any]:
        return mapping(self.content.get(name))

    def once(self, *said: str) -> str:
        """An id for what has none of its own, the same each time it is sent."""
        if not self.at:
            raise LeftOut("timestamp")
        return hashlib.sha256(json.dumps([self.sender, self.at, *said]).encode()).hexdigest()


def messages(channel: str, subject: str, content: Mapping[str, Any]) -> list[InboundMessage]:
    """Everything that customers did, in a request about `subject`: a page, or Instagram."""
    if content.get("object") != subject:
        leave_out(channel, "object")
    if any("standby" in entry for entry in mappings(content.get("entry"))):
        leave_out(channel, "standby")
    found = []
    for event in _events(subject, content):
        if any(name in event.content for name in _RECEIPTS):
            continue
        try:
            found.append(_message(channel, event))
        except LeftOut as why:
            leave_out(channel, str(why))
    return found


def receipts(subject: str, content: Mapping[str, Any]) -> list[ReceiptUpdate]:
    """What is said of messages by their ids. An echo says that a message of ours is there, and what
    we called it, where it is the app's own and carries that.

    A `watermark` says up to when everything was delivered or read, and names no message; Messenger
    tells of reading in no other way.
    """
    found = []
    for event in _events(subject, content):
        delivered = event.part("delivery").get("mids")
        for mid in map(identifier_or_none, delivered if isinstance(delivered, list) else []):
            if mid:
                found.append(ReceiptUpdate(mid, "delivered", recipient=event.account))
        read = identifier_or_none(event.part("read").get("mid"))
        if read:
            found.append(ReceiptUpdate(read, "read", recipient=event.account))
        said = event.part("message")
        echo, reference = (identifier_or_none(said.get(key)) for key in ("mid", "metadata"))
        if said.get("is_echo") and echo and reference:
            found.append(ReceiptUpdate(echo, "sent", recipient=event.account, reference=reference))
    return found


def _events(subject: str, content: Mapping[str, Any]) -> Iterator[_Event]:
    if content.get("object") != subject:
        return
    for entry in mappings(content.get("entry")):
        for event in mappings(entry.get("messaging")):
            recipient = mapping(event.get("recipient")).get("id")
            at = event.get("timestamp")
            yield _Event(
                sender=identifier_or_none(mapping(event.get("sender")).get("id")) or "",
                account=identifier_or_none(entry.get("id")) or identifier_or_none(recipient),
                at=str(at) if isinstance(at, (int, str)) else "",
                content=event,
            )


def _message(channel: str, event: _Event) -> InboundMessage:
    if not event.sender:
        raise LeftOut("sender")
    if event.sender == event.account:
        raise LeftOut("own")
    blank = InboundMessage(channel, event.sender, "", "", recipient=event.account)
    for name, read in _READERS.items():
        if name in event.content:
            return read(blank, event, event.part(name))
    raise LeftOut("event")  # such as an opt-in, a referral, a change of who has the thread


def _said(blank: InboundMessage, event: _Event, said: Mapping[str, Any]) -> InboundMessage:
    if said.get("is_echo"):
        raise LeftOut("echo")
    mid = _mid(said)
    if said.get("is_deleted"):
        return replace(blank, external_id=f"{mid}:deleted", kind="deletion", about=mid)
    attachments, shared = attached(said)
    text = words(said.get("text")) or shared
    payload = words(mapping(said.get("quick_reply")).get("payload")) or None
    if not (text or attachments or payload):
        raise LeftOut("empty")
    return replace(
        blank,
        external_id=mid,
        text=text,
        payload=payload,
        attachments=attachments,
        choice=chosen(text) if payload is None else None,
    )


def _edited(blank: InboundMessage, event: _Event, edit: Mapping[str, Any]) -> InboundMessage:
    mid, text, number = _mid(edit), words(edit.get("text")), edit.get("num_edit")
    if not text or not isinstance(number, (int, str)) or not identifier_or_none(str(number)):
        raise LeftOut("edit")
    return replace(blank, external_id=f"{mid}:edit:{number}", text=text, kind="edit", about=mid)


def _reacted(blank: InboundMessage, event: _Event, reaction: Mapping[str, Any]) -> InboundMessage:
    mid, action = _mid(reaction), reaction.get("action")
    shown = words(reaction.get("emoji")) or words(reaction.get("reaction"))
    if action not in ("react", "unreact") or (action == "react" and not shown):
        raise LeftOut("reaction")
    text = shown if action == "react" else ""
    once = event.once("reaction", mid, text)
    return replace(blank, external_id=once, text=text, kind="reaction", about=mid)


def _pressed(blank: InboundMessage, event: _Event, postback: Mapping[str, Any]) -> InboundMessage:
    payload = words(postback.get("payload"))
    if not payload:
        raise LeftOut("postback")  # of a button that another app had sent
    return replace(
        blank,
        external_id=identifier_or_none(postback.get("mid")) or event.once("postback", payload),
        text=words(postback.get("title")),
        payload=payload,
    )


_READERS = {"message": _said, "message_edit": _edited, "reaction": _reacted, "postback": _pressed}


def _mid(content: Mapping[str, Any]) -> str:
    mid = identifier_or_none(content.get("mid"))
    if mid is None:
        raise LeftOut("mid")
    return mid
