"""Adding a line to a transcript: the one place where a message gets its sequence number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from bot.assistant.reply import ReplyMessage
from bot.clock import new_id
from bot.conversation import Conversation
from bot.messages import Attachment, Button
from bot.records import Author, Message, OutboxItem, User
from bot.store.database import UnitOfWork

# An open page fetches by itself; only after this is its customer taken to be away.
FIRST_LOOK = {"web": timedelta(seconds=15)}


async def add_message(
    uow: UnitOfWork,
    conversation: Conversation,
    *,
    author: Author,
    text: str,
    at: datetime,
    buttons: Sequence[Button] = (),
    payload: str | None = None,
    attachments: Sequence[Attachment] = (),
    agent: User | None = None,
    channel: str | None = None,
    address: str | None = None,
    external_id: str | None = None,
    turn_id: str | None = None,
    in_reply_to: str | None = None,
    private: bool = False,
    data: Mapping[str, Any] | None = None,
) -> tuple[Message, Conversation]:
    """Write the message, and its outbox row when the customer is to get it."""
    conversation = await uow.conversations.next_seq(conversation, at=at)
    message = Message(
        id=new_id(),
        conversation_id=conversation.id,
        customer_id=conversation.customer_id,
        seq=conversation.last_seq,
        turn_id=turn_id,
        author=author,
        agent_id=agent.id if agent else None,
        author_name=agent.name if agent else None,
        text=text,
        payload=payload,
        buttons=[asdict(button) for button in buttons],
        channel=channel or conversation.channel,
        external_id=external_id,
        in_reply_to=in_reply_to,
        private=private,
        data=dict(data or {}),
        attachments=[asdict(attachment) for attachment in attachments],
        address=address,
        created_at=at,
    )
    await uow.messages.add(message)
    if author != "customer" and not private:
        await uow.outbox.add(_outbox_item(conversation, message))
    return message, conversation


async def add_replies(
    uow: UnitOfWork,
    conversation: Conversation,
    asked: Message,
    turn_id: str,
    said: Sequence[ReplyMessage],
    *,
    at: datetime,
) -> list[Message]:
    """Write the bot's lines of a turn under the sequence numbers that the conversation has just
    taken for them, the last of which is its `last_seq`."""
    first = conversation.last_seq - len(said) + 1
    messages = [
        Message(
            id=new_id(),
            conversation_id=conversation.id,
            customer_id=conversation.customer_id,
            seq=seq,
            turn_id=turn_id,
            author="bot",
            agent_id=None,
            author_name=None,
            text=one.text,
            payload=None,
            buttons=[asdict(button) for button in one.buttons],
            channel=conversation.channel,
            external_id=None,
            in_reply_to=asked.id if asked.author == "customer" else None,
            private=False,
            data={},
            image=one.image,
            created_at=at,
        )
        for seq, one in enumerate(said, start=first)
    ]
    if messages:
        await uow.messages.add(*messages)
        await uow.outbox.add(*(_outbox_item(conversation, message) for message in messages))
    return messages


def _outbox_item(conversation: Conversation, message: Message) -> OutboxItem:
    return OutboxItem(
        id=new_id(),
        message_id=message.id,
        conversation_id=conversation.id,
        customer_id=conversation.customer_id,
        channel=conversation.channel,
        address=conversation.address,
        seq=message.seq,
        state="pending",
        attempts=0,
        next_attempt_at=message.created_at + FIRST_LOOK.get(conversation.channel, timedelta(0)),
        give_up_at=None,
        provider_id=None,
        error=None,
        created_at=message.created_at,
    )
