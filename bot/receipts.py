"""Receipts: what a provider says of messages it accepted, in any order and any number of times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.attempts import next_part
from bot.clock import now
from bot.events import Event
from bot.messages import Progress, Receipt, ReceiptUpdate
from bot.records import OutboxItem
from bot.services import Services
from bot.store.database import UnitOfWork

# The furthest counts. A failure ends a message, unless it is known to have arrived all the same.
ORDER: tuple[Progress, ...] = ("sent", "failed", "delivered", "read")
LONGEST_ID = 200  # the widths of the columns they are stored in
LONGEST_ERROR = 400


async def take_receipts(services: Services, channel: str, updates: Sequence[ReceiptUpdate]) -> None:
    """Write down what these say of messages that were sent, and tell open pages.

    One that came before its message is known to be sent is kept for it.
    """
    ours = [
        update
        for update in updates
        if len(update.provider_id) <= LONGEST_ID and len(update.reference or "") <= LONGEST_ID
    ]
    if not ours:
        return
    changed: list[OutboxItem] = []
    async with services.database.write() as uow:
        at = now()
        await uow.early_receipts.drop_old(at=at)
        # In one order, so that of two requests about the same messages none waits for the other.
        for update in sorted(ours, key=lambda update: update.provider_id):
            item = await _take(uow, channel, update, at)
            if item is not None:
                changed.append(item)
    for item in changed:
        await services.bus.publish(delivery_changed(item))


def delivery_changed(item: OutboxItem) -> Event:
    """How far a message got, for open pages."""
    data = {"message_id": item.message_id, "state": item.state, "error": item.error}
    return Event("receipt", item.conversation_id, data)


async def _take(
    uow: UnitOfWork, channel: str, update: ReceiptUpdate, at: datetime
) -> OutboxItem | None:
    error = update.error[:LONGEST_ERROR] if update.error else None
    given = replace(update, error=error)
    known = _furthest(await uow.early_receipts.lock(channel, given, at=at), given)
    item = await uow.outbox.by_provider_id(channel, update.provider_id)
    if item is None or item.state not in ORDER:
        # Kept for whoever settles it: also what was found by its reference is not settled yet.
        await uow.early_receipts.put(channel, known)
        return await _arrived(uow, channel, update) if item is None and update.reference else None
    await uow.early_receipts.drop(channel, update.provider_id)
    was = ReceiptUpdate(update.provider_id, item.state, item.error)
    furthest = _furthest(was, known)
    if furthest.state == item.state:
        return None
    becomes = replace(item, state=furthest.state, error=furthest.error)
    return becomes if await uow.outbox.change(item, becomes) else None


async def _arrived(uow: UnitOfWork, channel: str, update: ReceiptUpdate) -> OutboxItem | None:
    """What was unknown has arrived, by what we called it: its sender goes on with what is left of
    it, and finds this receipt then."""
    message_id, _, part = (update.reference or "").partition(".")
    item = await uow.outbox.of_message(message_id)
    if item is None or item.channel != channel or item.state != "unknown":
        return None
    if item.parts_sent != (int(part) if part.isdecimal() else 0):
        return None
    becomes = replace(next_part(item), provider_id=update.provider_id)
    return becomes if await uow.outbox.change(item, becomes) else None


async def told_already(uow: UnitOfWork, item: OutboxItem) -> OutboxItem:
    """What has just become unknown, or what it is now that its provider had told of it before we
    gave up waiting for the answer: receipts are quick, and waiting is long."""
    if item.state != "unknown":
        return item
    reference = f"{item.message_id}.{item.parts_sent}" if item.parts_sent else item.message_id
    provider_id = await uow.early_receipts.called(item.channel, reference)
    if provider_id is None:
        return item
    arrived = replace(next_part(item), provider_id=provider_id)
    return arrived if await uow.outbox.change(item, arrived) else item


async def settle(uow: UnitOfWork, item: OutboxItem, receipt: Receipt) -> OutboxItem | None:
    """Write that the provider accepted the message, or how far it has come already; None when the
    item is no longer the caller's."""
    known = ReceiptUpdate(
        receipt.provider_id or "", "delivered" if receipt.state == "delivered" else "sent"
    )
    if receipt.provider_id is not None:
        early = await uow.early_receipts.lock(item.channel, known, at=now())
        known = _furthest(known, early)
        await uow.early_receipts.drop(item.channel, receipt.provider_id)
    becomes = replace(
        item,
        state=known.state,
        provider_id=receipt.provider_id,
        error=known.error,
        next_attempt_at=None,
        give_up_at=None,
    )
    # Somebody may have taken this process for dead: what the provider said is better than unknown.
    was_given_up = replace(item, state="unknown")
    for was in (item, was_given_up):
        if await uow.outbox.change(was, becomes):
            return becomes
    return None


def _furthest(one: ReceiptUpdate, other: ReceiptUpdate) -> ReceiptUpdate:
    return max(one, other, key=lambda update: ORDER.index(update.state))
