"""Reading the events that Slack posts: what people write to the app, change, delete and react with.

Contract: Slack, "Events API". Which channels' messages come is the operator's choice, by the events
that the app subscribes to: `message.im` for direct messages, `app_mention` for being called in a
channel, and `message.channels` only where people are to be answered without calling.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from bot.messages import InboundKind, InboundMessage
from connectors.base import leave_out
from connectors.fields import LeftOut, identifier, mapping, mappings, words
from connectors.slack.markup import first_mention, mentions, readable
from connectors.slack.message import CLAIM, SlackMessage, is_direct, message_id
from connectors.text import chosen

# What a person writes; every other subtype is Slack telling of something else.
_WRITTEN = (None, "file_share", "thread_broadcast", "me_message")


def messages(channel: str, content: Mapping[str, Any]) -> list[InboundMessage]:
    """What somebody did, if the event is about that."""
    try:
        return [_message(channel, mapping(content.get("event")), _ourselves(content))]
    except LeftOut as why:
        leave_out(channel, str(why))
        return []


def _ourselves(content: Mapping[str, Any]) -> list[str]:
    """The app's own user, by which people call it; `authed_users` is its older name."""
    given, older = mappings(content.get("authorizations")), content.get("authed_users")
    return [
        *(words(each.get("user_id")) for each in given if each.get("is_bot")),
        *(words(each) for each in (older if isinstance(older, list) else [])),
    ]


def _message(channel: str, event: Mapping[str, Any], ours: Collection[str]) -> InboundMessage:
    kind, subtype = event.get("type"), event.get("subtype")
    if kind in ("reaction_added", "reaction_removed"):
        return _reacted(channel, event)
    if kind not in ("message", "app_mention"):
        raise LeftOut("event")
    message = SlackMessage(identifier(event.get("channel")), event, ours)
    if subtype == "message_changed":
        return _changed(channel, message)
    if subtype == "message_deleted":
        before = {"ts": event.get("deleted_ts"), **mapping(event.get("previous_message"))}
        return _altered(channel, message, replace(message, content=before), "deletion")
    if subtype not in _WRITTEN:
        raise LeftOut("subtype")
    message.check_author()
    if kind == "message":
        message.check_meant_for_us()
    elif not mentions(message.raw, ours):
        # The app was called, so whoever is called first must be it.
        message = replace(message, ours=[first_mention(message.raw) or ""])
    return _written(channel, message)


def _written(channel: str, message: SlackMessage) -> InboundMessage:
    text, attachments = message.text, message.attachments
    if not text and not attachments:
        text = readable(message.raw)  # somebody who only calls us wants an answer too
        if not text:
            raise LeftOut("empty")
    return InboundMessage(
        channel=channel,
        address=message.address,
        external_id=message.id,
        text=text,
        claim=CLAIM,
        attachments=attachments,
        choice=chosen(text),
    )


def _changed(channel: str, change: SlackMessage) -> InboundMessage:
    before = mapping(change.content.get("previous_message"))
    after = mapping(change.content.get("message"))
    if after.get("subtype") == "tombstone":  # what stays of a deleted message with answers
        return _altered(channel, change, replace(change, content=before), "deletion")
    message = replace(change, content={**before, **after})
    if message.raw in ("", words(before.get("text"))):
        raise LeftOut("unchanged")  # Slack itself added a preview, or counted the answers
    return _altered(channel, change, message, "edit", text=message.text)


def _altered(
    channel: str, change: SlackMessage, message: SlackMessage, kind: InboundKind, *, text: str = ""
) -> InboundMessage:
    """An edit or a deletion, which has a time stamp of its own."""
    message.check_author()
    message.check_meant_for_us()
    at = identifier(change.content.get("ts"))
    return InboundMessage(
        channel=channel,
        address=message.address,
        external_id=identifier(f"{message.id}:{kind}:{at}"),
        text=text,
        claim=CLAIM,
        kind=kind,
        about=message.id,
    )


def _reacted(channel: str, event: Mapping[str, Any]) -> InboundMessage:
    item = mapping(event.get("item"))
    room = identifier(item.get("channel"))
    if not is_direct(room):
        raise LeftOut("reaction")  # which thread it is in is not told
    about = message_id(room, item.get("ts"))
    taken_back = event.get("type") == "reaction_removed"
    return InboundMessage(
        channel=channel,
        address=room,
        external_id=identifier(f"{about}:reaction:{identifier(event.get('event_ts'))}"),
        text="" if taken_back else f":{identifier(event.get('reaction'))}:",
        claim=CLAIM,
        kind="reaction",
        about=about,
    )
