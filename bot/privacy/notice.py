"""What the bot says of its own accord on channels that have no page to say it: once what is kept,
before its first answer, and once that a secret was removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.assistant.reply import ReplyMessage
from bot.messages import channel_of
from bot.privacy.policy_file import PolicyFile
from bot.records import Message
from bot.redaction import was_redacted
from bot.store.database import UnitOfWork

SHORT = frozenset({"twilio"})  # every SMS costs


async def with_notice(
    uow: UnitOfWork,
    privacy: PolicyFile | None,
    asked: Message,
    said: Sequence[ReplyMessage],
    *,
    at: datetime,
) -> Sequence[ReplyMessage]:
    """The answer to this message with what has to be said before it, which is written down as said.

    It stands in the answer's own first message: each costs, and one alone would look like all.
    """
    lines = await _to_say(uow, privacy, asked, at=at)
    if not lines:
        return said
    first, *rest = said or [ReplyMessage("")]
    return [replace(first, text="\n\n".join(filter(None, [*lines, first.text]))), *rest]


async def _to_say(
    uow: UnitOfWork, privacy: PolicyFile | None, asked: Message, *, at: datetime
) -> list[str]:
    policy = privacy.now if privacy else None
    channel = channel_of(asked.channel)
    if privacy is None or policy is None or asked.address is None:
        return []
    if channel not in policy.channels:
        return []
    identity = await uow.customers.identity(asked.channel, asked.address)
    if identity is None:
        return []
    told, lines = identity, list[str]()
    language = policy.language(())
    if identity.notice_version != policy.version:
        told = replace(told, notice_version=policy.version, noticed_at=at)
        lines.append(policy.notice(language, privacy.site, short=channel in SHORT))
    if identity.warned_at is None and was_redacted(asked.text):
        told = replace(told, warned_at=at)
        lines.append(policy.words[language].removed)
    if lines:
        await uow.customers.told(told)
    return lines
