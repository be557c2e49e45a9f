"""The audit log: every change that a person, the bot or the operator made, in the transaction that
makes it, so that there is no change without its line and no line without its change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.clock import new_id, now
from bot.records import Actor, AuditEntry
from bot.store.database import UnitOfWork


async def audit(
    uow: UnitOfWork,
    action: str,
    subject: str,
    *,
    by: str | None,
    actor: Actor | None = None,
    conversation_id: str | None = None,
    at: datetime | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write down who did what to what: `by` is the user's id, `action` NOUN.PARTICIPLE, `subject`
    the id of what was changed. Without `by` it was the operator, unless `actor` says otherwise.

    Nothing here may say who a customer is or what they wrote: these lines outlive them.
    """
    await uow.audit_log.add(
        AuditEntry(
            id=new_id(),
            user_id=by,
            action=action,
            subject=subject,
            details=dict(details or {}),
            created_at=at or now(),
            actor=actor or ("person" if by else "operator"),
            conversation_id=conversation_id,
        )
    )
