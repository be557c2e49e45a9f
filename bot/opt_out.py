"""The words that carriers want obeyed: no more messages, messages again, and help."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.auditing import audit
from bot.conversation import Conversation
from bot.messages import InboundMessage
from bot.store.database import UnitOfWork
from bot.transcript import add_message

OPTED_OUT = "opted_out"
WELCOME_BACK = "You will get messages from us again. Write STOP to get no more."
HELP = (
    "You are writing with an assistant; ask it anything about your order, or for a person. "
    "Write STOP to get no more messages, and START to get them again."
)


async def obey(
    uow: UnitOfWork, conversation: Conversation, inbound: InboundMessage, *, at: datetime
) -> tuple[str, ...]:
    """Do what the word asks for; the ids of messages to be sent for it.

    A STOP is not answered: its carrier does that, and would refuse ours. The others are answered
    where they were said, also when the conversation goes on elsewhere.
    """
    here = (inbound.channel, inbound.address)
    if inbound.kind in ("opt_out", "opt_in"):
        await audit(
            uow,
            "messages.stopped" if inbound.kind == "opt_out" else "messages.allowed",
            conversation.id,
            by=None,
            actor="bot",
            conversation_id=conversation.id,
            at=at,
            details={"channel": inbound.channel},
        )
    if inbound.kind == "opt_out":
        await uow.opt_outs.add(*here, at=at)
        await uow.outbox.drop_unsent(*here, error=OPTED_OUT)
        return ()
    if inbound.kind == "opt_in":
        await uow.opt_outs.remove(*here)
    elif inbound.kind != "help":
        return ()
    if inbound.answered:
        return ()
    text = WELCOME_BACK if inbound.kind == "opt_in" else HELP
    here_alone = replace(conversation, channel=inbound.channel, address=inbound.address)
    message, _ = await add_message(
        uow, here_alone, author="system", text=text, data={"event": inbound.kind}, at=at
    )
    return (message.id,)
