"""Sending one item of the outbox, and what follows from what its provider says, or does not say.

An item is marked `sending` before its provider hears of it. Whoever finds that mark and nobody
behind it knows that the message may have arrived.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot import metrics
from bot.attempts import (
    BASE_SECONDS,
    TRY_FOR,
    answer_lost,
    backoff,
    dead,
    held,
    looked_again,
    never_arrived,
    next_part,
    opted_out,
    part_sent,
    taken,
    tried_again,
    waits,
)
from bot.clock import now
from bot.errors import AnswerLost, NotNow, Refused, SendFailed
from bot.events import Event
from bot.lease import kept, lease_end
from bot.messages import (
    Connector,
    OutboundMessage,
    PartingConnector,
    Receipt,
    ReconcilingConnector,
)
from bot.receipts import LONGEST_ERROR, delivery_changed, settle, told_already
from bot.records import OutboxItem
from bot.services import Services

log = logging.getLogger(__name__)

_KINDS = {Refused: "refused", NotNow: "not_now", AnswerLost: "answer_lost"}
LONGEST_ANSWER_SECONDS = 60.0  # connectors give up earlier; this is for one that does not


async def take(services: Services, item: OutboxItem) -> OutboxItem | None:
    """The item with the intent to send it now written down; None when another process was first, or
    its address asked for no more messages."""
    intended = taken(item)
    async with services.database.write() as uow:
        if await uow.opt_outs.since(item.channel, item.address) is None:
            return intended if await uow.outbox.claim(item, intended) else None
        dropped = opted_out(item)
        was_first = await uow.outbox.claim(item, dropped)
    if was_first:
        await services.bus.publish(delivery_changed(dropped))
    return None


def parts_of(connector: Connector, outbound: OutboundMessage) -> Sequence[OutboundMessage]:
    """The message as its provider takes it."""
    return connector.parts(outbound) if isinstance(connector, PartingConnector) else (outbound,)


async def send(
    services: Services, connector: Connector, item: OutboxItem, outbound: OutboundMessage
) -> None:
    """Send a taken item, and write down what became of it."""
    if item.next_attempt_at is None or item.next_attempt_at <= now():
        return  # this process stood still: by now another may be sending it
    try:
        async with kept(partial(_renew, services, item)):
            parts = parts_of(connector, outbound)
            while True:
                if item.parts_sent == len(parts) and item.provider_id is not None:
                    receipt = Receipt("sent", item.provider_id)  # the last was found to be there
                    break
                part = parts[item.parts_sent]
                receipt = await asyncio.wait_for(connector.send(part), LONGEST_ANSWER_SECONDS)
                if receipt.state == "held" or part is parts[-1]:
                    break
                # Written down, so that a part is not repeated whatever becomes of the next.
                sent = part_sent(item)
                async with services.database.write() as uow:
                    if not await uow.outbox.keep_part(item, sent.parts_sent):
                        return
                    stopped = await uow.opt_outs.since(item.channel, item.address) is not None
                item = sent
                wait = await services.limits.take(item.channel, connector.limit)
                if stopped or wait > 0:
                    rest = opted_out(item) if stopped else waits(item, seconds=wait)
                    await _become(services, item, rest)
                    return
    except Exception as error:
        await _failed(services, connector, item, error)
        return
    if receipt.state == "held":
        await _hold(services, item, receipt.reason, outbound.heard_at)
        data = {"channel": item.channel, "address": item.address}
        await services.bus.publish(Event("held", item.conversation_id, data))
        return
    async with services.database.write() as uow:
        accepted = await settle(uow, item, receipt)
    if accepted:
        _count(item, "sent")
        await services.bus.publish(delivery_changed(accepted))


async def _hold(
    services: Services, item: OutboxItem, reason: str | None, heard_at: datetime | None
) -> None:
    """Keep it until its customer comes back or writes, unless they have written since it was read:
    whoever took that in found nothing held yet."""
    becomes = held(item, reason)
    async with services.database.write() as uow:
        if reason is not None:
            await uow.conversations.lock(item.conversation_id)  # as whoever takes a message in
            here = [(item.channel, item.address)]
            said = await uow.messages.last_from(item.conversation_id, here)
            if said is not None and (heard_at is None or said.created_at > heard_at):
                becomes = replace(becomes, next_attempt_at=now())
        changed = await uow.outbox.change(item, becomes)
    if changed:
        _count(item, "held")
        await services.bus.publish(delivery_changed(becomes))


async def _failed(
    services: Services, connector: Connector, item: OutboxItem, error: Exception
) -> None:
    code = _code(error)
    _count_error(item, error)
    log.warning(
        "send_failed channel=%s message_id=%s error=%s", item.channel, item.message_id, code
    )
    if isinstance(error, Refused):
        await _become(services, item, dead(item, code), outcome="refused")
    elif isinstance(error, NotNow):
        seconds = max(await _told_to_wait(services, item, error), backoff(item.attempts))
        await _become(services, item, tried_again(item, code, seconds=seconds))
    else:
        await _become(services, item, answer_lost(connector, item, code))


async def abandoned(services: Services, connector: Connector, item: OutboxItem) -> None:
    """Who was sending this item is gone, and its lease has run out."""
    code = "sender_died"
    if connector.repeatable:
        becomes = tried_again(item, code, seconds=0)  # the channel did nothing wrong
    else:
        becomes = answer_lost(connector, item, code)
    async with services.database.write() as uow:
        found = await uow.outbox.claim(item, becomes)
        if found:
            becomes = await told_already(uow, becomes)
    if found:
        log.warning("send_abandoned channel=%s message_id=%s", item.channel, item.message_id)
        _count(item, becomes.state)
        await _tell_if_given_up(services, becomes)


async def look(
    services: Services,
    connector: ReconcilingConnector,
    item: OutboxItem,
    outbound: OutboundMessage,
) -> None:
    """Ask the provider what became of an unknown item."""
    looking = replace(item, next_attempt_at=lease_end())
    async with services.database.write() as uow:
        if not await uow.outbox.claim(item, looking):
            return
    try:
        parts = parts_of(connector, outbound)
        part = parts[looking.parts_sent]
        async with kept(partial(_renew, services, looking)):
            receipt = await asyncio.wait_for(connector.look(part), LONGEST_ANSWER_SECONDS)
    except Exception as error:
        _count_error(item, error)
        log.warning(
            "look_failed channel=%s message_id=%s error=%s",
            item.channel,
            item.message_id,
            _code(error),
        )
        told = await _told_to_wait(services, item, error) if isinstance(error, NotNow) else 0.0
        later = looked_again(looking, least_seconds=told)
        await _become(services, looking, later, outcome="look_failed")
        return
    if receipt is None:
        await _become(services, looking, never_arrived(looking), outcome="never_arrived")
        return
    if part is not parts[-1]:
        await _become(services, looking, next_part(looking), outcome="found")
        return
    async with services.database.write() as uow:
        other = await uow.outbox.by_provider_id(item.channel, receipt.provider_id or "")
        mistaken = other is not None and other.id != item.id
        found = None if mistaken else await settle(uow, looking, receipt)
    if mistaken:
        # Where a provider is searched by words, an equal text that was sent before looks the same.
        await _become(services, looking, looked_again(looking, least_seconds=0), outcome="mistaken")
    elif found:
        _count(item, "found")
        await services.bus.publish(delivery_changed(found))


async def _told_to_wait(services: Services, item: OutboxItem, error: NotNow) -> float:
    """The seconds the provider wants; the whole channel pauses for them when it says so."""
    seconds = min(error.retry_after or 0.0, TRY_FOR.total_seconds())
    if error.whole_channel:
        await services.limits.pause(item.channel, seconds or BASE_SECONDS)
    return seconds


async def _become(
    services: Services, item: OutboxItem, becomes: OutboxItem, *, outcome: str | None = None
) -> None:
    """Write it, unless the item is no longer ours, and count it under its new state or outcome."""
    async with services.database.write() as uow:
        changed = await uow.outbox.change(item, becomes)
        if changed and item.state == "sending":
            becomes = await told_already(uow, becomes)
    if changed:
        _count(item, outcome or becomes.state)
        await services.bus.publish(delivery_changed(becomes))
        await _tell_if_given_up(services, becomes)


async def _tell_if_given_up(services: Services, item: OutboxItem) -> None:
    if item.state in ("dead", "unknown"):
        await services.bus.publish(Event("dead_letter", item.conversation_id))


async def _renew(services: Services, item: OutboxItem, until: datetime) -> None:
    async with services.database.write() as uow:
        await uow.outbox.renew(item, until=until)


def _code(error: Exception) -> str:
    return (error.code if isinstance(error, SendFailed) else type(error).__name__)[:LONGEST_ERROR]


def _count_error(item: OutboxItem, error: Exception) -> None:
    """By what it means: of providers' own codes there are thousands."""
    kind = next((name for known, name in _KINDS.items() if isinstance(error, known)), "error")
    metrics.provider_errors.labels(channel=item.channel, kind=kind).inc()


def _count(item: OutboxItem, outcome: str) -> None:
    metrics.sends.labels(channel=item.channel, outcome=outcome).inc()
