"""A message in Slack's events: what it is called, whose it is, and whether it is said to us.

A message is `CHANNEL:TS`, the same in every event that tells of it; our own are called so by their
provider id. The workspace would add nothing, as one token is good for one workspace.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.messages import Attachment, CustomerClaim
from connectors.fields import (
    LeftOut,
    count,
    identifier,
    identifier_or_none,
    label,
    mapping,
    mappings,
    words,
)
from connectors.media import kind_of
from connectors.slack.markup import first_mention, mentions, readable, without_mention

CLAIM = CustomerClaim(how="Slack account")
_NOBODYS = ("bot_message", "tombstone")  # subtypes of what no person said


def message_id(room: str, ts: object) -> str:
    """What a message is called: its time stamp is only unique in its own channel."""
    return identifier(f"{room}:{identifier(ts)}")


def address(room: str, thread: object, user: object) -> str:
    """Where to answer. A direct message's channel is one person's; elsewhere many people write, and
    each in each thread is a customer of their own."""
    if is_direct(room):
        return room
    return identifier(f"{room}/{identifier(thread)}/{identifier(user)}")


def place(address: str) -> tuple[str, str | None]:
    """The channel of an address, and the thread if it is in one."""
    room, *thread = address.split("/")
    return room, thread[0] if thread else None


def is_direct(room: str) -> bool:
    """Whether a channel is between the app and one person; several may be in any other."""
    return room.startswith("D")


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """A message of `room`, which is Slack's channel; `ours` are the users that the app is."""

    room: str
    content: Mapping[str, Any]
    ours: Collection[str]

    @property
    def id(self) -> str:
        return message_id(self.room, self.content.get("ts"))

    @property
    def address(self) -> str:
        thread = self.content.get("thread_ts") or self.content.get("ts")
        return address(self.room, thread, self.content.get("user"))

    @property
    def raw(self) -> str:
        """The text as Slack writes it."""
        return words(self.content.get("text"))

    @property
    def text(self) -> str:
        """The text as people read it, without our name before it."""
        if first_mention(self.raw) in self.ours:
            return readable(without_mention(self.raw)).strip()
        return readable(self.raw)

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        return tuple(_file(file) for file in mappings(self.content.get("files")))

    def check_author(self) -> None:
        """Bots are not answered, least of all ourselves: they might answer back for ever."""
        if self.content.get("bot_id") or self.content.get("subtype") in _NOBODYS:
            raise LeftOut("bot")

    def check_meant_for_us(self) -> None:
        """In a channel, what begins with another's name is said to them, and so is what others say
        in the thread that somebody began."""
        if is_direct(self.room) or mentions(self.raw, self.ours):
            return
        if first_mention(self.raw):
            raise LeftOut("to_another")
        root = mapping(self.content.get("root"))
        began = self.content.get("parent_user_id") or root.get("user")
        if began and began != self.content.get("user") and began not in self.ours:
            raise LeftOut("thread_of_another")


def _file(file: Mapping[str, Any]) -> Attachment:
    content_type = identifier_or_none(file.get("mimetype"))
    return Attachment(
        kind=kind_of(content_type or ""),
        # None of a file from another workspace that shares its channel with ours.
        reference=words(file.get("url_private")) or None,
        content_type=content_type,
        name=label(file.get("name")),
        size=count(file.get("size")),
    )
