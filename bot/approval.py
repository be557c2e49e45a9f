"""Changes that the bot prepared and an agent decides on: one click makes each, and once.

As in bot.ledger, the change is written down before it is made and when its result is known. A
second click, or one after a crash in between, goes to the shop under the same key, which makes
nothing twice; only what the shop refused is tried again under a new one.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from actions.context.changes import Change, Changed
from actions.context.source import Shop
from bot.auditing import audit
from bot.change_words import outcome_in_words
from bot.clock import iso, now
from bot.conversation import Conversation
from bot.errors import Conflict, NotFound
from bot.ownership import lock_conversation, publish, require_owner
from bot.records import Effect, Handoff, Message, User
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.transcript import add_message

log = logging.getLogger(__name__)
# The states in which nothing was made, and may still be.
OPEN = ("waiting", "refused")


@dataclass(frozen=True, slots=True)
class _Try:
    """One attempt at a prepared change; `key` is the same until the shop refuses it again, after
    so many `refusals`."""

    handoff_id: str
    prepared_id: str
    refusals: int
    key: str
    change: Change


async def approve(
    services: Services, shop: Shop, conversation_id: str, prepared_id: str, user: User
) -> None:
    """Make the change; what came of it stands on the card. Raises NotFound or Conflict."""
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        require_owner(conversation, user)
        attempt = await _begin(uow, conversation, prepared_id, user, at=now())
    if attempt is None:
        return
    try:
        changed = await shop.apply(attempt.key, attempt.change)
    except Exception as error:
        # It may have been made all the same: whoever clicks again finds out.
        kind = type(error).__name__
        log.error("approval_failed conversation_id=%s error=%s", conversation_id, kind)
        changed = None
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        line = await _end(uow, conversation, attempt, changed, user, at=now())
    if line is not None:
        await publish(services, conversation_id, line)


def is_same_change(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two prepared changes would do the same."""
    return (one["name"], one["arguments"]) == (other["name"], other["arguments"])


async def decline(services: Services, conversation_id: str, prepared_id: str, user: User) -> None:
    """Decide that the change is not made. Raises NotFound or Conflict."""
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        require_owner(conversation, user)
        handoff, prepared = await _find(uow, conversation, prepared_id)
        state, at = prepared["state"], now()
        if state == "declined":
            return
        if state == "approved":
            raise Conflict("This change was made already.", code="made_already")
        if state in ("trying", "failed"):
            raise Conflict(
                "Nobody knows whether this change was made. Approve it again to find out.",
                code="outcome_unknown",
            )
        await _write(uow, handoff, prepared, state="declined", by=user.name, at=iso(at))
        await _note(uow, conversation, prepared_id, user, "declined", prepared["name"], at=at)
        text = f"{user.name} declined “{prepared['title']}”."
        line = await _say(uow, conversation, text, {"event": "declined"}, at=at)
    await publish(services, conversation_id, line)


async def _begin(
    uow: UnitOfWork, conversation: Conversation, prepared_id: str, user: User, *, at: datetime
) -> _Try | None:
    """Write down that the change is about to be made; None when it was made already."""
    handoff, prepared = await _find(uow, conversation, prepared_id)
    if prepared["state"] == "approved":
        return None
    if prepared["state"] == "declined":
        raise Conflict(f"{prepared['by']} declined this change.", code="declined")
    refusals = prepared.get("refusals", 0)
    told = f"{handoff.id}:{prepared_id}:{refusals}"
    attempt = _Try(
        handoff.id,
        prepared_id,
        refusals,
        sha256(told.encode()).hexdigest(),
        Change(prepared["name"], prepared["arguments"]),
    )
    if await uow.effects.get(attempt.key) is None:
        await uow.effects.add(
            Effect(
                key=attempt.key,
                conversation_id=conversation.id,
                customer_id=conversation.customer_id,
                turn_id=handoff.turn_id or "",
                action=prepared["name"],
                ordinal=refusals + 1,
                arguments={
                    "change": {"name": prepared["name"], "arguments": prepared["arguments"]},
                    "by": {"agent": user.id, "name": user.name},
                },
                state="intended",
                result=None,
                created_at=at,
                finished_at=None,
            )
        )
    await _write(uow, handoff, prepared, state="trying", by=user.name, at=iso(at))
    await _note(uow, conversation, prepared_id, user, "approved", prepared["name"], at=at)
    return attempt


async def _end(
    uow: UnitOfWork,
    conversation: Conversation,
    attempt: _Try,
    changed: Changed | None,
    user: User,
    *,
    at: datetime,
) -> Message | None:
    """Write down what came of it, whoever owns the conversation by now; the line that says so, None
    when there is none or somebody else's click has said it."""
    handoff = await uow.handoffs.get(attempt.handoff_id)
    if handoff is None:
        return None
    prepared = _prepared(handoff, attempt.prepared_id)
    if prepared["state"] == "approved" or prepared.get("refusals", 0) != attempt.refusals:
        return None
    done: dict[str, Any] = {"by": user.name, "at": iso(at)}
    if changed is None:
        await _write(uow, handoff, prepared, state="failed", **done)
        return None
    done["result"] = result = asdict(changed)
    await uow.effects.finish(attempt.key, result, at=at)
    became = "refused" if changed.refused else "made"
    await _note(uow, conversation, attempt.prepared_id, user, became, attempt.change.name, at=at)
    if changed.refused is None:
        for each in handoff.card["prepared"]:
            # The same change need not be made a second time.
            if each is prepared or (each["state"] in OPEN and is_same_change(each, prepared)):
                handoff = await _write(uow, handoff, each, state="approved", **done)
        made = {**asdict(attempt.change), "reference": changed.reference}
        told = {"event": "approved", "change": made}
    else:
        refusals = attempt.refusals + 1
        await _write(uow, handoff, prepared, state="refused", refusals=refusals, **done)
        told = {"event": "refused"}
    text = f"{user.name} approved “{prepared['title']}”. {outcome_in_words(result)}"
    return await _say(uow, conversation, text, told, at=at)


async def _find(
    uow: UnitOfWork, conversation: Conversation, prepared_id: str
) -> tuple[Handoff, dict[str, Any]]:
    handoff = await uow.handoffs.open_of(conversation.id)
    if handoff is None:
        raise NotFound("This conversation has no hand-off to decide on.")
    return handoff, _prepared(handoff, prepared_id)


def _prepared(handoff: Handoff, prepared_id: str) -> dict[str, Any]:
    # Cards of earlier versions prepared nothing.
    for prepared in handoff.card.get("prepared", ()):
        if prepared["id"] == prepared_id:
            found: dict[str, Any] = prepared
            return found
    raise NotFound("This hand-off has prepared no such change.")


async def _write(
    uow: UnitOfWork, handoff: Handoff, prepared: Mapping[str, Any], **decided: Any
) -> Handoff:
    """The prepared change on its card, with what was decided; the hand-off as it is then."""
    changes = [
        {**each, **decided} if each["id"] == prepared["id"] else each
        for each in handoff.card["prepared"]
    ]
    decided_on = replace(handoff, card={**handoff.card, "prepared": changes})
    await uow.handoffs.set_card(decided_on)
    return decided_on


async def _note(
    uow: UnitOfWork,
    conversation: Conversation,
    prepared_id: str,
    user: User,
    participle: str,
    change: str,
    *,
    at: datetime,
) -> None:
    await audit(
        uow,
        f"change.{participle}",
        prepared_id,
        by=user.id,
        conversation_id=conversation.id,
        at=at,
        details={"change": change},
    )


async def _say(
    uow: UnitOfWork,
    conversation: Conversation,
    text: str,
    data: Mapping[str, Any],
    *,
    at: datetime,
) -> Message:
    line, _ = await add_message(
        uow, conversation, author="system", text=text, private=True, data=data, at=at
    )
    return line
