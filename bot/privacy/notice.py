"""What the bot says of its own accord on channels that have no page to say it: once what is kept,
before its first answer, and once that a secret was removed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.assistant.reply import ReplyMessage
from bot.messages import channel_of
from bot.privacy.policy_file import PolicyFile
from bot.records import Message
from bot.redaction import was_redacted
from bot.store.database import UnitOfWork

SHORT = frozenset({"twilio"})  # every SMS costs


async def said_first(
    uow: UnitOfWork, privacy: PolicyFile | None, asked: Message, *, at: datetime
) -> tuple[ReplyMessage, ...]:
    """The lines that come before the answer to this message, written down as said."""
    policy = privacy.now if privacy else None
    channel = channel_of(asked.channel)
    if privacy is None or policy is None or asked.address is None:
        return ()
    if channel not in policy.channels:
        return ()
    identity = await uow.customers.identity(asked.channel, asked.address)
    if identity is None:
        return ()
    told, lines = identity, []
    language = policy.language(())
    if identity.notice_version != policy.version:
        told = replace(told, notice_version=policy.version, noticed_at=at)
        lines.append(policy.notice(language, privacy.site, short=channel in SHORT))
    if identity.warned_at is None and was_redacted(asked.text):
        told = replace(told, warned_at=at)
        lines.append(policy.words[language].removed)
    if lines:
        await uow.customers.told(told)
    return tuple(ReplyMessage(line) for line in lines)
