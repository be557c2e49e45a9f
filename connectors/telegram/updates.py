"""Reading what Telegram posts: one update a request, with one thing that somebody did.

Contract: Telegram, "Bot API", type Update. Only private chats are answered: in a group, the answer
would show a customer's data to everybody.

A retry repeats the update's number, which Telegram wants updates told apart by: so every external
id holds it, and a message's is `CHAT:MESSAGE:UPDATE`. An edit or a reaction knows its message as
`CHAT:MESSAGE` alone. That is the provider id of one of ours, and the beginning of a customer's id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.messages import CustomerClaim, InboundMessage
from connectors.base import leave_out
from connectors.fields import LeftOut, identifier, mapping, mappings, number, words
from connectors.telegram.attachments import attached, full_name
from connectors.text import chosen

# Updates that we know and want nothing of: named in the log, where any other is only "update".
_NOT_FOR_US = (
    "my_chat_member",  # the customer blocked the bot, or no longer does
    "channel_post",
    "edited_channel_post",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "inline_query",
    "chosen_inline_result",
    "poll",
    "poll_answer",
)


def messages(channel: str, update: Mapping[str, Any]) -> list[InboundMessage]:
    """What a customer did, if the update is about that."""
    try:
        return [_message(channel, update)]
    except LeftOut as why:
        leave_out(channel, str(why))
        return []


def provider_id(chat: str, message_id: int) -> str:
    """What a message is called in all of a bot's chats: its number is only unique in its own."""
    return identifier(f"{chat}:{message_id}")


def _message(channel: str, update: Mapping[str, Any]) -> InboundMessage:
    for kind, read in _READERS.items():
        if kind in update:
            return read(channel, number(update.get("update_id")), mapping(update[kind]))
    raise LeftOut(next((kind for kind in _NOT_FOR_US if kind in update), "update"))


def _said(channel: str, update_id: int, message: Mapping[str, Any]) -> InboundMessage:
    chat, called = _called(message)
    text, attachments = _text(message), attached(message)
    if not text and not attachments:
        raise LeftOut("content")  # such as a pinned message, or a kind that is new
    done = _done(channel, update_id, chat, called, message.get("from"))
    return replace(done, text=text, attachments=attachments, choice=chosen(text))


def _edited(channel: str, update_id: int, message: Mapping[str, Any]) -> InboundMessage:
    chat, called = _called(message)
    text = _text(message)
    if not text:
        raise LeftOut("edit")  # a live location that moved, every few seconds
    done = _done(channel, update_id, chat, called, message.get("from"))
    return replace(done, text=text, kind="edit", about=called)


def _pressed(channel: str, update_id: int, query: Mapping[str, Any]) -> InboundMessage:
    """A pressed button; the message it belongs to may be missing, or be told of without text."""
    data, message = words(query.get("data")), mapping(query.get("message"))
    if not data:
        raise LeftOut("callback")  # of a game
    # A chat with one person has that person's number.
    chat = _chat(message) if message else str(number(mapping(query.get("from")).get("id")))
    return InboundMessage(
        channel=channel,
        address=chat,
        external_id=f"{chat}:callback:{update_id}",
        text=_title(message, data),
        payload=data,
        claim=_claim(query.get("from")),
    )


def _title(message: Mapping[str, Any], data: str) -> str:
    """What the pressed button reads, if its message is still known; what it sends otherwise."""
    rows = mapping(message.get("reply_markup")).get("inline_keyboard")
    for row in rows if isinstance(rows, list) else []:
        for button in mappings(row):
            if button.get("callback_data") == data and words(button.get("text")):
                return words(button["text"])
    return data


def _reacted(channel: str, update_id: int, reaction: Mapping[str, Any]) -> InboundMessage:
    chat, called = _called(reaction)
    shown = mappings(reaction.get("new_reaction"))
    text = "".join(words(each.get("emoji")) for each in shown)
    if not text and reaction.get("new_reaction") != []:
        raise LeftOut("reaction")  # a picture that somebody made, which no text can show
    done = _done(channel, update_id, chat, called, reaction.get("user"))
    return replace(done, text=text, kind="reaction", about=called)


def _done(channel: str, update_id: int, chat: str, called: str, person: object) -> InboundMessage:
    """What all that is done to a message of a chat has in common; the text is still to be told."""
    return InboundMessage(
        channel=channel,
        address=chat,
        external_id=f"{called}:{update_id}",
        text="",
        claim=_claim(person),
    )


_READERS = {
    "message": _said,
    "edited_message": _edited,
    "callback_query": _pressed,
    "message_reaction": _reacted,
}


def _chat(content: Mapping[str, Any]) -> str:
    chat = mapping(content.get("chat"))
    if chat.get("type") != "private":
        raise LeftOut("not_private")
    return str(number(chat.get("id")))


def _called(content: Mapping[str, Any]) -> tuple[str, str]:
    """The chat, and what a message in it is called."""
    chat = _chat(content)
    return chat, provider_id(chat, number(content.get("message_id")))


def _claim(user: object) -> CustomerClaim:
    return CustomerClaim(name=full_name(mapping(user)), how="Telegram account")


def _text(message: Mapping[str, Any]) -> str:
    """What the message says, also where Telegram has more than words for it."""
    poll, dice = mapping(message.get("poll")), mapping(message.get("dice"))
    if poll:
        options = [words(option.get("text")) for option in mappings(poll.get("options"))]
        return "\n- ".join([words(poll.get("question")), *options])
    if dice:
        return f"{words(dice.get('emoji'))} {number(dice.get('value'))}"
    return words(message.get("text")) or words(message.get("caption"))
